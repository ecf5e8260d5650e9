from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.publish.gradescope import results


def check(name: str, message: str = "", *, visible: bool = True) -> CaseResult:
    return CaseResult(name=name, passed=not message, visible=visible, message=message)


DOUBLE = ExerciseResult(
    name="double",
    score=2,
    max_score=5,
    checks=(
        check("one, two"),
        check("three, four", "doubles: wrong values", visible=False),
        check("five, six", "doubles: wrong values", visible=False),
    ),
    difference="Every value is 0.5 times the expected one.",
    hints=("Add x to itself.",),
)
HALVE = ExerciseResult(name="halve", score=3, max_score=3, checks=(check("one"),))
ESSAY = ExerciseResult(name="essay", score=None, max_score=4, kind="manual")


def verdict(*exercises: ExerciseResult, notes: tuple[str, ...] = ()) -> Verdict:
    return Verdict(student="x", notebook="x", status="graded", seconds=1, exercises=exercises, notes=notes)


def test_each_exercise_has_a_visible_test():
    written = results.results(verdict(DOUBLE, HALVE, ESSAY), seconds=12.4)

    assert written["execution_time"] == 12
    assert written["stdout_visibility"] == "hidden"
    assert "score" not in written, "Gradescope adds up the tests"
    assert written["tests"] == [
        {
            "score": 2,
            "max_score": 5,
            "status": "failed",
            "name": "double",
            "number": "1",
            "output": "✓ one, two\n✗ three, four (hidden), five, six (hidden)\n    doubles: wrong values\n"
            "What differs. Every value is 0.5 times the expected one.\nHint. Add x to itself.",
            "output_format": "text",
            "visibility": "visible",
        },
        {
            "score": 3,
            "max_score": 3,
            "status": "passed",
            "name": "halve",
            "number": "2",
            "output": "✓ one",
            "output_format": "text",
            "visibility": "visible",
        },
    ]


def test_notes_and_written_questions_are_at_the_top():
    written = results.results(verdict(DOUBLE, ESSAY, notes=("Cell 3 raised NameError.",)), seconds=1)

    assert written["output"] == (
        "Cell 3 raised NameError.\nessay: a person reads your answer and gives up to 4 more points."
    )
    assert results.results(verdict(DOUBLE), seconds=1)["output"] == ""


def test_a_fault_of_the_kit_has_no_score():
    written = results.not_graded("the grader itself failed", seconds=1)

    assert "score" not in written
    assert written["tests"] == []
    assert "the grader itself failed" in written["output"]
    assert "tell your instructor" in written["output"]
