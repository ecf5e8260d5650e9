"""How does a wrong answer differ from the right one, in one sentence?

It is only said where it is true on every case that is compared; the simplest relation comes first (`relations`).
"""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from ..answers import Answer, apart
from ..rules.arrays import Arrays, Named
from .relations import Pair, listed, relation

MAX_PARTS = 4  # whose orders are tried


def difference(answers: Sequence[Answer]) -> str | None:
    """One sentence on how the answers differ from the right ones; None where all are right or nothing simple holds.

    Only arrays are compared, alone, in a tuple or in a dict: not draws, not figures, not one of many right answers.
    What holds on every case comes before what holds on those that are wrong.
    """
    answers = [answer for answer in answers if answer.determined and isinstance(answer.rule, (Arrays, Named))]
    wrong = [answer for answer in answers if answer.wrong]
    if not wrong:
        return None
    with np.errstate(all="ignore"):  # infinities may come back
        if says := _difference(answers):
            return f"{says}."
        says = _difference(wrong) if len(wrong) < len(answers) else None
        return f"On the cases that are wrong: {says[0].lower()}{says[1:]}." if says else None


def _difference(answers: Sequence[Answer]) -> str | None:
    if order := _other_order(answers):
        return f"The values are right, but in another order: {listed(order)} came back"
    paired = [pairs_of(answer) for answer in answers]
    if not all(paired):
        return None  # another kind of result, or too few parts: the check itself says so
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


def pairs_of(answer: Answer) -> list[Pair]:
    """The parts of an answer, each beside the right one; none where it has other parts."""
    values, truths = apart(answer.rule, answer.value), apart(answer.rule, answer.expected)
    parts = answer.rule.parts if isinstance(answer.rule, (Arrays, Named)) and values else ()
    return [
        Pair(part, value, np.asarray(truth, float), answer.given, answer.case, answer.visible)
        for part, value, truth in zip(parts, values, truths, strict=False)
    ]


def _other_order(answers: Sequence[Answer]) -> list[str] | None:
    """The names of the parts as they came back, if there is one other order in which they would be right."""
    rule = answers[0].rule
    if not isinstance(rule, Arrays) or not 1 < len(rule.parts) <= MAX_PARTS or any(one.rule != rule for one in answers):
        return None
    parted = [apart(rule, answer.value) for answer in answers]
    orders = [
        order
        for order in permutations(range(len(rule.parts)))
        if all(
            values and rule.compare(tuple(values[i] for i in order), answer.expected) is None
            for values, answer in zip(parted, answers, strict=True)
        )
    ]
    return [rule.parts[orders[0].index(i)].name for i in range(len(rule.parts))] if len(orders) == 1 else None
