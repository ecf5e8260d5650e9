"""What an exercise is: a truth, the cases it is tried on, the rule that compares, the hints.

One module per assignment defines `ASSIGNMENT`; `load` finds it by name.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.beside.selfcheck.compare import Rule

ASSIGNMENTS = ("categorization", "em")


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One call of the student's function.

    Arrays among `args` are float32, so that float32 and float64 code see the same numbers.
    """

    name: str
    args: tuple[Any, ...]
    visible: bool = False


@dataclass(frozen=True, kw_only=True)
class Aspect:
    """Something worth points: earned when every one of its cases passes.

    Its hidden cases have different answers, so that neither a constant nor the
    memorised answers of the visible cases earn it.
    """

    name: str
    points: int
    hint: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Misconception:
    """A known mistake, as the wrong variant of the reference that it amounts to."""

    name: str
    says: str
    hint: str
    variant: Callable[..., Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """A function that the student writes, judged by what it returns.

    `truth` returns the expected value for a case's arguments: the reference
    function itself, or for a figure the curves that it should hold. `seconds` is the
    processor time that one call may take: far more than a plain Python loop needs.
    """

    name: str
    truth: Callable[..., Any]
    rule: Rule
    aspects: tuple[Aspect, ...]
    misconceptions: tuple[Misconception, ...] = ()
    seconds: int = 10

    @property
    def points(self) -> int:
        return sum(aspect.points for aspect in self.aspects)

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(case for aspect in self.aspects for case in aspect.cases)


@dataclass(frozen=True, kw_only=True)
class Written:
    """A question that a person marks."""

    name: str
    points: int


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A notebook's worth of exercises, in the order in which they are told."""

    name: str
    title: str
    exercises: tuple[Exercise | Written, ...]

    @property
    def points(self) -> int:
        return sum(exercise.points for exercise in self.exercises)


def f32(*numbers: Any) -> np.ndarray:
    """Numbers, or nested lists of them, as a float32 array."""
    return np.array(numbers, np.float32)


def load(name: str) -> Assignment:
    """The assignment of that name.

    Raises:
        KeyError: there is none; the message lists those there are.
    """
    if name not in ASSIGNMENTS:
        raise KeyError(f"no assignment {name!r}; there are: {', '.join(ASSIGNMENTS)}")
    return importlib.import_module(f"autograder.exercises.{name}").ASSIGNMENT
