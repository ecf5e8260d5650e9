"""Find out whether a function uses a PRNG key twice.

JAX traces the function to a program, and `walk` goes through the program. It notes the bits of each key that a draw or
a split consumes. So it does not matter how a key got there: batched by `vmap`, sliced, carried through a loop, folded
in, or kept as plain numbers. A function that cannot be traced (NumPy, Python branches on draws) is run instead, and
each of its operations is noted in the same way.

Only certain cases are reported. Nothing is reported about a draw on which the result does not depend, two draws of
which a condition selects one, keys that depend on earlier draws, and operations that the walk does not know or has no
time for.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from .walk import OutOfTime, Value, Walk, constant, join, same, together


def reuses(function: Callable[[Any], Any], key: Any, compiled: Callable[[Any], Any] | None = None) -> bool:
    """Whether the result certainly depends on two draws that consumed the same key.

    Args:
        function: a function of a key.
        compiled: the same function, if JAX may have traced it before.
    """
    try:
        try:
            return _traced(compiled or function, key)
        except Exception:  # the function cannot be traced, or the walk does not know its program
            return _watched(function, key)
    except (Exception, OutOfTime):
        return False


def _traced(function: Callable[[Any], Any], key: Any) -> bool:
    import jax

    program = jax.make_jaxpr(
        lambda traced: [leaf for leaf in jax.tree.leaves(function(traced)) if isinstance(leaf, jax.Array)]
    )
    walk = Walk()
    results = join(walk.through(program(key), [Value(lambda: key)]))
    return any(together(pair, [results]) for pair in walk.pairs)


def _watched(function: Callable[[Any], Any], key: Any) -> bool:
    from jax.extend.core import set_current_trace, take_current_trace

    with take_current_trace() as plain:
        pass
    walk = Walk()
    with set_current_trace(_watching(plain, walk)):
        function(key)
    return bool(set(walk.pairs) - walk.parted)


def _watching(plain: Any, walk: Walk) -> Any:
    """A trace that evaluates like JAX's plain one, and also takes each operation through the walk."""
    import jax
    from jax.extend.core import set_current_trace

    seen: dict[int, tuple[Any, Value]] = {}  # holds the arrays too, so that Python does not reuse their ids

    def value(array: Any) -> Value:
        _, known = seen.get(id(array), (None, None))
        return known or constant(array)

    class Watching(type(plain)):
        def process_primitive(self, primitive: Any, args: Any, params: dict[str, Any], /) -> Any:
            with set_current_trace(plain):
                given = primitive.bind(*args, **params)
                results = given if primitive.multiple_results else [given]
                walked = walk.equation(
                    primitive, params, [value(item) for item in args], list(map(jax.typeof, results))
                )
                for array, found in zip(results, walked, strict=True):
                    seen[id(array)] = (array, Value(found.make or partial(same, array), found.uses, found.apart))
                return given

    return Watching()
