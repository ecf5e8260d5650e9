"""What a class has misunderstood: known mistakes, and points lost without one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exercises import Assignment, KnownMistake
from autograder.grading.results import Verdict
from autograder.publish.class_report import words
from autograder.publish.class_report.trouble import unwritten
from autograder.student.selfcheck.diagnosis.naming import NOTHING_RETURNED, Mistake
from autograder.student.selfcheck.words import listed


@dataclass(frozen=True, kw_only=True)
class Misunderstanding:
    """A known mistake in a class: how often in each exercise, by which students, and what to say about it."""

    name: str
    says: str
    exercises: tuple[tuple[str, int], ...]
    students: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Lost:
    """An aspect that students lost without a known mistake.

    Attributes:
        checks: the failed checks with how many students failed them, the most frequent first.
        said: the grader's most frequent message about hidden checks, which contains no numbers and no student's words.
    """

    exercise: str
    aspect: str
    students: tuple[str, ...]
    checks: tuple[tuple[str, int], ...]
    said: str


def misunderstandings(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Misunderstanding, ...]:
    """List the known mistakes of the class, the most frequent first. A recurring mistake counts once."""
    known = {(exercise.name, mistake.name): mistake for exercise in assignment.graded for mistake in exercise.mistakes}
    made: dict[object, list[tuple[Mistake, str, str]]] = {}
    for verdict in readable:
        for result in verdict.exercises:
            for name in result.mistakes:
                mistake = NOTHING_RETURNED if name == NOTHING_RETURNED.name else known.get((result.name, name))
                if mistake:
                    same = (isinstance(mistake, KnownMistake) and mistake.recurring) or mistake
                    made.setdefault(same, []).append((mistake, result.name, verdict.student))
    order = [exercise.name for exercise in assignment.exercises]
    found = [_misunderstanding(occurrences, order, len(readable)) for occurrences in made.values()]
    return tuple(sorted(found, key=lambda item: (-len(item.students), order.index(item.exercises[0][0]), item.name)))


def _misunderstanding(
    occurrences: Sequence[tuple[Mistake, str, str]], order: Sequence[str], of: int
) -> Misunderstanding:
    counts = Counter(exercise for _, exercise, _ in occurrences)
    exercises = sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0])))
    students = tuple(dict.fromkeys(student for _, _, student in occurrences))
    # Hints differ between exercises: take the hint of the exercise where the mistake was most frequent.
    mistake = next(mistake for mistake, exercise, _ in occurrences if exercise == exercises[0][0])
    return Misunderstanding(
        name=mistake.name,
        says=mistake.says,
        exercises=tuple(exercises),
        students=students,
        sentence=sentence(mistake, [exercise for exercise, _ in exercises], count=len(students), of=of),
    )


def sentence(mistake: Mistake, exercises: Sequence[str], *, count: int, of: int) -> str:
    """What to say about a mistake in the lecture, without pointing at anybody."""
    where = listed([f"`{exercise}`" for exercise in exercises])
    if count == 1:
        opening = f"Here is a mistake that is easily made in {where}."
    elif 2 * count > of:
        opening = f"Most of you made the same mistake in {where}."
    else:
        opening = f"{words.number(count)} of you made the same mistake in {where}."
    return f"{opening} {mistake.says} {mistake.hint}"


def lost(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Lost, ...]:
    """The aspects that were lost in written answers without a known mistake, the most frequent first."""
    found = []
    for exercise in assignment.graded:
        failed = [
            (verdict.student, check)
            for verdict in readable
            for result in verdict.exercises
            if result.name == exercise.name and not result.passed and not result.misconception and not unwritten(result)
            for check in result.checks
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
    return tuple(sorted(found, key=lambda item: -len(item.students)))


def _most(counts: Counter[str]) -> str:
    """The most frequent text; of several, the first in the alphabet, so that the order of students does not matter."""
    return min(counts, key=lambda text: (-counts[text], text), default="")
