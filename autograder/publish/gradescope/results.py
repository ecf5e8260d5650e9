"""A verdict in Gradescope's format. No test is hidden, because one hidden test would hide the student's total."""

from typing import Any

from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.publish.feedback import alike

NOT_GRADED = "Your notebook was received but not graded: {why}. Nothing is wrong with it. Please tell your instructor."


def results(verdict: Verdict, *, seconds: float) -> dict[str, Any]:
    """Convert a verdict to Gradescope's format: a test for each exercise that the kit marks, and notes for the rest."""
    tests = [
        _test(number, exercise) for number, exercise in enumerate(verdict.exercises, start=1) if exercise.kind == "auto"
    ]
    return _frame("\n".join([*verdict.notes, *_written(verdict)]), tests, seconds)


def not_graded(why: str, *, seconds: float) -> dict[str, Any]:
    """Make results without a score: a fault of the kit must not look like a 0."""
    return _frame(NOT_GRADED.format(why=why), [], seconds)


def _frame(output: str, tests: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    return {
        "output": output,
        "output_format": "text",
        "execution_time": round(seconds),
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _test(number: int, exercise: ExerciseResult) -> dict[str, Any]:
    return {
        "score": exercise.score,
        "max_score": exercise.max_score,
        "status": "passed" if exercise.passed else "failed",
        "name": exercise.name,
        "number": str(number),
        "output": "\n".join(
            [
                *(_told(checks) for checks in alike(exercise.checks)),
                *(f"{heading}. {text}" for heading, text in exercise.remarks),
            ]
        ),
        "output_format": "text",
        "visibility": "visible",
    }


def _told(checks: list[CaseResult]) -> str:
    mark = "✓" if checks[0].passed else "✗"
    names = ", ".join(check.name if check.visible else f"{check.name} (hidden)" for check in checks)
    message = f"\n    {checks[0].message}" if checks[0].message else ""
    return f"{mark} {names}{message}"


def _written(verdict: Verdict) -> list[str]:
    manual = [exercise for exercise in verdict.exercises if exercise.kind == "manual"]
    if not manual:
        return []
    names = ", ".join(exercise.name for exercise in manual)
    points = sum(exercise.max_score for exercise in manual)
    return [f"{names}: a person reads your answer and gives up to {points:g} more points."]
