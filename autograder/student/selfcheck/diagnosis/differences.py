"""Describe in one sentence how a wrong answer differs from the right one.

The sentence is given only if it is true on every compared case. The simplest relation is tried first (`relations`).
"""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from ..rules.arrays import Arrays, Named, apart
from ..trial import Trial
from ..words import listed
from .pairs import Pair
from .relations import relation

MAX_PARTS = 4  # with more parts, other orders are not tried


def difference(trials: Sequence[Trial]) -> str | None:
    """One sentence on how the returned values differ from the right ones. None if all are right, or no relation holds.

    Only arrays are compared, alone, in a tuple or in a dict; draws, figures and questions with many right answers are
    not. A relation that holds on every case comes before a relation that holds only on the wrong cases.
    """
    determined = [trial for trial in trials if trial.returned and trial.determined]
    trials = [trial for trial in determined if isinstance(trial.rule, (Arrays, Named))]
    wrong = [trial for trial in trials if trial.wrong]
    if not wrong:
        return None
    with np.errstate(all="ignore"):  # the values may be infinite
        if says := _difference(trials):
            return f"{says}."
        says = _difference(wrong) if len(wrong) < len(trials) else None
        return f"On the cases that are wrong: {says[0].lower()}{says[1:]}." if says else None


def _difference(trials: Sequence[Trial]) -> str | None:
    if order := _other_order(trials):
        return f"The values are right, but in another order: {listed(order)} came back"
    paired = [pairs_of(trial) for trial in trials]
    if not all(paired):
        return None  # the wrong kind of result, or too few parts: the check's message says so
    parts: dict[str, list[Pair]] = {}
    for pair in (pair for pairs in paired for pair in pairs):
        parts.setdefault(pair.part.name, []).append(pair)
    wrong = [name for name, pairs in parts.items() if any(pair.wrong for pair in pairs)]
    right = [name for name in parts if name not in wrong]
    together: dict[str, list[str]] = {}
    for name in wrong:
        together.setdefault(relation(parts[name]) or "wrong", []).append(name)
    if [*together] == ["wrong"]:
        return f"Right: {listed(right)}; wrong: {listed(wrong)}" if right else None
    if len(parts) == 1:
        [says] = together
        return f"{says[0].upper()}{says[1:]}"
    clauses = [f"{listed(names)}: {says}" for says, names in together.items()]
    return "; ".join([*clauses, f"{listed(right)}: right"] if right else clauses)


def pairs_of(trial: Trial) -> list[Pair]:
    """The parts of a value, each paired with the right one; empty if the value has other parts."""
    values, truths = apart(trial.rule, trial.value), apart(trial.rule, trial.expected)
    parts = trial.rule.parts if isinstance(trial.rule, (Arrays, Named)) and values else ()
    return [
        Pair(part, value, np.asarray(truth, float), trial.arguments, trial.case, trial.visible)
        for part, value, truth in zip(parts, values, truths, strict=False)
    ]


def _other_order(trials: Sequence[Trial]) -> list[str] | None:
    """The names of the parts in the returned order, if exactly one other order would make them right."""
    rule = trials[0].rule
    if (
        not isinstance(rule, Arrays)
        or not 1 < len(rule.parts) <= MAX_PARTS
        or any(trial.rule != rule for trial in trials)
    ):
        return None
    parted = [apart(rule, trial.value) for trial in trials]
    orders = [
        order
        for order in permutations(range(len(rule.parts)))
        if all(
            values and rule.compare(tuple(values[i] for i in order), trial.expected) is None
            for values, trial in zip(parted, trials, strict=True)
        )
    ]
    return [rule.parts[orders[0].index(i)].name for i in range(len(rule.parts))] if len(orders) == 1 else None
