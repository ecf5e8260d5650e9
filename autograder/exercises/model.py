"""The parts of an exercise: a truth, the cases to try, the rule that compares, the hints.

The package of each assignment defines `ASSIGNMENT`; `load` finds it by name.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any
from zlib import crc32

import numpy as np

from autograder.exercises.mistakes import KnownMistake, Recurring, Together, Variant
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.probes import CALL, Probe
from autograder.student.selfcheck.rules import Rule
from autograder.student.selfcheck.trial import DETERMINED
from autograder.student.selfcheck.values import Key

SEEDS = 2**31  # JAX's keys are made from 32 bits


type Arguments = tuple[Any, ...]
type Seeded = Callable[[int], Arguments]


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One trial of the student's function. An `Aspect` makes it from the name and the arguments.

    Arrays in `args` are float32, so that float32 and float64 code see the same numbers. A statistical case has `seeded`
    instead, which makes the arguments for any seed. It is tried with one seed, and if that fails, with another; it is
    lost only if both fail.
    """

    name: str
    args: Arguments = ()
    seeded: Seeded | None = None
    visible: bool = False
    exercise: str = ""

    @property
    def seeds(self) -> int:
        """The number of seeds with which the case may be tried."""
        return 2 if self.seeded else 1

    def arguments(self, seed: int = 0) -> Arguments:
        """The arguments for a seed. Keys come from the names as well, so that no two cases share one by mistake."""
        if not self.seeded:
            return self.args
        return self.seeded((crc32(f"{self.exercise}/{self.name}".encode()) + seed) % SEEDS)


@dataclass(frozen=True, eq=False)
class Aspect:
    """A property of the answer that earns points if every one of its cases passes.

    `visible` and `hidden` hold the arguments of each case by its name: a tuple, or a function that makes one from a
    seed (`keyed`). Hidden cases have different answers, so that neither a constant nor the memorised answers of the
    visible cases earn the points: at least two are needed, or one that is drawn anew for each seed. `exception` says
    why an aspect has fewer. `closer` is a second, closer hint: a notebook shows it from the second failed check of the
    exercise on, the feedback page always. `probe` is the way to try the function. `truth` and `rule` replace those of
    the exercise if the aspect checks something else.

    Raises:
        ValueError: no visible case or too few hidden ones, without an `exception`.
        TypeError: the arguments of a case are neither a tuple nor a function of a seed.
    """

    name: str
    _: KW_ONLY
    points: int
    hint: str
    closer: str = ""
    visible: Mapping[str, Arguments | Seeded]
    hidden: Mapping[str, Arguments | Seeded]
    probe: Probe = CALL
    truth: Callable[..., Any] | None = None
    rule: Rule | None = None
    exception: str = ""
    exercise: str = ""
    cases: tuple[Case, ...] = field(init=False)

    def __post_init__(self) -> None:
        fewest = 1 if self.hidden and all(map(callable, self.hidden.values())) else 2
        if not self.exception and (not self.visible or len(self.hidden) < fewest):
            raise ValueError(
                f"the aspect {self.name!r} needs a visible case and {fewest} hidden, or an `exception` that says why "
                f"not; it has {len(self.visible)} and {len(self.hidden)}"
            )
        made = [self._case(*item, visible=True) for item in self.visible.items()]
        made += [self._case(*item, visible=False) for item in self.hidden.items()]
        object.__setattr__(self, "cases", tuple(made))

    def _case(self, name: str, given: Arguments | Seeded, *, visible: bool) -> Case:
        if isinstance(given, tuple):
            return Case(name=name, args=given, visible=visible, exercise=self.exercise)
        if callable(given):
            return Case(name=name, seeded=given, visible=visible, exercise=self.exercise)
        raise TypeError(f"the arguments of the case {name!r} should be a tuple, not {type(given).__name__}")

    def of(self, exercise: str) -> "Aspect":
        """Return the aspect with the exercise's name set."""
        return self if self.exercise == exercise else replace(self, exercise=exercise)


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function that the student writes, judged by what it returns.

    `truth` returns the expected value for a case's arguments: the reference function itself; for a figure, its curves;
    for a sampler, the distribution. `seconds` is the processor time that one trial may take, far more than a plain
    Python loop needs.

    Known mistakes are declared after the exercise, next to their code: with `mistake`, or with `add`.
    """

    name: str
    _: KW_ONLY
    truth: Callable[..., Any]
    rule: Rule
    aspects: tuple[Aspect, ...]
    mistakes: list[KnownMistake] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)
    seconds: int = 10

    def __post_init__(self) -> None:
        object.__setattr__(self, "aspects", tuple(aspect.of(self.name) for aspect in self.aspects))

    def mistake[V: Variant](
        self,
        recurring: Recurring | None = None,
        *,
        hint: str,
        closer: str = "",
        says: str = "",
        forms: tuple[Variant, ...] = (),
        rounding: bool = False,
    ) -> Callable[[V], V]:
        """Declare the decorated function as a known mistake, under the function's name.

        Args:
            recurring: the mistake in the catalogue, instead of `says`; the function must have its name.
            hint: leads to the right answer without giving it away.
            closer: a second hint that leads closer, and does not give the answer away either.
            says: a sentence that says what the mistake is.
            forms, rounding: see `KnownMistake`.

        Raises:
            ValueError: the function does not have the name in the catalogue.
        """

        def declare(variant: V) -> V:
            name = getattr(variant, "__name__", "")
            entry = recurring or Recurring(name, says)
            if entry.name != name:
                raise ValueError(f"the function {name} declares the mistake {entry.name}: rename it to {entry.name}")
            made = entry.here(hint=hint, closer=closer, variant=variant, forms=forms, rounding=rounding)
            self.add(made if recurring else replace(made, recurring=None))
            return variant

        return declare

    def add(self, *mistakes: KnownMistake) -> None:
        """Declare known mistakes whose variants are made by a function, not written as one."""
        self.mistakes.extend(mistakes)

    def combine(self, first: str, *others: str, change: Callable[[Variant], Variant]) -> None:
        """Declare the first mistake together with each of the others.

        Args:
            first, others: names of known mistakes.
            change: adds the first mistake to another mistake's variant.
        """
        pairs = [(self.known(first), self.known(other)) for other in others]
        self.together.extend(Together(mistakes=pair, variant=change(pair[1].variant)) for pair in pairs)

    def known(self, name: str) -> KnownMistake:
        """Return the known mistake of that name.

        Raises:
            KeyError: there is none.
        """
        return {mistake.name: mistake for mistake in self.mistakes}[name]

    @property
    def points(self) -> int:
        return sum(aspect.points for aspect in self.aspects)

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(case for aspect in self.aspects for case in aspect.cases)

    def aspect_of(self, case: Case) -> Aspect:
        return next(aspect for aspect in self.aspects if any(case.name == own.name for own in aspect.cases))

    def rule_of(self, case: Case) -> Rule:
        return self.aspect_of(case).rule or self.rule

    def determined(self, case: Case) -> bool:
        """Whether only one result is right: not draws, and not one of many right answers."""
        return not case.seeded and isinstance(self.rule_of(case), DETERMINED)


@dataclass(frozen=True)
class Written:
    """A question that a person marks."""

    name: str
    _: KW_ONLY
    points: int


@dataclass(frozen=True)
class Assignment:
    """The exercises of one notebook, in their order there.

    `libraries` are the libraries that a student needs in addition to those of every notebook. `pictures` returns the
    numbers of the notebook's given pictures, by the name of the picture.
    """

    name: str
    _: KW_ONLY
    title: str
    exercises: tuple[Exercise | Written, ...]
    libraries: tuple[str, ...] = ()
    pictures: Callable[[], dict[str, dict[str, Any]]] = dict

    @property
    def points(self) -> int:
        return sum(exercise.points for exercise in self.exercises)

    @property
    def graded(self) -> tuple[Exercise, ...]:
        """The exercises that the kit grades."""
        return tuple(exercise for exercise in self.exercises if isinstance(exercise, Exercise))

    @property
    def written(self) -> tuple[Written, ...]:
        """The questions that a person marks."""
        return tuple(exercise for exercise in self.exercises if isinstance(exercise, Written))

    def __getitem__(self, name: str) -> Exercise:
        """The graded exercise of that name."""
        return {exercise.name: exercise for exercise in self.graded}[name]


def f32(*numbers: Any) -> np.ndarray:
    """Numbers, or nested lists of them, as a float32 array."""
    return np.array(numbers, np.float32)


def i32(*numbers: Any) -> np.ndarray:
    """Integers, or nested lists of them, as an int32 array."""
    return np.array(numbers, np.int32)


def keyed(*args: Any) -> Seeded:
    """Make arguments that begin with a key; each seed gives another key."""
    return lambda seed: (Key(seed), *args)


def known(name: str) -> str:
    """The name of an assignment, as it is.

    Raises:
        KeyError: there is none of that name; the message lists those there are.
    """
    if name not in ASSIGNMENTS:
        raise KeyError(f"no assignment {name!r}; there are: {', '.join(ASSIGNMENTS)}")
    return name


def load(name: str) -> Assignment:
    """Return the assignment of that name.

    Raises:
        KeyError: there is no such assignment; the message lists the existing ones.
    """
    return importlib.import_module(f"autograder.exercises.{known(name)}").ASSIGNMENT
