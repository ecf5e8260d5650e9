"""A trial: one case of an exercise, called once. The notebook and the grader both use it to judge a case."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .outcomes import UNWRITTEN, Failure, Returned
from .rules import Rule
from .rules.arrays import Arrays, Named
from .rules.drawings import Curves, Points
from .rules.mismatch import Mismatch
from .values import Plain

DETERMINED = (Arrays, Curves, Named, Points)  # rules by which only one result is right


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """One case of an exercise, called once: its arguments, its outcome, and the expected value.

    Attributes:
        function: the name of the function, which is the exercise's name.
        case: the name of the case.
        hint: the hint for a student who loses the case.
        closer: the closer hint for a student who loses the case again; empty if there is none.
        visible: whether messages may contain the numbers of the case.
        seeded: whether the arguments are made from a seed, so that the result depends on a key.
        seed: the seed of these arguments.
        rule: compares the value with the expected value.
        arguments: the arguments by name.
        outcome: the returned value or the failure.
        truth: computes the expected value, which may take long.
        follows: earlier exercises whose mistakes explain the value. If there are any, the trial loses no points.
    """

    function: str
    case: str
    rule: Rule
    arguments: Mapping[str, Any]
    outcome: Returned | Failure
    truth: Callable[[], Any]
    hint: str = ""
    closer: str = ""
    visible: bool = True
    seeded: bool = False
    seed: int = 0
    follows: tuple[str, ...] = ()

    @cached_property
    def expected(self) -> Any:
        return self.truth()

    @cached_property
    def mismatch(self) -> Mismatch | None:
        """How the value differs from the expected value; None if it is right, or if no value was returned."""
        return self.rule.compare(self.outcome.value, self.expected) if isinstance(self.outcome, Returned) else None

    @property
    def returned(self) -> bool:
        return isinstance(self.outcome, Returned)

    @property
    def value(self) -> Plain:
        """The returned value; None if the call failed."""
        return self.outcome.value if isinstance(self.outcome, Returned) else None

    @property
    def wrong(self) -> bool:
        """Whether a value was returned and is not right."""
        return self.mismatch is not None

    @property
    def passed(self) -> bool:
        return self.returned and not self.wrong

    @property
    def lost(self) -> bool:
        """Whether the student loses points by this trial."""
        return not (self.passed or self.follows)

    @property
    def fault(self) -> Failure | Mismatch | None:
        """The failure or the mismatch; None if the trial passed."""
        return self.outcome if isinstance(self.outcome, Failure) else self.mismatch

    @property
    def kind(self) -> str:
        """The kind of the fault; empty if the trial loses no points."""
        return self.fault.kind if self.fault and self.lost else ""

    @property
    def message(self) -> str:
        """The message for the student, without the numbers of a hidden case; empty if the trial loses no points."""
        fault = self.fault
        if fault is None or not self.lost:
            return ""
        says = fault.detail if self.visible else fault.summary
        return f"{self.function} {says}" if isinstance(fault, Failure) else says

    @property
    def determined(self) -> bool:
        """Whether exactly one result is right. Draws, and figures or values that may vary, are not determined."""
        return not self.seeded and isinstance(self.rule, DETERMINED)


def unwritten(trials: Iterable[Trial]) -> bool:
    """Whether the function is not written yet: every trial fails for that reason."""
    return all(trial.kind in UNWRITTEN for trial in trials)


def run_case(seeds: int, trial_with: Callable[[int], Trial]) -> Trial:
    """Try a case, and return the trial that counts. If a returned value is wrong, the next seed is tried.

    Args:
        seeds: the number of seeds; 1 if the case does not depend on a key.
        trial_with: tries the case with a seed.
    """
    trial = trial_with(0)
    for seed in range(1, seeds):
        if trial.wrong:
            trial = trial_with(seed)
    return trial


def arguments_by_name(function: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Arguments by the names of the function's parameters, or by `argument 1`, `argument 2` if these are unknown."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some callables have no signature
        names = []
    if len(names) != len(arguments):
        names = [f"argument {number}" for number, _ in enumerate(arguments, start=1)]
    return dict(zip(names, arguments, strict=True))
