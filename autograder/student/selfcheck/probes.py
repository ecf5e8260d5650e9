"""Probes: ways to try a student's function. Call it once, call it under many keys, or run it as a GenJAX program.

A probe runs in the student's process, in the notebook and while grading, and returns plain arrays. It batches draws
with `jax.vmap` if the function allows it. If not (NumPy, Python branches on values), it calls the function in a loop,
with fewer keys: the false-fail rate stays the same, and the power against mistakes is a little lower.

Calls with arguments of the same shapes share a compiled program: the cases of an exercise, and the check of its keys.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from . import figures, keys
from .values import Plain, argument, plain

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


@dataclass(frozen=True)
class Call:
    """Call the function once."""

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        returned = function(*map(argument, args))
        value = plain(returned)
        figures.close(returned)
        return value


@dataclass(frozen=True)
class UpToConstant:
    """Call the function once, and subtract the first number of its array from all: a constant may be added to them."""

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        value = CALL(function, args)
        if not isinstance(value, np.ndarray) or not value.size or not np.isfinite(value.ravel()[0]):
            return value
        value = value.astype(np.float64)
        return value - value.ravel()[0]


@dataclass(frozen=True)
class Draws:
    """Call a function under many distinct keys. The draws are returned along a new first axis.

    Attributes:
        count: the number of draws.
        looped: the most draws if the function cannot be batched.
        mapped: the positions of arguments with one row for each draw. If there are any, their length is the number of
            draws.
    """

    count: int = 4000
    looped: int = 400
    mapped: tuple[int, ...] = ()

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        import jax

        key, *rest = map(argument, args)
        count = len(rest[self.mapped[0] - 1]) if self.mapped else self.count
        given = (jax.random.split(key, count), *rest)
        axes = tuple(0 if i == 0 or i in self.mapped else None for i in range(len(args)))

        def draw(row: int) -> Plain:
            mapped = zip(given, axes, strict=True)
            return plain(function(*(item if axis is None else item[row] for item, axis in mapped)))

        rows = range(min(self.looped, count))
        return _batched_or(lambda: plain(_drawn(function, given, axes)), lambda: stack(map(draw, rows)))


@dataclass(frozen=True)
class Chains:
    """Call a sampler under a few distinct keys. The chains are returned along a new first axis.

    The last argument is the number of draws. A sampler in JAX is compiled, unless a Python loop makes its draws.
    """

    count: int = 4

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        import jax

        key, *rest = map(argument, args)
        keys = jax.random.split(key, self.count)
        return _batched_or(lambda: _together(function, keys, rest), lambda: _in_turn(function, keys, rest))


@dataclass(frozen=True)
class Sample:
    """Call a function that returns many draws, once. The last argument is the number of draws.

    A function in JAX is compiled, and called under several keys like `Chains` and `Keys` do, unless a Python loop makes
    its draws.
    """

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        import jax
        import jax.numpy as jnp

        key, *rest = map(argument, args)
        if not _compact(function, key, rest):
            return CALL(function, args)
        keys = jnp.concatenate([key[None], jax.random.split(key, Chains.count - 1)])
        return _batched_or(
            lambda: plain(jax.tree.map(lambda array: array[0], _drawn(function, (keys, *rest), _by_key(rest)))),
            lambda: CALL(function, args),
        )


@dataclass(frozen=True)
class Steps:
    """Apply a kernel many times from a fixed start, under many distinct keys. Returns the last states, (count, ...).

    Attributes:
        state: the position of the argument that the kernel updates and returns.
        times: the number of steps.
        count: the number of keys.
        looped: the number of keys if the kernel cannot be batched.
    """

    state: int
    times: int = 50
    count: int = 200
    looped: int = 16

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        import jax

        key, *rest = map(argument, args)

        def end(key: Any) -> Plain:
            state = rest[self.state - 1]
            for k in jax.random.split(key, self.times):
                state = jax.numpy.asarray(plain(function(k, *rest[: self.state - 1], state, *rest[self.state :])))
            return plain(state)

        return _batched_or(
            lambda: plain(
                _walks(function, self.state, self.times, _version.get())(jax.random.split(key, self.count), *rest)
            ),
            lambda: stack(map(end, jax.random.split(key, self.looped))),
        )


@dataclass(frozen=True)
class Keys:
    """Find out how a function uses its key: call it twice with the same key and with other keys, and look for reuse.

    Attributes:
        others: the number of other keys.
        batch: the number of calls, if it shall be that of `Draws`, so that they share a program. Only the first count.
        short: the last argument is the number of draws; where a Python loop makes them, and to look for reuse, it is
            replaced by this number.
    """

    others: int = 2
    batch: int = 0
    short: int | None = None

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        key, *rest = map(argument, args)
        few = rest if self.short is None else [*rest[:-1], self.short]
        draws = self._draws(function, key, rest, few)
        if not isinstance(draws, dict):
            draws = {"result": draws}

        def compiled(traced: Any) -> Any:
            arrays, form = _taken_apart((traced, *few))
            return _traced_once(function, form, _version.get())(*arrays)

        return {
            "first": _rows(draws, 0),
            "again": _rows(draws, 1),
            "others": _rows(draws, slice(2, 2 + self.others)),
            "reused": np.asarray(keys.reuses(lambda traced: function(traced, *few), key, compiled)),
        }

    def _draws(self, function: Callable[..., Any], key: Any, rest: list[Any], few: list[Any]) -> Plain:
        import jax
        import jax.numpy as jnp

        tried = jnp.concatenate([jnp.stack([key, key]), jax.random.split(key, self.others)])
        if self.short is not None:
            given = rest if _compact(function, key, rest) else few
            return _batched_or(lambda: _together(function, tried, given), lambda: _in_turn(function, tried, few))
        filled = jnp.concatenate([tried, jax.random.split(key, self.batch)])[: max(self.batch, len(tried))]
        return _batched_or(
            lambda: plain(_drawn(function, (filled, *rest), _by_key(rest))), lambda: _in_turn(function, tried, rest)
        )


@dataclass(frozen=True)
class Assess:
    """Compute the log density of given choices under a GenJAX program.

    The arguments are a dict of choices, and then the arguments of the program.
    """

    def __call__(self, function: Any, args: tuple[Any, ...]) -> Plain:
        choices, *rest = map(argument, args)
        _must_be_a_program(function)
        choices = _Watched(choices)
        problem = None
        try:
            value = plain(function.assess(choices, *rest)[0])
        except Exception as error:
            value, problem = None, error
        # A program with other addresses asks for choices that do not exist, or does not ask for all of them.
        if problem or choices.asked != set(choices):
            addresses = _addresses(function, rest)
            if addresses != sorted(choices):
                problem = ValueError(
                    f"the addresses are {', '.join(addresses) or 'none'}; expected {', '.join(sorted(choices))}"
                )
        if problem:
            raise problem
        return value


@dataclass(frozen=True)
class Simulate:
    """Run a GenJAX program many times. Its choices are returned, each along a new first axis."""

    count: int = 2000

    def __call__(self, function: Any, args: tuple[Any, ...]) -> Plain:
        import jax

        key, *rest = args
        _must_be_a_program(function)
        return plain(_simulated(function, tuple(rest), _version.get())(jax.random.split(argument(key), self.count)))


type Probe = Call | UpToConstant | Draws | Chains | Sample | Steps | Keys | Assess | Simulate
PROBES: dict[str, type] = {probe.__name__: probe for probe in Probe.__value__.__args__}
CALL = Call()


def stack(values: Iterable[Plain]) -> Plain:
    """Stack several results along a new first axis. Results that differ in kind or shape become a tuple."""
    values = tuple(values)
    dicts = [value for value in values if isinstance(value, dict)]
    if len(dicts) == len(values) and len({frozenset(value) for value in dicts}) == 1:
        return {name: stack(value[name] for value in dicts) for name in dicts[0]}
    tuples = [value for value in values if isinstance(value, tuple)]
    if len(tuples) == len(values) and len({len(value) for value in tuples}) == 1:
        return tuple(map(stack, zip(*tuples, strict=True)))
    return plain(values)


def _batched_or(batched: Callable[[], Plain], looped: Callable[[], Plain]) -> Plain:
    """The batched result. If batching raises an error, the result of the loop: its errors are the function's own.

    Raises:
        NotImplementedError: the function is not written yet.
    """
    try:
        return batched()
    except NotImplementedError:
        raise
    except Exception:
        return looped()


def _together(function: Callable[..., Any], keys: Any, rest: list[Any]) -> Plain:
    """Call a sampler under `jax.vmap` over its keys; compiled, unless JAX would unroll a Python loop."""
    import jax

    if _compact(function, keys[0], rest):
        return plain(_drawn(function, (keys, *rest), _by_key(rest)))
    return plain(jax.vmap(lambda key: _arrays(function(key, *rest)))(keys))


def _in_turn(function: Callable[..., Any], keys: Any, rest: list[Any]) -> Plain:
    return stack(plain(function(key, *rest)) for key in keys)


def _by_key(rest: list[Any]) -> tuple[int | None, ...]:
    """The axes for `_drawn` if only the key differs between the calls."""
    return (0, *(None for _ in rest))


def _drawn(function: Callable[..., Any], given: tuple[Any, ...], axes: tuple[int | None, ...]) -> Any:
    """Call the compiled function under `jax.vmap`, over the arguments that have an axis."""
    arrays, form = _taken_apart(given)
    along = [axis for item, axis in zip(given, axes, strict=True) for _ in _taken_apart(item)[0]]
    return _batched(function, form, tuple(along), _version.get())(*arrays)


@lru_cache(maxsize=64)
def _batched(
    function: Callable[..., Any], form: Hashable, along: tuple[int | None, ...], version: Hashable
) -> Callable[..., Any]:
    import jax

    return jax.jit(jax.vmap(_traced_once(function, form, version), along))


@lru_cache(maxsize=64)
def _traced_once(function: Callable[..., Any], form: Any, version: Hashable) -> Callable[..., Any]:
    """The function of the arrays in its arguments. JAX runs its code once for arrays of the same shapes."""
    import jax

    tree, leaves = form

    def call(*arrays: Any) -> Any:
        left = iter(arrays)
        given = [next(left) if kind is jax.Array else leaf for kind, leaf in leaves]
        return _arrays(function(*jax.tree.unflatten(tree, given)))

    return jax.jit(call)


def _taken_apart(given: Any) -> tuple[list[Any], Any]:
    """The arrays in arguments, and everything else about them: a program is made for the one, called with the other."""
    import jax

    leaves, tree = jax.tree.flatten(given)
    arrays = [leaf for leaf in leaves if isinstance(leaf, jax.Array)]
    others = tuple((jax.Array, None) if isinstance(leaf, jax.Array) else (type(leaf), leaf) for leaf in leaves)
    return arrays, (tree, others)


def _compact(function: Callable[..., Any], key: Any, rest: list[Any]) -> bool:
    """Whether JAX can compile a sampler to a short program, however many draws its last argument asks for."""
    try:
        known = _known(function, _version.get())
        if not known:
            known.append(isinstance(rest[-1], int) and _is_compact(function, key, rest[:-1]))
        return known[0]
    except Exception:  # the function cannot be traced: its own errors come from the call
        return False


@lru_cache(maxsize=64)
def _known(function: Callable[..., Any], version: Hashable) -> list[bool]:
    """A place for what is known about a function."""
    return []


def _is_compact(function: Callable[..., Any], key: Any, rest: list[Any]) -> bool:
    import jax

    lengths = []
    for draws in FEW:
        arrays, form = _taken_apart((key, *rest, draws))
        program = jax.make_jaxpr(_traced_once(function, form, _version.get()))(*arrays)
        lengths.append(_operations(program.jaxpr))
        if lengths[-1] > MOST_OPERATIONS:
            return False
    return len(set(lengths)) == 1


def _operations(program: Any) -> int:
    """The number of operations of a program, with those in its loops and branches."""
    inner = (part for operation in program.eqns for value in operation.params.values() for part in _programs(value))
    return len(program.eqns) + sum(map(_operations, inner))


def _programs(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _programs(item)
    elif hasattr(value, "eqns"):
        yield value
    elif hasattr(value, "jaxpr"):
        yield value.jaxpr


@lru_cache(maxsize=16)
def _walks(function: Callable[..., Any], state: int, times: int, version: Hashable) -> Callable[..., Any]:
    import jax

    def walk(key: Any, *rest: Any) -> Any:
        start = rest[state - 1]

        def step(current: Any, key: Any) -> tuple[Any, None]:
            moved = function(key, *rest[: state - 1], current, *rest[state:])
            return _arrays(moved).astype(start.dtype), None

        return jax.lax.scan(step, start, jax.random.split(key, times))[0]

    return jax.jit(lambda keys, *rest: jax.vmap(lambda key: walk(key, *rest))(keys))


@lru_cache(maxsize=16)
def _simulated(program: Any, args: tuple[Any, ...], version: Hashable) -> Callable[..., Any]:
    import jax
    from genjax import seed

    # The arguments are closed over: JAX would trace a number of observations that is passed as an argument.
    return jax.jit(jax.vmap(lambda key: seed(lambda: program.simulate(*args))(key).get_choices()))


def _rows(draws: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    return {name: _at(draw, rows) for name, draw in draws.items()}


def _at(draws: Any, rows: Any) -> Any:
    if isinstance(draws, dict):
        return _rows(draws, rows)
    return np.asarray(draws[rows]) if isinstance(draws, np.ndarray) else draws[rows]


def _arrays(value: Any) -> Any:
    """Do the same as `plain` for a value that JAX is tracing."""
    import jax.numpy as jnp

    if isinstance(value, Mapping):
        return {name: _arrays(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = tuple(map(_arrays, value))
        arrays = not any(isinstance(item, (dict, tuple)) for item in items)
        return jnp.stack(items) if items and arrays and len({item.shape for item in items}) == 1 else items
    return jnp.asarray(value)


class _Watched(dict[str, Any]):
    """Choices that note which of them a program has read."""

    def __init__(self, choices: Mapping[str, Any]) -> None:
        super().__init__(choices)
        self.asked: set[str] = set()

    def __getitem__(self, address: str) -> Any:
        self.asked.add(address)
        return super().__getitem__(address)


def _must_be_a_program(function: Any) -> None:
    if not hasattr(function, "assess"):
        raise TypeError("it is not a GenJAX program: `@gen` is missing above its `def`")


def _addresses(function: Any, args: list[Any]) -> list[str]:
    import jax
    from genjax import seed

    choices = seed(lambda: function.simulate(*args))(jax.random.key(0)).get_choices()
    return sorted(choices) if isinstance(choices, dict) else []
