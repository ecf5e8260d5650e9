"""Compile a student's function: JAX runs its code once for arguments of the same form, whichever probe calls it.

The form of arguments is everything about them but the numbers in their arrays.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

MOST_OPERATIONS = 5_000  # of a sampler that is compiled: a longer program has unrolled loops, and compiling takes long
FEW = 2, 3  # numbers of draws; a program for the one is longer than for the other if a Python loop makes the draws

_version: ContextVar[Hashable] = ContextVar("_version", default=None)


@contextmanager
def version(name: Hashable) -> Iterator[None]:
    """Compile a function anew within this context, if it was compiled in that of another name.

    The same function may behave differently later, because a function that it calls has been written again.
    """
    token = _version.set(name)
    try:
        yield
    finally:
        _version.reset(token)


def drawn(function: Callable[..., Any], given: tuple[Any, ...], axes: tuple[int | None, ...]) -> Any:
    """Call the compiled function under `jax.vmap`, over the arguments that have an axis."""
    numbers, form = _taken_apart(given)
    along = [axis for item, axis in zip(given, axes, strict=True) for _ in _taken_apart(item)[0]]
    return _batched(function, form, tuple(along), _version.get())(*numbers)


def called(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Call the compiled function."""
    numbers, form = _taken_apart(given)
    return _traced_once(function, form, _version.get())(*numbers)


def walks(function: Callable[..., Any], state: int, times: int) -> Callable[..., Any]:
    """A compiled function of keys and of a kernel's other arguments: it applies the kernel many times under each key.

    Args:
        function: the kernel.
        state: the position of the argument that the kernel updates and returns.
        times: the number of steps.
    """
    return _walks(function, state, times, _version.get())


def simulated(program: Any, args: tuple[Any, ...]) -> Callable[..., Any]:
    """A compiled function of keys: it returns the choices of a GenJAX program under each key."""
    return _simulated(program, args, _version.get())


def compact(function: Callable[..., Any], key: Any, rest: list[Any]) -> bool:
    """Whether JAX can compile a sampler to a short program, however many draws its last argument asks for."""
    try:
        known = _known(function, _version.get())
    except TypeError:  # an object that cannot be a key of the cache
        return False
    if not known:
        known.append(_is_compact(function, key, rest))
    return known[0]


def arrays(value: Any) -> Any:
    """Do the same as `plain` for a value that JAX is tracing."""
    import jax.numpy as jnp

    if isinstance(value, Mapping):
        return {name: arrays(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = tuple(map(arrays, value))
        flat = not any(isinstance(item, (dict, tuple)) for item in items)
        return jnp.stack(items) if items and flat and len({item.shape for item in items}) == 1 else items
    return jnp.asarray(value)


@lru_cache(maxsize=64)
def _batched(
    function: Callable[..., Any], form: Hashable, along: tuple[int | None, ...], version: Hashable
) -> Callable[..., Any]:
    import jax

    return jax.jit(jax.vmap(_traced_once(function, form, version), along))


@lru_cache(maxsize=64)
def _traced_once(function: Callable[..., Any], form: Any, version: Hashable) -> Callable[..., Any]:
    """The function of the arrays in its arguments."""
    import jax

    tree, leaves = form

    def call(*numbers: Any) -> Any:
        left = iter(numbers)
        given = [next(left) if kind is jax.Array else leaf for kind, leaf in leaves]
        return arrays(function(*jax.tree.unflatten(tree, given)))

    return jax.jit(call)


def _taken_apart(given: Any) -> tuple[list[Any], Any]:
    """The arrays in arguments, and the form of the arguments."""
    import jax

    leaves, tree = jax.tree.flatten(given)
    numbers = [leaf for leaf in leaves if isinstance(leaf, jax.Array)]
    others = tuple((jax.Array, None) if isinstance(leaf, jax.Array) else (type(leaf), leaf) for leaf in leaves)
    return numbers, (tree, others)


@lru_cache(maxsize=16)
def _walks(function: Callable[..., Any], state: int, times: int, version: Hashable) -> Callable[..., Any]:
    import jax

    def walk(key: Any, *rest: Any) -> Any:
        start = rest[state - 1]

        def step(current: Any, key: Any) -> tuple[Any, None]:
            moved = function(key, *rest[: state - 1], current, *rest[state:])
            return arrays(moved).astype(start.dtype), None

        return jax.lax.scan(step, start, jax.random.split(key, times))[0]

    return jax.jit(lambda keys, *rest: jax.vmap(lambda key: walk(key, *rest))(keys))


@lru_cache(maxsize=16)
def _simulated(program: Any, args: tuple[Any, ...], version: Hashable) -> Callable[..., Any]:
    import jax
    from genjax import seed

    # The arguments are closed over: JAX would trace a number of observations that is passed as an argument.
    return jax.jit(jax.vmap(lambda key: seed(lambda: program.simulate(*args))(key).get_choices()))


@lru_cache(maxsize=64)
def _known(function: Callable[..., Any], version: Hashable) -> list[bool]:
    """A place for the result of `_is_compact`, which does not depend on the arguments."""
    return []


def _is_compact(function: Callable[..., Any], key: Any, rest: list[Any]) -> bool:
    import jax

    if not isinstance(rest[-1], int):
        return False
    lengths = []
    for draws in FEW:
        numbers, form = _taken_apart((key, *rest[:-1], draws))
        try:
            program = jax.make_jaxpr(_traced_once(function, form, _version.get()))(*numbers)
            lengths.append(_operations(program.jaxpr))
        except Exception:  # the function cannot be traced: its own errors come from the call
            return False
        if lengths[-1] > MOST_OPERATIONS:
            return False
    return len(set(lengths)) == 1


def _operations(program: Any) -> int:
    """The number of operations of a program, with those in its loops and branches."""
    inner = (part for operation in program.eqns for value in operation.params.values() for part in _inner(value))
    return len(program.eqns) + sum(map(_operations, inner))


def _inner(value: Any) -> Iterator[Any]:
    """The programs in a parameter of an operation: the body of a loop, the branches of a condition."""
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _inner(item)
    elif hasattr(value, "eqns"):
        yield value
    elif hasattr(value, "jaxpr"):
        yield value.jaxpr
