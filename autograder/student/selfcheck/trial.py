"""A trial: one case of an exercise, called once. The notebook and the grader make them, and judge them alike."""

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
    """One case of an exercise, called once: what went in, what came back, what was expected.

    Attributes:
        function: the name of what was called, which is the exercise's.
        case: the name of the case.
        hint: what helps a student who loses it.
        closer: what helps one who loses it again; empty where there is no more to say.
        visible: whether its numbers may be told.
        seeded: whether its arguments are made from a seed, and its result depends on a key.
        seed: which arguments these are.
        rule: what compares the value with what is expected.
        arguments: by name.
        outcome: what came back.
        truth: gives what is expected, which may take long to compute.
        follows: the earlier exercises with whose mistakes the value is as it should be. It costs nothing then.
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
        """What is wrong with the value; None where it is right, or none came back."""
        return self.rule.compare(self.outcome.value, self.expected) if isinstance(self.outcome, Returned) else None

    @property
    def returned(self) -> bool:
        return isinstance(self.outcome, Returned)

    @property
    def value(self) -> Plain:
        """What came back; None where nothing did."""
        return self.outcome.value if isinstance(self.outcome, Returned) else None

    @property
    def wrong(self) -> bool:
        """Whether a value came back that is not right."""
        return self.mismatch is not None

    @property
    def passed(self) -> bool:
        return self.returned and not self.wrong

    @property
    def lost(self) -> bool:
        """Whether it costs the student something."""
        return not (self.passed or self.follows)

    @property
    def fault(self) -> Failure | Mismatch | None:
        """What is wrong, if anything is."""
        return self.outcome if isinstance(self.outcome, Failure) else self.mismatch

    @property
    def kind(self) -> str:
        """The kind of what is lost; empty where nothing is."""
        return self.fault.kind if self.fault and self.lost else ""

    @property
    def message(self) -> str:
        """What to tell the student of what is lost, without a number of a hidden case; empty where nothing is."""
        fault = self.fault
        if fault is None or not self.lost:
            return ""
        says = fault.detail if self.visible else fault.summary
        return f"{self.function} {says}" if isinstance(fault, Failure) else says

    @property
    def determined(self) -> bool:
        """Whether only one result is right: not draws, and not one of many right answers."""
        return not self.seeded and isinstance(self.rule, DETERMINED)


def unwritten(trials: Iterable[Trial]) -> bool:
    """Whether nobody has written the function: it fails so in every trial."""
    return all(trial.kind in UNWRITTEN for trial in trials)


def run_case(seeds: int, trial_with: Callable[[int], Trial]) -> Trial:
    """The trial that counts. Where a value comes back and is wrong, the case is tried once more, with the next seed.

    Args:
        seeds: how many there are; one where nothing depends on a key.
        trial_with: tries the case with a seed.
    """
    trial = trial_with(0)
    for seed in range(1, seeds):
        if trial.wrong:
            trial = trial_with(seed)
    return trial


def arguments_by_name(function: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Arguments by the names that a function has for them."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # not every callable tells
        names = []
    if len(names) != len(arguments):
        names = [f"argument {number}" for number, _ in enumerate(arguments, start=1)]
    return dict(zip(names, arguments, strict=True))
