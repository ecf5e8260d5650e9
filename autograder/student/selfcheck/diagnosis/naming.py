"""Name the known mistake that explains a wrong answer. The notebook and the grader use the same function.

A mistake is recognised by its numbers. It explains an answer that has these numbers wherever they are finite: where the
mistake divides by 0, for example, a student's code may be guarded. If no mistake explains the whole answer, weaker
explanations are tried, in this order:

- An answer that is right on some cases is explained by the other cases.
- A guarded answer is explained if it is wrong exactly where the mistake gives no number.
- Two mistakes at once.

If several mistakes explain the same answer, none is named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Protocol

import numpy as np

from ..rules.arrays import Arrays, Named
from ..trial import Trial
from ..values import Plain
from .entries import Entries, Explained, entries, explained
from .two_samples import alike, identical

PLAIN = (0.0, 1.0)  # common numbers: if an answer and a mistake share them, this proves nothing
ENOUGH = 2  # each of two mistakes must explain at least this many numbers alone
SOME_CASES = "On the cases that are wrong"


type Gives = Callable[[Trial], Plain]  # the value of a mistake for a trial; None if it fails


class Mistake(Protocol):
    """A known mistake. `rounding` tells whether its wrong numbers are rounding errors."""

    @property
    def name(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def closer(self) -> str: ...
    @property
    def rounding(self) -> bool: ...


@dataclass(frozen=True)
class Anywhere:
    """A mistake that can be made in any exercise."""

    name: str
    says: str
    hint: str
    closer: str = ""
    rounding: bool = False


NOTHING_RETURNED = Anywhere(
    "nothing_returned",
    "The function returned nothing: None came back.",
    "What a function prints, or keeps in a variable of its own, is lost when it ends. What gives a value back?",
)


@dataclass(frozen=True)
class Naming[M: Mistake]:
    """The mistakes that together explain an answer. If they explain only a part, `where` names that part in words."""

    mistakes: tuple[M | Anywhere, ...]
    where: str = ""

    @property
    def name(self) -> str:
        return " + ".join(mistake.name for mistake in self.mistakes)

    @property
    def sentence(self) -> str:
        """The sentence for the student."""
        says = " And: ".join(f"{mistake.says} {mistake.hint}" for mistake in self.mistakes)
        if len(self.mistakes) > 1:
            return f"Two mistakes. {says}"
        return f"{self.where}, {_inside(says)}" if self.where else says

    @property
    def closer(self) -> tuple[str, ...]:
        """The closer hints for a student who makes the mistakes again."""
        return tuple(mistake.closer for mistake in self.mistakes if mistake.closer)


def name[M: Mistake](
    trials: Sequence[Trial],
    mistakes: Mapping[M, Sequence[Gives]],
    together: Mapping[tuple[M, M], Gives] = MappingProxyType({}),
) -> Naming[M] | None:
    """The mistake, or the two mistakes, that explain the returned values; None if none does, or several do.

    Args:
        trials: one trial for each case; only trials with a returned value count, right or wrong.
        mistakes: the known mistakes, each with its forms (ways to make it). The first form is the usual one.
        together: the values of two mistakes at once, if they are known.
    """
    trials = [trial for trial in trials if trial.returned]
    wrong = [trial for trial in trials if trial.wrong]
    if wrong and all(trial.value is None for trial in wrong):
        own = next((mistake for mistake in mistakes if mistake.name == NOTHING_RETURNED.name), NOTHING_RETURNED)
        return Naming((own,), SOME_CASES if len(wrong) < len(trials) else "")
    certain = [trial for trial in trials if trial.determined]
    if not certain:
        return _one(_alike(trials, mistakes) if wrong else [])
    if not any(trial.wrong for trial in certain):
        return None
    found = entries(certain)
    candidates = [((mistake,), its) for mistake in mistakes for its in _forms(certain, mistake, mistakes[mistake])]
    where = {_on_wrong_cases: SOME_CASES, _in_wrong_parts: f"In {' and '.join(_wrong_parts(certain, found))}"}
    for explains in (_everywhere, _where_defined, _on_wrong_cases, _in_wrong_parts, _only_undefined):
        if fitting := [names for names, its in candidates if explains(found, its)]:
            return _one(fitting, where.get(explains, ""))
    both = [(pair, explained(certain, [*map(gives, certain)])) for pair, gives in together.items()]
    if fitting := [pair for pair, its in both if _everywhere(found, its) or _where_defined(found, its)]:
        return _one(fitting)
    parts = [(names, its) for names, its in candidates if _a_part(found, its)]
    return _one(
        [
            (*first, *second)
            for (first, its), (second, others) in combinations(parts, 2)
            if first != second and _between_them(found, its, others)
        ]
    )


def _forms(trials: Sequence[Trial], mistake: Mistake, forms: Sequence[Gives]) -> Iterator[Explained]:
    """The values of each form of a mistake at the trials. Forms after the first must fit the first wrong trial."""
    test = next(trial for trial in trials if trial.wrong)
    for number, gives in enumerate(forms):
        if number:
            its = explained([test], [gives(test)], rounding=mistake.rounding)
            if not np.all(its.same | its.undefined):
                continue
        yield explained(trials, [*map(gives, trials)], rounding=mistake.rounding)


def _inside(sentence: str) -> str:
    """A sentence for use after a comma: its first word in lower case, unless it is a name or a symbol."""
    first = sentence.split()[0]
    return sentence[0].lower() + sentence[1:] if first[1:].islower() or first == "A" else sentence


def _one[M: Mistake](found: Sequence[tuple[M, ...]], where: str = "") -> Naming[M] | None:
    return Naming(found[0], where) if len({*found}) == 1 else None


def _wrong_parts(trials: Sequence[Trial], found: Entries) -> list[str]:
    """The names of the arrays that are wrong on some case."""
    parts = next((trial.rule.parts for trial in trials if isinstance(trial.rule, (Arrays, Named))), ())
    return [part.name for number, part in enumerate(parts) if np.any(~found.right[found.part == number])]


def _everywhere(found: Entries, its: Explained) -> bool:
    """The mistake gives every returned number."""
    return bool(np.all(its.same))


def _where_defined(found: Entries, its: Explained) -> bool:
    """The mistake gives every returned number at which it is defined, and some of these are wrong."""
    return bool(np.all(its.same | its.undefined) and np.any(its.same & ~its.undefined & ~found.right))


def _on_wrong_cases(found: Entries, its: Explained) -> bool:
    """The mistake gives every number of the wrong cases, and not by chance."""
    return bool(np.all(its.same | its.undefined | found.right_cases)) and _telling(found, its)


def _in_wrong_parts(found: Entries, its: Explained) -> bool:
    """The mistake gives every number of the wrong arrays, and each of these arrays shows that it is not by chance."""
    wrong = np.unique(found.part[~found.right])
    if len(wrong) == len(np.unique(found.part)) or not np.all(its.same | its.undefined | found.right_parts):
        return False
    return all(_telling(found, its, found.part == part) for part in wrong)


def _only_undefined(found: Entries, its: Explained) -> bool:
    """Where the mistake is defined, it gives the returned numbers, some of them right. Elsewhere, some are wrong."""
    wrong, right = ~found.right & its.undefined & ~its.failed, found.right & ~its.undefined
    return bool(np.all(its.same | its.undefined) and np.any(wrong) and np.any(right))


def _a_part(found: Entries, its: Explained) -> bool:
    """The mistake gives some of the wrong numbers, and does not change right numbers."""
    harmless = found.right & (its.right | its.undefined)
    return bool(
        np.sum(~found.right & its.same) >= ENOUGH and np.all(harmless | ~found.right) and not np.any(found.exact)
    )


def _between_them(found: Entries, first: Explained, second: Explained) -> bool:
    """Each wrong number is given by one of two mistakes, and each mistake explains some numbers alone."""
    wrong = ~found.right
    own, others = (np.sum(wrong & a.same & ~b.same) for a, b in ((first, second), (second, first)))
    return bool(min(own, others) >= ENOUGH and np.all(first.same | second.same | found.right))


def _telling(found: Entries, its: Explained, among: np.ndarray | bool = True) -> bool:
    """Whether the mistake gives wrong numbers that are not common ones."""
    numbers = found.value[its.same & ~found.right & ~found.exact & among]
    return bool(np.any(np.isfinite(numbers) & ~np.isin(numbers, PLAIN)) and not np.any(found.exact))


def _alike[M: Mistake](trials: Sequence[Trial], mistakes: Mapping[M, Sequence[Gives]]) -> list[tuple[M]]:
    """The mistakes that are wrong in the same way as the answer, if many answers are right.

    If some mistakes give exactly the returned numbers, only these. The values of a mistake may take long to compute, so
    wrong cases come first, and each case is computed only for the mistakes that are still possible.
    """
    left = {mistake: gives for mistake, (gives, *_) in mistakes.items()}
    for trial in sorted(trials, key=lambda trial: not trial.wrong):
        left = {
            mistake: gives
            for mistake, gives in left.items()
            if (other := gives(trial)) is not None and alike(trial.rule, trial.value, other, trial.expected)
        }
    exactly = [mistake for mistake, gives in left.items() if all(identical(a.value, gives(a)) for a in trials)]
    return [(mistake,) for mistake in exactly or left]
