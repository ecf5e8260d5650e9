"""What a class has misunderstood: the mistakes that have a name, and what was lost without one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exercises import Assignment, Exercise, Misconception
from autograder.grading.results import Verdict
from autograder.publish.class_report import words
from autograder.publish.class_report.trouble import unwritten
from autograder.student.selfcheck.diagnosis.naming import NOTHING_RETURNED, Mistake


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


def misunderstandings(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Misunderstanding, ...]:
    """The known mistakes that were made, the most frequent first; one of the catalogue is one in all exercises."""
    known = {
        (exercise.name, mistake.name): mistake
        for exercise in assignment.exercises
        if isinstance(exercise, Exercise)
        for mistake in exercise.misconceptions
    }
    made: dict[object, list[tuple[Mistake, str, str]]] = {}
    for verdict in readable:
        for one in verdict.exercises:
            for name in one.mistakes:
                mistake = NOTHING_RETURNED if name == NOTHING_RETURNED.name else known.get((one.name, name))
                if mistake:
                    same = (isinstance(mistake, Misconception) and mistake.recurring) or mistake
                    made.setdefault(same, []).append((mistake, one.name, verdict.student))
    order = [exercise.name for exercise in assignment.exercises]
    found = [_misunderstanding(occurrences, order, len(readable)) for occurrences in made.values()]
    return tuple(sorted(found, key=lambda one: (-len(one.students), order.index(one.exercises[0][0]), one.name)))


def _misunderstanding(
    occurrences: Sequence[tuple[Mistake, str, str]], order: Sequence[str], of: int
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


def sentence(mistake: Mistake, exercises: Sequence[str], *, count: int, of: int) -> str:
    """What to say of a mistake in the lecture; nobody is to feel pointed at."""
    where = words.listed([f"`{exercise}`" for exercise in exercises])
    if count == 1:
        opening = f"Here is a mistake that is easily made in {where}."
    elif 2 * count > of:
        opening = f"Most of you made the same mistake in {where}."
    else:
        opening = f"{words.number(count)} of you made the same mistake in {where}."
    return f"{opening} {mistake.says} {mistake.hint}"


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
