import io
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.commands import terminal
from autograder.commands.local import Local
from autograder.grading.results import ExerciseResult, Verdict
from autograder.submissions.locate import Submission
from tests.autograder import toy

ANSWERS = {"ada": "def double(x): return 2 * x", "[b]o": "def double(x): return x**2"}


@pytest.mark.usefixtures("shared_sandbox")
@pytest.mark.parametrize("on_terminal", [False, True])
def test_each_finished_student_has_a_line(toy_course, tmp_path, on_terminal):
    submitted = [
        Submission(name, toy.notebook(tmp_path / f"{number}.ipynb", text))
        for number, (name, text) in enumerate(ANSWERS.items())
    ]
    (tmp_path / "cem.ipynb").write_text("{")

    def graded(*those: Submission) -> list[str]:
        shown = io.StringIO()
        console = Console(file=shown, force_terminal=on_terminal, width=100, highlight=False)
        terminal.grade_with_progress(toy_course, toy.TOY, list(those), Local(jobs=1), console=console)
        return shown.getvalue().splitlines()

    first = graded(*submitted)
    again = graded(*submitted, Submission("cem", tmp_path / "cem.ipynb"))

    if on_terminal:
        assert any("Grading toy" in line and "2/2" in line for line in first)
    else:
        ada, bo = first
        assert ada.split() == ["ada", "5", "of", "5", ada.split()[4], "s"]
        assert bo.startswith("[b]o    0 of 5 ")
        assert bo.endswith(" s  squared in double")
        assert [line.split() for line in again] == [["cem", "0", "of", "5", "0.0", "s", "unreadable"]]
    assert ("\x1b" in "".join(first)) == on_terminal


def test_the_table_has_the_scores_and_the_late_penalties():
    double = ExerciseResult(name="double", score=5, max_score=5)
    essay = ExerciseResult(name="essay", score=None, max_score=4, kind="manual")
    ada = Verdict(student="ada", notebook="x", status="graded", seconds=1, exercises=(double, essay))
    late = replace(ada, student="bo", late_penalty=2)
    shown = io.StringIO()

    Console(file=shown, width=100).print(terminal.table(toy.TOY, [ada, late]))

    rows = [line.split() for line in shown.getvalue().splitlines()]
    assert ["ada", "5", "5", "–"] in rows
    assert ["bo", "3", "5", "–", "late:", "−2"] in rows
