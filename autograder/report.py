"""The class report: what a class has understood and what it has not, on one page.

Statistics are of the notebooks that could be read: a broken file says nothing of what its author knows.
"""

import hashlib
import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from autograder import charts, results
from autograder.course import Course
from autograder.exercises import Assignment, Exercise, Misconception
from autograder.exports import marks
from autograder.paths import ASSIGNMENTS
from autograder.results import ExerciseResult, Verdict

BELOW = 0.5  # of the points marked so far: whoever has less may need help
UNWRITTEN = 1 / 3  # of the exercises: whoever has left so many may need help, too
FEW = 5  # with fewer marks a correlation says nothing
NORMAL_975 = 1.959964  # the quantile of the normal distribution for 95 % intervals
MOST_BINS = 12
MOST_LISTED = 8  # at first sight; the rest is folded
SECONDS = (0, *(figure * 10**power for power in range(7) for figure in (1, 2, 5)))
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# What the grader says of a function, or of a cell, that failed to come back; the student's own words come after.
BEFORE = r"(?:{name}|Cell \d+(?: \(\w+\))?) (?:was not tried again after it )?"
TROUBLES = {
    "ran out of time": r"used more than \d+ seconds|did not end within \d+ seconds",
    "ran out of memory": r"raised MemoryError|raised \w+: RESOURCE_EXHAUSTED",
    "ended its process": r"ended the process|broke the connection",
}
NOT_WRITTEN = r"{name} is not (?:written yet|defined)"

# Why a notebook could not be read, by what the grader's sentence holds; in words that hold no name of a file.
REASONS = {
    "was not handed in": "There is no notebook file.",
    "could not be opened": "The file could not be opened.",
    "clear its outputs": "The file is too large.",
    "is empty": "The file is empty.",
    "the file is a ": "The file is of another kind: an archive, a PDF, a web page.",
    "not UTF-8": "The file is not text.",
    "not a valid notebook": "The file is broken: it may have been cut off, or edited by hand.",
    "no list of cells": "The file is no notebook.",
    "cells; at most": "The notebook has too many cells.",
}
ANOTHER_REASON = "Another reason."


@dataclass(frozen=True, kw_only=True)
class Bin:
    """How many values lie from `low` up to `high`: without `high`, except in the last bin."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The numbers at the top.

    Attributes:
        handed_in: submissions, readable or not.
        absent: students of the course who have none.
        waiting: how many notebooks have a written answer without a mark, which counts as 0 so far.
        reachable: the points of the exercises that anybody has a mark for.
        scores: of the readable notebooks, ascending, late penalties taken off.
        quartiles: the lower one, the median, the upper one; None without a readable notebook.
    """

    handed_in: int
    unreadable: int
    absent: tuple[str, ...]
    waiting: int
    points: float
    reachable: float
    scores: tuple[float, ...]
    quartiles: tuple[float, float, float] | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """A correlation, with its 95 % interval by Fisher's transformation."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Difficulty:
    """How an exercise went.

    Attributes:
        marked: how many readable notebooks have a mark for it.
        mean: the mean share of its points; None without a mark.
        full: the share of those marks that are full marks; None without a mark.
        discrimination: the correlation of its marks with the total of the other exercises, or why there is none.
    """

    name: str
    points: float
    marked: int
    mean: float | None
    full: float | None
    discrimination: Correlation | str


@dataclass(frozen=True, kw_only=True)
class Misunderstanding:
    """A known mistake in a class, wherever it was made: how often in each exercise, by whom, and what to say of it."""

    name: str
    says: str
    exercises: tuple[tuple[str, int], ...]
    students: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Lost:
    """An aspect that students lost without a known mistake.

    Attributes:
        checks: the failed checks with how many students failed them, the most first.
        said: what the grader said most often of hidden ones, which is free of numbers and of students' words.
    """

    exercise: str
    aspect: str
    students: tuple[str, ...]
    checks: tuple[tuple[str, int], ...]
    said: str


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What kept a function, or a cell, from coming back, and whose."""

    what: str
    where: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Why notebooks could not be read, and whose."""

    reason: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A student who may need help, and why."""

    student: str
    score: float
    reachable: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Time:
    """The seconds that readable notebooks took to grade."""

    median: float
    longest: float
    total: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, kw_only=True)
class ClassReport:
    """All that the page says of one assignment."""

    name: str
    title: str
    summary: Summary
    exercises: tuple[Difficulty, ...]
    misunderstandings: tuple[Misunderstanding, ...]
    lost: tuple[Lost, ...]
    time: Time | None
    troubles: tuple[Trouble, ...]
    unreadable: tuple[Unreadable, ...]
    concerns: tuple[Concern, ...]

    @property
    def hardest(self) -> Difficulty | None:
        """The exercise with the smallest share of its points, where any points were lost."""
        lost = [one for one in self.exercises if one.mean is not None and one.mean < 1]
        return min(lost, key=lambda one: one.mean or 0.0, default=None)


def write(path: Path, course: Course, assignments: Sequence[Assignment], *, made: date, anonymous: bool) -> None:
    """Write the page for some assignments of a course.

    Raises:
        ExportError: one of them has not been graded.
    """
    names = [assignment.name for assignment in assignments]
    others = [name for name in ASSIGNMENTS if name not in names and course.results(name).exists()]
    classes = {name: marks.of(course, name) for name in (*names, *others)}
    everybody = {student for verdicts in classes.values() for student in verdicts}
    shown = pseudonyms(everybody, _key(course)) if anonymous else {student: student for student in everybody}
    reports = [
        of_class(
            assignment,
            [replace(one, student=shown[one.student]) for one in classes[assignment.name].values()],
            absent=[shown[student] for student in everybody - classes[assignment.name].keys()],
        )
        for assignment in assignments
    ]
    results.write_atomically(path, page(reports, made=made, anonymous=anonymous).removesuffix("\n"))


def pseudonyms(students: Iterable[str], key: bytes) -> dict[str, str]:
    """A name for each student that tells nothing without the key, and is the same as long as the class is."""

    def place(student: str) -> bytes:
        return hmac.digest(key, student.encode("utf-8", "surrogatepass"), hashlib.sha256)

    shuffled = sorted(students, key=place)
    digits = max(2, len(str(len(shuffled))))
    return {student: f"student {number:0{digits}}" for number, student in enumerate(shuffled, start=1)}


def of_class(assignment: Assignment, verdicts: Sequence[Verdict], *, absent: Iterable[str] = ()) -> ClassReport:
    """The report on an assignment. The order of the verdicts makes no difference."""
    verdicts = sorted(verdicts, key=lambda verdict: verdict.student)
    readable = [verdict for verdict in verdicts if verdict.status == "graded"]
    return ClassReport(
        name=assignment.name,
        title=assignment.title,
        summary=summary(assignment, verdicts, absent=absent),
        exercises=difficulties(assignment, readable),
        misunderstandings=misunderstandings(assignment, readable),
        lost=lost(assignment, readable),
        time=time([verdict.seconds for verdict in readable]),
        troubles=troubles(readable),
        unreadable=unreadable(verdicts),
        concerns=concerns(verdicts),
    )


def page(reports: Sequence[ClassReport], *, made: date, anonymous: bool) -> str:
    """The page: self-contained, readable without JavaScript, in the light and in the dark."""
    template = _templates().get_template("report.html")
    return template.render(
        reports=reports,
        made=made,
        anonymous=anonymous,
        charts=charts,
        below=BELOW,
        unwritten=UNWRITTEN,
        few=FEW,
        most=MOST_LISTED,
    )


# --- scores ---


def summary(assignment: Assignment, verdicts: Sequence[Verdict], *, absent: Iterable[str] = ()) -> Summary:
    """The numbers at the top."""
    readable = [verdict for verdict in verdicts if verdict.status == "graded"]
    marked = {one.name for verdict in readable for one in verdict.exercises if one.score is not None}
    reachable = sum(exercise.points for exercise in assignment.exercises if exercise.name in marked)
    scores = tuple(sorted(verdict.final_score for verdict in readable))
    return Summary(
        handed_in=len(verdicts),
        unreadable=len(verdicts) - len(readable),
        absent=tuple(sorted(absent)),
        waiting=sum(any(one.score is None for one in verdict.exercises) for verdict in readable),
        points=assignment.points,
        reachable=reachable,
        scores=scores,
        quartiles=quartiles(scores),
        bins=score_bins(scores, reachable),
    )


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """The lower quartile, the median and the upper quartile, interpolated linearly; None of no values."""
    if not values:
        return None
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(median), float(high)


def score_bins(scores: Sequence[float], reachable: float) -> tuple[Bin, ...]:
    """Scores counted in bins of whole points, as many as are easily told apart; from 0 to all points, at least."""
    top = max([reachable, 1, *scores])
    width = int(np.ceil(top / MOST_BINS))
    return _counted(scores, range(0, int(np.ceil(top / width)) * width + 1, width))


def time_bins(seconds: Sequence[float]) -> tuple[Bin, ...]:
    """Seconds counted in bins that about double (1, 2, 5, 10, …), from the first used to the last."""
    bins = _counted(seconds, SECONDS)
    used = [number for number, one in enumerate(bins) if one.count]
    return bins[used[0] : used[-1] + 1]


def time(seconds: Sequence[float]) -> Time | None:
    """How long grading took; None without a readable notebook."""
    if not seconds:
        return None
    return Time(
        median=float(np.median(seconds)), longest=max(seconds), total=float(np.sum(seconds)), bins=time_bins(seconds)
    )


def _counted(values: Sequence[float], edges: Sequence[float]) -> tuple[Bin, ...]:
    counts, _ = np.histogram(values, edges)
    return tuple(
        Bin(low=low, high=high, count=int(count)) for (low, high), count in zip(pairwise(edges), counts, strict=True)
    )


# --- exercises ---


def difficulties(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Difficulty, ...]:
    """How each exercise went, in the order of the notebook.

    Discrimination is the corrected item-total correlation: an exercise's marks against the total of the other
    exercises, so that it is not compared with itself (Crocker & Algina, Introduction to Classical and Modern Test
    Theory, chapter 14). An exercise that not everybody has a mark for is in nobody's total.
    """
    names = [exercise.name for exercise in assignment.exercises]
    scores = np.array([_scores(verdict, names) for verdict in readable], float).reshape(len(readable), len(names))
    complete = ~np.isnan(scores).any(axis=0)
    stats = []
    for number, exercise in enumerate(assignment.exercises):
        own = scores[:, number]
        marked = ~np.isnan(own)
        others = complete & (np.arange(len(names)) != number)
        count = int(marked.sum())
        stats.append(
            Difficulty(
                name=exercise.name,
                points=exercise.points,
                marked=count,
                mean=float(own[marked].mean() / exercise.points) if count else None,
                full=float((own[marked] >= exercise.points).mean()) if count else None,
                discrimination=discrimination(own[marked], scores[marked][:, others]),
            )
        )
    return tuple(stats)


def discrimination(own: np.ndarray, others: np.ndarray) -> Correlation | str:
    """The correlation of an exercise's marks (n,) with the total of the others (n, k), or why there is none."""
    if len(own) < FEW:
        return f"undefined: fewer than {FEW} marks"
    if not others.shape[1]:
        return "undefined: no other exercise has all its marks"
    rest = others.sum(axis=1)
    if _equal(own):
        return "undefined: all have the same mark"
    if _equal(rest):
        return "undefined: all have the same total elsewhere"
    return correlation(own, rest)


def correlation(x: np.ndarray, y: np.ndarray) -> Correlation:
    """Pearson's correlation of values that differ."""
    x, y = (values - values.mean() for values in (x, y))
    value = float(np.clip(np.sum(x * y) / np.sqrt(np.sum(x**2) * np.sum(y**2)), -1, 1))
    # The transformation sends a perfect correlation to infinity.
    bounded = np.clip(value, -1 + 1e-12, 1 - 1e-12)
    low, high = np.tanh(np.arctanh(bounded) + np.array([-1, 1]) * NORMAL_975 / np.sqrt(len(x) - 3))
    return Correlation(value=value, low=float(low), high=float(high))


def _scores(verdict: Verdict, names: Sequence[str]) -> list[float]:
    """A student's marks in the order of the names; NaN where there is none."""
    scores = {one.name: one.score for one in verdict.exercises}
    return [np.nan if (score := scores.get(name)) is None else score for name in names]


def _equal(values: np.ndarray) -> bool:
    return bool(np.ptp(values) <= 1e-9 * np.abs(values).max())


# --- what was misunderstood ---


def misunderstandings(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Misunderstanding, ...]:
    """The known mistakes that were made, the most frequent first; one mistake in several exercises is one."""
    known = {
        (exercise.name, mistake.name): mistake
        for exercise in assignment.exercises
        if isinstance(exercise, Exercise)
        for mistake in exercise.misconceptions
    }
    made: dict[tuple[str, str], list[tuple[Misconception, str, str]]] = {}
    for verdict in readable:
        for one in verdict.exercises:
            if mistake := known.get((one.name, one.misconception or "")):
                made.setdefault((mistake.name, mistake.says), []).append((mistake, one.name, verdict.student))
    order = [exercise.name for exercise in assignment.exercises]
    found = [_misunderstanding(occurrences, order, len(readable)) for occurrences in made.values()]
    return tuple(sorted(found, key=lambda one: (-len(one.students), order.index(one.exercises[0][0]), one.name)))


def _misunderstanding(
    occurrences: Sequence[tuple[Misconception, str, str]], order: Sequence[str], of: int
) -> Misunderstanding:
    counts = Counter(exercise for _, exercise, _ in occurrences)
    exercises = sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0])))
    students = tuple(dict.fromkeys(student for _, _, student in occurrences))
    # Exercises put their hints differently; that of the one where it happened most fits best.
    mistake = next(mistake for mistake, exercise, _ in occurrences if exercise == exercises[0][0])
    return Misunderstanding(
        name=mistake.name,
        says=mistake.says,
        exercises=tuple(exercises),
        students=students,
        sentence=sentence(mistake, [exercise for exercise, _ in exercises], count=len(students), of=of),
    )


def sentence(mistake: Misconception, exercises: Sequence[str], *, count: int, of: int) -> str:
    """What to say of a mistake in the lecture; nobody is to feel pointed at."""
    where = _listed([f"`{exercise}`" for exercise in exercises])
    if count == 1:
        opening = f"Here is a mistake that is easily made in {where}."
    elif 2 * count > of:
        opening = f"Most of you made the same mistake in {where}."
    else:
        number = NUMBERS[count].capitalize() if count < len(NUMBERS) else str(count)
        opening = f"{number} of you made the same mistake in {where}."
    return f"{opening} {mistake.says} {mistake.hint}"


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def lost(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Lost, ...]:
    """The aspects that were lost where no mistake was named and something was written; the most often lost first."""
    found = []
    for exercise in assignment.exercises:
        if not isinstance(exercise, Exercise):
            continue
        failed = [
            (verdict.student, check)
            for verdict in readable
            for one in verdict.exercises
            if one.name == exercise.name and not one.passed and not one.misconception and not unwritten(one)
            for check in one.checks
            if not check.passed
        ]
        for aspect in exercise.aspects:
            cases = [case.name for case in aspect.cases]
            own = [(student, check) for student, check in failed if check.name in cases]
            if own:
                counts = Counter(check.name for _, check in own)
                said = Counter(check.message for _, check in own if not check.visible)
                found.append(
                    Lost(
                        exercise=exercise.name,
                        aspect=aspect.name,
                        students=tuple(dict.fromkeys(student for student, _ in own)),
                        checks=tuple(sorted(counts.items(), key=lambda item: (-item[1], cases.index(item[0])))),
                        said=_most(said),
                    )
                )
    return tuple(sorted(found, key=lambda one: -len(one.students)))


def _most(counts: Counter[str]) -> str:
    """The most frequent text, of several the first in the alphabet: the order of students must not matter."""
    return min(counts, key=lambda text: (-counts[text], text), default="")


# --- trouble ---


def unwritten(exercise: ExerciseResult) -> bool:
    """Whether there was no function to try."""
    pattern = NOT_WRITTEN.format(name=re.escape(exercise.name))
    return bool(exercise.checks) and all(re.match(pattern, check.message) for check in exercise.checks)


def troubles(readable: Sequence[Verdict]) -> tuple[Trouble, ...]:
    """What kept functions and cells from coming back, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in readable:
        told = [(note, "a cell of the notebook") for note in verdict.notes]
        told += [(check.message, one.name) for one in verdict.exercises for check in one.checks]
        for what, where in dict.fromkeys((trouble(text, where), where) for text, where in told):
            if what:
                found.setdefault((what, where), []).append(verdict.student)
    made = [Trouble(what=what, where=where, students=tuple(students)) for (what, where), students in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.what, one.where)))


def trouble(text: str, name: str) -> str | None:
    """What kept a function of this name, or a cell, from coming back, by what the grader says; None if it came."""
    before = BEFORE.format(name=re.escape(name))
    return next((what for what, told in TROUBLES.items() if re.match(f"{before}(?:{told})", text)), None)


def unreadable(verdicts: Sequence[Verdict]) -> tuple[Unreadable, ...]:
    """Why notebooks could not be read, the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.status == "unreadable":
            found.setdefault(reason(" ".join(verdict.notes)), []).append(verdict.student)
    made = [Unreadable(reason=why, students=tuple(students)) for why, students in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.reason)))


def reason(note: str) -> str:
    """Why a notebook could not be read, in words that hold nothing of the student's."""
    return next((told for words, told in REASONS.items() if words in note), ANOTHER_REASON)


def concerns(verdicts: Sequence[Verdict]) -> tuple[Concern, ...]:
    """The students who may need help, those with the smallest share first."""
    found = []
    for verdict in verdicts:
        marked = [one for one in verdict.exercises if one.score is not None]
        reachable = sum(one.max_score for one in marked)
        left = sum(map(unwritten, marked))
        reasons = []
        if verdict.status == "unreadable":
            reasons.append("The notebook could not be read.")
        elif verdict.final_score < BELOW * reachable:
            reasons.append(f"Less than {charts.percent(BELOW)} of the points.")
        if left and left >= UNWRITTEN * len(verdict.exercises):
            exercises = "exercise is" if left == 1 else "exercises are"
            reasons.append(f"{NUMBERS[left].capitalize() if left < len(NUMBERS) else left} {exercises} not written.")
        if reasons:
            found.append(
                Concern(
                    student=verdict.student,
                    score=verdict.final_score,
                    reachable=reachable,
                    reasons=tuple(reasons),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.score / one.reachable if one.reachable else 0, one.student)))


def _key(course: Course) -> bytes:
    """The course's own secret for pseudonyms, made the first time, for the eyes of its owner."""
    with course.lock("pseudonyms"):
        path = course.root / ".kit" / "pseudonyms.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["marks"] = lambda score: f"{round(score, 2):g}"
    environment.filters["percent"] = charts.percent
    environment.filters["minutes"] = minutes
    environment.filters["code"] = code
    return environment


def code(text: str) -> Markup:
    """A text for the page, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def minutes(seconds: float) -> str:
    """A time in the unit in which it is read."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
