"""What an exercise is: a truth, the cases it is tried on, the rule that compares, the hints.

One module per assignment defines `ASSIGNMENT`; `load` finds it by name.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.answers import DETERMINED
from autograder.student.selfcheck.probes import CALL, Probe
from autograder.student.selfcheck.rules import Rule


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One trial of the student's function.

    Arrays among `args` are float32, so that float32 and float64 code see the same numbers. A
    statistical case has `seeded` instead: the arguments for any seed. It is tried with seed 0, and if
    that fails once more, with seed 1; only if both fail is it lost.
    """

    name: str
    args: tuple[Any, ...] = ()
    seeded: Callable[[int], tuple[Any, ...]] | None = None
    visible: bool = False

    @property
    def attempts(self) -> int:
        return 2 if self.seeded else 1

    def arguments(self, attempt: int = 0) -> tuple[Any, ...]:
        return self.seeded(attempt) if self.seeded else self.args


@dataclass(frozen=True, kw_only=True)
class Aspect:
    """Something worth points: earned when every one of its cases passes.

    Its hidden cases have different answers, so that neither a constant nor the
    memorised answers of the visible cases earn it. `probe` is how the function is tried; `truth`
    and `rule` stand for those of the exercise, where the aspect looks at something else.
    """

    name: str
    points: int
    hint: str
    cases: tuple[Case, ...]
    probe: Probe = CALL
    truth: Callable[..., Any] | None = None
    rule: Rule | None = None


type Variant = Callable[..., Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Misconception:
    """A known mistake, as the wrong variant of the reference that it amounts to.

    `forms` are the same mistake made in other ways, with other numbers. `rounding` is for a mistake whose
    wrong numbers are rounding errors: they are others with each way to write it, and only where they come tells.
    """

    name: str
    says: str
    hint: str
    variant: Variant
    forms: tuple[Variant, ...] = ()
    rounding: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        return (self.variant, *self.forms)


@dataclass(frozen=True, kw_only=True, eq=False)
class Together:
    """Two known mistakes at once, where both change the same numbers: what comes of it."""

    mistakes: tuple[Misconception, Misconception]
    variant: Variant

    @property
    def name(self) -> str:
        return " + ".join(mistake.name for mistake in self.mistakes)

    @property
    def variants(self) -> tuple[Variant, ...]:
        return (self.variant,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Right:
    """A right answer in a style or by a method of its own. `first` is the one that the audit counts most on."""

    name: str
    variant: Callable[..., Any]
    first: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """A function that the student writes, judged by what it returns.

    `truth` returns the expected value for a case's arguments: the reference
    function itself, for a figure the curves that it should hold, for a sampler the distribution.
    `right` are right answers of other kinds than the reference, for the audit. `seconds` is the
    processor time that one trial may take: far more than a plain Python loop needs.
    """

    name: str
    truth: Callable[..., Any]
    rule: Rule
    aspects: tuple[Aspect, ...]
    misconceptions: tuple[Misconception, ...] = ()
    together: tuple[Together, ...] = ()
    right: tuple[Right, ...] = ()
    seconds: int = 10

    @property
    def points(self) -> int:
        return sum(aspect.points for aspect in self.aspects)

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(case for aspect in self.aspects for case in aspect.cases)

    def aspect_of(self, case: Case) -> Aspect:
        return next(aspect for aspect in self.aspects if case in aspect.cases)

    def rule_of(self, case: Case) -> Rule:
        return self.aspect_of(case).rule or self.rule

    def determined(self, case: Case) -> bool:
        """Whether only one result is right: not draws, and not one of many right answers."""
        return not case.seeded and isinstance(self.rule_of(case), DETERMINED)


@dataclass(frozen=True, kw_only=True)
class Written:
    """A question that a person marks."""

    name: str
    points: int


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A notebook's worth of exercises, in the order in which they are told.

    `libraries` are those that a student needs beside the ones of every notebook. `pictures` gives the numbers that the
    given pictures of the notebook are drawn from, by the name of the picture.
    """

    name: str
    title: str
    exercises: tuple[Exercise | Written, ...]
    libraries: tuple[str, ...] = ()
    pictures: Callable[[], dict[str, dict[str, Any]]] = dict

    @property
    def points(self) -> int:
        return sum(exercise.points for exercise in self.exercises)


def f32(*numbers: Any) -> np.ndarray:
    """Numbers, or nested lists of them, as a float32 array."""
    return np.array(numbers, np.float32)


def i32(*numbers: Any) -> np.ndarray:
    """Integers, or nested lists of them, as an int32 array."""
    return np.array(numbers, np.int32)


def known(name: str) -> str:
    """The name of an assignment, as it is.

    Raises:
        KeyError: there is none of that name; the message lists those there are.
    """
    if name not in ASSIGNMENTS:
        raise KeyError(f"no assignment {name!r}; there are: {', '.join(ASSIGNMENTS)}")
    return name


def load(name: str) -> Assignment:
    """The assignment of that name.

    Raises:
        KeyError: as `known` does.
    """
    return importlib.import_module(f"autograder.exercises.{known(name)}").ASSIGNMENT
