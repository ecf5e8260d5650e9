import json
import shutil
import subprocess
import sys
import tomllib
from datetime import date, timedelta

import pytest
import typer
import yaml
from typer.testing import CliRunner

from autograder import cli, exercises, paths
from autograder.cli import shared
from autograder.commands import runner
from autograder.sandbox.forkserver import ForkServer
from autograder.student.worker.isolation import LAYERS

SAMPLE = paths.SAMPLE_CLASS / "em"


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    return result.exit_code, " ".join(result.output.split())


def test_help_names_the_commands():
    code, output = run("--help")

    assert code == 0
    for command in ("demo", "course", "release", "grade", "report", "solutions", "doctor"):
        assert command in output
    assert "..." not in output.partition("Commands:")[2]  # each command's purpose is shown in full


def test_course_makes_a_course_before_anybody_has_handed_in(tmp_path):
    code, output = run("course", tmp_path / "stats", "categorization")

    assert code == 0, output
    assert (tmp_path / "stats" / "release" / "categorization" / "categorization.ipynb").exists()
    assert (tmp_path / "stats" / "gradebook.db").exists()
    assert f"{tmp_path}/stats/release/categorization" in output


def test_grade_writes_results_and_prints_their_places(course, tmp_path):
    target = tmp_path / "em.json"

    code, output = run("grade", "em", SAMPLE / "jonas.ipynb", "--course", course.root, "--json", target, "--jobs", 1)

    assert code == 0, output
    written = json.loads(target.read_text())
    (result,) = written["submissions"]
    assert (result["student"], result["status"], result["score"]) == ("jonas", "unreadable", 0)
    assert "unreadable" in output
    assert f"Isolation of student code: {written['isolation']}" in output
    assert str(course.results("em")) in output


@pytest.mark.parametrize("failing", [["imani"], ["imani", "jonas"]])
def test_grade_writes_the_results_even_if_the_grader_fails_on_a_student(course, tmp_path, monkeypatch, failing):
    target, real = tmp_path / "em.json", runner.run

    def attempt(submission, *more, **options):
        if submission.student in failing:
            raise RuntimeError("a bug of ours")
        return real(submission, *more, **options)

    monkeypatch.setattr(runner, "run", attempt)
    notebooks = [SAMPLE / f"{name}.ipynb" for name in ("imani", "jonas")]
    code, output = run("grade", "em", *notebooks, "--course", course.root, "--json", target, "--jobs", 1)

    assert code == 1
    assert f"error: the grader failed on {len(failing)} of 2 submissions: imani: RuntimeError: a bug of ours" in output
    written = json.loads(target.read_text())["submissions"]
    assert [result["student"] for result in written] == [name for name in ("imani", "jonas") if name not in failing]
    assert str(course.results("em")) in output


def test_grade_finds_the_submitted_tree_of_the_course(course):
    folder = course.submitted() / "jonas" / "em"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE / "jonas.ipynb", folder / "em.ipynb")

    code, output = run("grade", "em", "--course", course.root)

    assert code == 0, output
    assert course.feedback("em", "jonas").exists()


def test_the_fork_server_starts_before_the_assignment_is_loaded_and_only_if_there_is_work(course, monkeypatch):
    happened = []
    load_usually = exercises.load

    class Noted(ForkServer):
        def __init__(self) -> None:
            happened.append("fork server")
            super().__init__()

    def load(name):
        happened.append("assignment")
        return load_usually(name)

    monkeypatch.setattr("autograder.sandbox.forkserver.ForkServer", Noted)
    monkeypatch.setattr("autograder.exercises.load", load)
    words = ("grade", "em", SAMPLE / "jonas.ipynb", "--course", course.root, "--jobs", 1)

    assert run(*words)[0] == 0
    assert happened == ["fork server", "assignment"]
    assert run(*words)[0] == 0
    assert happened == ["fork server", "assignment", "assignment"]


def test_grade_is_refused_without_isolation_unless_the_user_allows_it(course, monkeypatch):
    monkeypatch.setattr("autograder.sandbox.sandbox.probe", lambda: dict.fromkeys(LAYERS, "refused"))
    words = ("grade", "em", SAMPLE / "jonas.ipynb", "--course", course.root)

    refused, output = run(*words)
    assert refused == 1
    assert "`autograder doctor` says" in output
    assert not course.results("em").exists()

    code, output = run(*words, "--unsafe")
    assert code == 0, output
    assert "Isolation of student code: none" in output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("grade", "em", "nowhere.ipynb"), "error: nowhere.ipynb does not exist"),
        (("grade", "em"), "does not exist"),
        (("grade", "maths", "nowhere.ipynb"), "no assignment 'maths'; there are:"),
        (("release", "maths"), "no assignment 'maths'"),
        (("grade", "em", "x.ipynb", "--jobs", "0"), "--jobs"),
    ],
)
def test_a_wrong_call_ends_with_a_message(words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, output = run(*words)

    assert code != 0
    assert says in output
    assert "Traceback" not in output


def test_solutions_wait_for_their_day(course, tmp_path, monkeypatch):
    tomorrow = date.today() + timedelta(days=1)
    (course.root / "course.toml").write_text(f"[solutions]\nem = {tomorrow}\n")
    written = []

    def write(assignment, out, *, unsafe):
        written.append((assignment.name, unsafe))
        return [out]

    monkeypatch.setattr("autograder.commands.solutions.write", write)

    refused, output = run("solutions", "em", "--course", course.root, "--out", tmp_path)
    assert refused == 1
    assert f"the solutions of em are for {tomorrow} or later" in output
    assert written == []

    assert run("solutions", "em", "--course", course.root, "--out", tmp_path, "--force")[0] == 0
    assert run("solutions", "categorization", "--course", course.root, "--out", tmp_path, "--unsafe")[0] == 0
    assert written == [("em", False), ("categorization", True)]


def test_notebooks_are_read_and_checked_without_a_grammar_of_addresses():
    code = """
import sys
import tomllib
from autograder import computing
computing.set_up()
import autograder.notebooks.released, nbformat
nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
print("lark" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_help_is_quick_because_nothing_heavy_is_imported():
    heavy = ("distributed", "jax", "jupytext", "matplotlib", "nbformat", "nbgrader", "numpy", "rich.markdown", "scipy")
    code = f"""
import sys
import tomllib
from autograder.cli import app
app(["--help"], standalone_mode=False)
print([name for name in {heavy} if name in sys.modules])
"""

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.splitlines()[-1] == "[]"


def test_exactly_the_graded_exercises_are_found_by_name():
    for name in paths.ASSIGNMENTS:
        assignment = exercises.load(name)
        for exercise in assignment.exercises:
            if isinstance(exercise, exercises.Exercise):
                assert shared.of_exercise(exercise.name) == (assignment, exercise)
    with pytest.raises(typer.BadParameter, match=r"no exercise 'e_stop'; there are: .*e_step.*gibbs"):
        shared.of_exercise("e_stop")
    with pytest.raises(typer.BadParameter, match="no exercise 'written_em'"):
        shared.of_exercise("written_em")


def test_every_assignment_has_its_three_files():
    for name in paths.ASSIGNMENTS:
        assert (paths.ROOT / "assignments" / f"{name}.md").exists()
        assert (paths.ROOT / "reference" / f"{name}.py").exists()
        assert (paths.ROOT / "autograder" / "exercises" / name / "__init__.py").exists()


def test_report_covers_the_graded_assignments(tmp_path):
    out = tmp_path / "class.html"
    refused, output = run("report", "--course", tmp_path, "--out", out)
    assert refused == 1
    assert "nothing has been graded" in output

    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "em.json").write_text('{"submissions": []}')
    code, output = run("report", "--course", tmp_path, "--out", out, "--anonymous")

    assert code == 0, output
    assert "Class report:" in output
    assert "Nobody has handed in" in out.read_text()


def test_version_is_that_of_the_project_and_of_the_citation():
    code, output = run("--version")

    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert code == 0
    assert output == f"autograder {project['version']}"
    citation = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]


def test_templates_for_issues_ask_for_what_doctor_prints():
    templates = [*(paths.ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")]
    forms = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in templates if path.stem != "config"]

    assert forms
    for form in forms:
        asked = {field["id"]: field for field in form["body"] if "id" in field}
        assert "autograder doctor" in asked["doctor"]["attributes"]["label"]
        assert form["name"]
        assert form["description"]
