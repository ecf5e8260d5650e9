"""Whether a function uses a PRNG key twice.

The program that JAX traces is walked through (`walk`), and each key that a draw or a split consumes is noted by its
bits. So it does not matter which way a key took: batched by `vmap`, sliced, carried along, folded in, kept as plain
numbers. A function that cannot be traced (Python branches on draws, NumPy) is run instead, and watched.

Only what is certain is told. A draw that the result does not depend on, two draws of which a condition takes one, keys
that depend on earlier draws, and whatever the walk does not know or has no time for: nothing is said of them.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from .walk import OutOfTime, Value, Walk, constant, join, same, together


def reuses(function: Callable[[Any], Any], key: Any) -> bool:
    """Whether it is certain that the result holds draws of which two consumed the same key."""
    try:
        try:
            return _traced(function, key)
        except Exception:  # it cannot be traced, or not be walked through
            return _watched(function, key)
    except (Exception, OutOfTime):
        return False


def _traced(function: Callable[[Any], Any], key: Any) -> bool:
    import jax

    program = jax.make_jaxpr(
        lambda one: [leaf for leaf in jax.tree.leaves(function(one)) if isinstance(leaf, jax.Array)]
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
    """JAX's plain evaluation, each step of which is walked as well."""
    import jax
    from jax.extend.core import set_current_trace

    seen: dict[int, tuple[Any, Value]] = {}  # with the arrays, so that their numbers are not given to others

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
                for array, one in zip(results, walked, strict=True):
                    seen[id(array)] = (array, Value(one.make or partial(same, array), one.uses, one.apart))
                return given

    return Watching()
