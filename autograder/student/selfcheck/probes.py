"""Probes: ways to try a student's function. Call it once, call it under many keys, or run it as a GenJAX program.

A probe runs in the student's process, in the notebook and while grading, and returns plain arrays. It batches draws
with `jax.vmap` if the function allows it. If not (NumPy, Python branches on values), it calls the function in a loop,
with fewer keys: the false-fail rate stays the same, and the power against mistakes is a little lower.

Calls with arguments of the same shapes share a compiled program (see `programs`): the cases of an exercise, and the
check of its keys.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import figures, keys, programs
from .values import Plain, argument, plain

CALLS = 4  # of a sampler: chains, samples and checks of keys have the same number, and so share a program


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
        return _batched_or(lambda: plain(programs.drawn(function, given, axes)), lambda: stack(map(draw, rows)))


@dataclass(frozen=True)
class Chains:
    """Call a sampler under a few distinct keys. The chains are returned along a new first axis.

    The last argument is the number of draws. A sampler in JAX is compiled, unless a Python loop makes its draws.
    """

    count: int = CALLS

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
        if not programs.compact(function, key, rest):
            return CALL(function, args)
        keys = jnp.concatenate([key[None], jax.random.split(key, CALLS - 1)])
        return _batched_or(
            lambda: plain(jax.tree.map(lambda array: array[0], programs.drawn(function, (keys, *rest), _by_key(rest)))),
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
            lambda: plain(programs.walks(function, self.state, self.times)(jax.random.split(key, self.count), *rest)),
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

    others: int = CALLS - 2
    batch: int = 0
    short: int | None = None

    def __call__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Plain:
        key, *rest = map(argument, args)
        few = rest if self.short is None else [*rest[:-1], self.short]
        draws = self._draws(function, key, rest, few)
        if not isinstance(draws, dict):
            draws = {"result": draws}

        return {
            "first": _rows(draws, 0),
            "again": _rows(draws, 1),
            "others": _rows(draws, slice(2, 2 + self.others)),
            "reused": np.asarray(
                keys.reuses(
                    lambda traced: function(traced, *few),
                    key,
                    lambda traced: programs.called(function, (traced, *few)),
                )
            ),
        }

    def _draws(self, function: Callable[..., Any], key: Any, rest: list[Any], few: list[Any]) -> Plain:
        import jax
        import jax.numpy as jnp

        tried = jnp.concatenate([jnp.stack([key, key]), jax.random.split(key, self.others)])
        if self.short is not None:
            given = rest if programs.compact(function, key, rest) else few
            return _batched_or(lambda: _together(function, tried, given), lambda: _in_turn(function, tried, few))
        filled = jnp.concatenate([tried, jax.random.split(key, self.batch)])[: max(self.batch, len(tried))]
        return _batched_or(
            lambda: plain(programs.drawn(function, (filled, *rest), _by_key(rest))),
            lambda: _in_turn(function, tried, rest),
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
        return plain(programs.simulated(function, tuple(rest))(jax.random.split(argument(key), self.count)))


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

    if programs.compact(function, keys[0], rest):
        return plain(programs.drawn(function, (keys, *rest), _by_key(rest)))
    return plain(jax.vmap(lambda key: programs.arrays(function(key, *rest)))(keys))


def _in_turn(function: Callable[..., Any], keys: Any, rest: list[Any]) -> Plain:
    return stack(plain(function(key, *rest)) for key in keys)


def _by_key(rest: list[Any]) -> tuple[int | None, ...]:
    """The axes for `_drawn` if only the key differs between the calls."""
    return (0, *(None for _ in rest))


def _rows(draws: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    return {name: _at(draw, rows) for name, draw in draws.items()}


def _at(draws: Any, rows: Any) -> Any:
    if isinstance(draws, dict):
        return _rows(draws, rows)
    return np.asarray(draws[rows]) if isinstance(draws, np.ndarray) else draws[rows]


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
