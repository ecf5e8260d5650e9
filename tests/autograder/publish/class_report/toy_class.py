"""A small class with a result of each kind."""

from dataclasses import replace

from autograder.grading.results import CheckResult, ExerciseResult, Verdict
from tests.autograder.toy import DOUBLE

CASES = [(case.name, case.visible) for case in DOUBLE.cases]


def double(score=5.0, *, mistake=None, wrong=(), message="doubles: wrong values", **more) -> ExerciseResult:
    """A result of the toy's exercise with these checks failed."""
    checks = tuple(
        CheckResult(name=name, passed=name not in wrong, visible=visible, message=message if name in wrong else "")
        for name, visible in CASES
    )
    return ExerciseResult(name="double", score=score, max_score=5, misconception=mistake, checks=checks, **more)


def essay(score=None) -> ExerciseResult:
    return ExerciseResult(name="essay", score=score, max_score=4, kind="manual")


def verdict(student: str, *exercises: ExerciseResult, seconds=1.0, **more) -> Verdict:
    return Verdict(
        student=student,
        notebook=f"submitted/{student}/toy/toy.ipynb",
        status="graded",
        seconds=seconds,
        exercises=exercises or (double(), essay()),
        **more,
    )


def unread(student: str, why="the file is empty, not a valid notebook") -> Verdict:
    note = f"The notebook could not be read: {why}."
    check = CheckResult(name="notebook", passed=False, visible=True, message=f"double could not be checked: {why}")
    nothing = ExerciseResult(name="double", score=0, max_score=5, checks=(check,))
    return replace(verdict(student, nothing, essay()), status="unreadable", seconds=0.0, notes=(note,))


def unwritten(student: str) -> Verdict:
    everything = [name for name, _ in CASES]
    return verdict(student, double(0, wrong=everything, message="double is not written yet"), essay())


CLASS = [
    verdict("ada", double(5), essay(4), seconds=0.5),
    verdict("bilal", double(2, wrong=["four of them"]), essay(3), seconds=2),
    verdict("chiara", double(0, mistake="squared", wrong=["one, two", "three, four"]), essay(1), seconds=4),
    verdict("dmitri", double(2, mistake="squared", wrong=["three of them"]), essay(), seconds=12),
    unwritten("esi"),
    unread("jonas"),
]
