"""Go through a program that JAX has traced; note which keys it consumes and which values depend on which draws.

Values that depend on no draw are computed when a key or a condition needs them. Of a loop, only the first laps are
walked through.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np

LAPS = 3  # laps of a loop: a key that is the same in every lap is the same in the first ones
MAX_KEYS = 20_000  # the most keys that one draw may consume
MAX_PAIRS = 50  # the most pairs of uses of the same key that are followed
SECONDS = 10.0  # processor time for the whole walk
INNER = ("jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call")


class OutOfTime(BaseException):
    """The walk has used its time. It is no `Exception`, so that the student's function does not catch it."""


type Pair = tuple[int, int]  # the numbers of two uses that share a key; equal if one use has the same key twice


@dataclass(frozen=True)
class _Use:
    """A draw or a split that consumed keys, and the branch of each condition around it."""

    keys: frozenset[bytes]
    draws: bool
    branches: dict[int, int]


@dataclass(frozen=True, eq=False)
class Value:
    """A value of the program.

    Attributes:
        make: computes the value; None if it depends on a draw.
        uses: the uses on which it depends: bit n stands for use number n.
        apart: pairs of these uses such that each number in the value depends on at most one use of the pair.
    """

    make: Callable[[], Any] | None = None
    uses: int = 0
    apart: frozenset[Pair] = frozenset()

    def known(self) -> Any:
        """The array, or None if it is not known."""
        try:
            return self.make and self.make()
        except Exception:
            return None


def join(values: Sequence[Value]) -> Value:
    """A value that depends on all these values."""
    uses = 0
    for value in values:
        uses |= value.uses
    pairs = frozenset().union(*(value.apart for value in values))
    return Value(uses=uses, apart=frozenset(pair for pair in pairs if not together(pair, values)))


def together(pair: Pair, values: Sequence[Value]) -> bool:
    """Whether a number that depends on all these values depends on both uses of the pair."""
    first, second = (1 << number for number in pair)
    depending = [value for value in values if value.uses & (first | second)]
    both = any(value.uses & first for value in depending) and any(value.uses & second for value in depending)
    return both and not all(pair in value.apart for value in depending)


@dataclass(eq=False)
class Walk:
    """The state of a walk, which goes through a program equation by equation.

    Attributes:
        uses: the uses of keys so far.
        pairs: pairs of uses that share a key.
        parted: those pairs between which a condition has selected, number by number.
    """

    uses: list[_Use] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    parted: set[Pair] = field(default_factory=set)
    _users: dict[bytes, list[int]] = field(default_factory=dict)
    _branches: dict[int, int] = field(default_factory=dict)
    _conditions: int = 0
    _fresh: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    _started: float = field(default_factory=time.process_time)

    def through(self, program: Any, inputs: Sequence[Value]) -> list[Value]:
        """The results of a program for these inputs."""
        from jax.extend.core import Literal

        jaxpr = getattr(program, "jaxpr", program)
        values: dict[Any, Value] = dict(zip(jaxpr.invars, inputs, strict=True))
        values |= {
            name: constant(item) for name, item in zip(jaxpr.constvars, getattr(program, "consts", ()), strict=True)
        }

        def value(name: Any) -> Value:
            return constant(name.val) if isinstance(name, Literal) else values[name]

        for equation in jaxpr.eqns:
            forms = [name.aval for name in equation.outvars]
            results = self.equation(
                equation.primitive, equation.params, [value(name) for name in equation.invars], forms
            )
            values.update(zip(equation.outvars, results, strict=True))
        return [value(name) for name in jaxpr.outvars]

    def equation(self, primitive: Any, params: dict[str, Any], inputs: list[Value], forms: list[Any]) -> list[Value]:
        """The results of one equation; `forms` are their shapes and types."""
        if time.process_time() - self._started > SECONDS:
            raise OutOfTime
        match primitive.name:
            case "random_bits" | "random_gamma":
                return [join([*inputs, self._use(inputs[0], draws=True, batch=primitive.name == "random_bits")])]
            case "random_split":
                used = self._use(inputs[0], draws=False)
                return self._computed(primitive, params, [inputs[0]], forms, also=[used])
            case "random_fold_in":
                return self._computed(primitive, params, [inputs[0], _unlike_split(inputs[1])], forms)
            case "random_clone":  # the author of the code wants to use the key again
                return self._unknown(inputs, forms)
            case "select_n":
                chosen = self._chosen(inputs[1:])
                return self._computed(primitive, params, inputs, forms, instead=[inputs[0], chosen])
            case "scan":
                return self._scan(params, inputs, forms)
            case "while":
                return self._while(params, inputs, forms)
            case "cond":
                return self._cond(params, inputs, forms)
            case name if name in INNER:
                return self.through(params["jaxpr"] if "jaxpr" in params else params["call_jaxpr"], inputs)
        return self._computed(primitive, params, inputs, forms)

    def _use(self, keys: Value, *, draws: bool, batch: bool = False) -> Value:
        """Note that keys are consumed.

        Args:
            draws: the use is a draw, not a split.
            batch: the same key twice in `keys` is a mistake.
        """
        import jax

        array = keys.known()
        if array is None or array.size > MAX_KEYS:
            return Value()
        bits = np.asarray(jax.random.key_data(array)).reshape(array.size, -1)
        consumed = [row.tobytes() for row in bits]
        number, use = len(self.uses), _Use(frozenset(consumed), draws, dict(self._branches))
        self.uses.append(use)
        others = {other for key in use.keys for other in self._users.get(key, ()) if self._clash(use, self.uses[other])}
        twice = [(number, number)] if batch and len(use.keys) < len(consumed) else []
        self.pairs += [*((other, number) for other in sorted(others)), *twice][: MAX_PAIRS - len(self.pairs)]
        for key in use.keys:
            self._users.setdefault(key, []).append(number)
        return Value(uses=1 << number)

    def _clash(self, first: _Use, second: _Use) -> bool:
        """Whether two uses of the same key are a mistake.

        Two splits are none: they give the same parts, and the draws from these parts show the mistake. Uses in two
        branches of a condition are none either: only one branch is taken.
        """
        same = first.branches.keys() & second.branches.keys()
        return (first.draws or second.draws) and all(first.branches[at] == second.branches[at] for at in same)

    def _computed(
        self,
        primitive: Any,
        params: dict[str, Any],
        inputs: list[Value],
        forms: list[Any],
        *,
        also: Sequence[Value] = (),
        instead: Sequence[Value] = (),
    ) -> list[Value]:
        """The results of an operation, which are computed when they are needed, if the inputs are known.

        Args:
            also: further values on which the results depend.
            instead: the values on which the results depend, if these are not the inputs.
        """
        depends = [*(instead or inputs), *also]
        if "callback" in primitive.name or not all(value.make for value in inputs):
            return self._unknown(depends, forms)

        @cache
        def results() -> Any:
            given = primitive.bind(*(value.make() for value in inputs if value.make), **params)
            return given if primitive.multiple_results else [given]

        joined = join(depends)
        return [Value(partial(_item, results, i), joined.uses, joined.apart) for i in range(len(forms))]

    def _unknown(self, depends: Sequence[Value], forms: list[Any]) -> list[Value]:
        """Results that cannot be computed. Keys among them become new random keys, which equal only themselves."""
        import jax
        import jax.numpy as jnp

        joined, results = join(depends), []
        for form in forms:
            make = None
            if jnp.issubdtype(getattr(form, "dtype", bool), jax.dtypes.prng_key):
                data = self._fresh.integers(2**32, size=(*form.shape, 2), dtype=np.uint32)
                make = cache(partial(jax.random.wrap_key_data, jnp.asarray(data)))
            results.append(Value(make, joined.uses, joined.apart))
        return results

    def _chosen(self, cases: Sequence[Value]) -> Value:
        """A value that takes each of its numbers from one of these values."""
        joined = join(cases)
        parted = {pair for pair in self.pairs if _alternatives(pair, cases)}
        self.parted |= parted
        return Value(uses=joined.uses, apart=joined.apart | parted)

    def _scan(self, params: dict[str, Any], inputs: list[Value], forms: list[Any]) -> list[Value]:
        consts, carry, rows = _parts(params, inputs)
        length, laps = params["length"], []
        order = range(length)[::-1] if params["reverse"] else range(length)
        carried = [carry]
        for i in order[:LAPS]:
            results = self.through(params["jaxpr"], [*consts, *carry, *(_row(value, i) for value in rows)])
            carry, outputs = results[: len(carry)], results[len(carry) :]
            carried.append(carry)
            laps.append(outputs)
        columns = [list(column) for column in zip(*(laps[::-1] if params["reverse"] else laps), strict=True)]
        if 0 < length <= LAPS:
            return [*carry, *map(_stacked, columns)]
        depends = [*([state[i] for state in carried] for i in range(len(carry))), *(columns or [[]] * len(forms))]
        return [self._unknown(values, [form])[0] for values, form in zip(depends, forms, strict=False)]

    def _while(self, params: dict[str, Any], inputs: list[Value], forms: list[Any]) -> list[Value]:
        first, second = params["cond_nconsts"], params["cond_nconsts"] + params["body_nconsts"]
        state, seen, control = inputs[second:], [inputs[second:]], []
        for lap in range(LAPS):
            (goes,) = self.through(params["cond_jaxpr"], [*inputs[:first], *state])
            control.append(goes)
            going = goes.known()
            if going is not None and not going:
                return [_also(value, control) for value in state]
            if going is None and lap == LAPS - 1:
                break
            state = self.through(params["body_jaxpr"], [*inputs[first:second], *state])
            seen.append(state)
        depends = [[*control, *(state[i] for state in seen)] for i in range(len(forms))]
        return [self._unknown(values, [form])[0] for values, form in zip(depends, forms, strict=True)]

    def _cond(self, params: dict[str, Any], inputs: list[Value], forms: list[Any]) -> list[Value]:
        index, branches = inputs[0].known(), params["branches"]
        if index is not None:
            taken = branches[min(max(int(index), 0), len(branches) - 1)]
            return [_also(value, inputs[:1]) for value in self.through(taken, inputs[1:])]
        self._conditions += 1
        condition, before, results = self._conditions, self._branches, []
        for number, branch in enumerate(branches):
            self._branches = {**before, condition: number}
            results.append(self.through(branch, inputs[1:]))
        self._branches = before
        columns = zip(*results, strict=True)
        return [self._unknown([inputs[0], *values], [form])[0] for values, form in zip(columns, forms, strict=True)]


def constant(array: Any) -> Value:
    return Value(partial(same, array))


def same(array: Any) -> Any:
    return array


def _item(results: Callable[[], Any], i: int) -> Any:
    return results()[i]


def _unlike_split(data: Value) -> Value:
    """Change the number that is folded into a key.

    `fold_in(key, 1)` gives the same bits as `split(key)[1]`. An author cannot know this, so it is not a mistake.
    """
    return Value(data.make and partial(_plus_half, data.make), data.uses, data.apart)


def _plus_half(make: Callable[[], Any]) -> Any:
    return make() ^ np.uint32(2**31)


def _also(value: Value, others: Sequence[Value]) -> Value:
    joined = join([value, *others])
    return Value(value.make, joined.uses, joined.apart)


def _row(value: Value, i: int) -> Value:
    return Value(value.make and partial(_item, value.make, i), value.uses, value.apart)


def _stacked(values: list[Value]) -> Value:
    import jax.numpy as jnp

    joined = join(values)
    make = (
        (lambda: jnp.stack([value.make() for value in values if value.make])) if all(v.make for v in values) else None
    )
    return Value(make, joined.uses, joined.apart)


def _alternatives(pair: Pair, cases: Sequence[Value]) -> bool:
    """Whether some cases depend on one use of the pair, others on the other, and none on both."""
    first, second = (1 << number for number in pair)
    having = [(bool(case.uses & first), bool(case.uses & second)) for case in cases]
    return pair[0] != pair[1] and (True, True) not in having and (True, False) in having and (False, True) in having


def _parts(params: dict[str, Any], inputs: list[Value]) -> tuple[list[Value], list[Value], list[Value]]:
    """The inputs of a scan: constants, which are the same in every lap; carried values; values with a row per lap."""
    if "ft_in" in params:
        consts, carry, _ = (len(group) for group in params["ft_in"].unpack())
    else:
        consts, carry = params["num_consts"], params["num_carry"]
    return inputs[:consts], inputs[consts : consts + carry], inputs[consts + carry :]
