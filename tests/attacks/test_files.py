"""Attacks by files: a class in which nearly every submission is a trap.

The whole class is graded at once, as a teacher would do it. Then each test looks at one aspect of the result.
"""

import io
import itertools
import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console

from autograder.commands import terminal
from autograder.commands.local import Local
from autograder.course import database
from autograder.course import folder as courses
from autograder.course.folder import Course
from autograder.grading.results import Verdict
from autograder.submissions import locate
from tests.autograder.toy import TOY

ANSWER = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return 3 * x"
SETUP = "import jax.numpy as jnp"
FULL = 5
SECRET = "the solution that nobody should see"


def cell(source: Any = ANSWER, grade_id: Any = "double", **changed: Any) -> dict[str, Any]:
    """A code cell as Jupyter writes it; `changed` changes its fields."""
    metadata = {"nbgrader": {"grade_id": grade_id}}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []} | changed


def document(*cells: Any, **changed: Any) -> dict[str, Any]:
    """A notebook with these cells after its given cell."""
    top = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell(SETUP, "setup"), *cells]}
    return top | changed


@dataclass(frozen=True)
class Trap:
    """A student's files, the automatic marks that they should earn, and a text that the student should read."""

    make: Callable[[Path], object]
    score: float
    says: str = ""


def holds(content: str | bytes | dict[str, Any], score: float, says: str = "") -> Trap:
    """A file with this content; a dict is written as JSON."""
    text = json.dumps(content) if isinstance(content, dict) else content
    data = text.encode() if isinstance(text, str) else text
    return Trap(lambda path: path.write_bytes(data), score, says)


def refused(content: str | bytes | dict[str, Any], says: str) -> Trap:
    return holds(content, 0, f"The notebook could not be read: {says}")


def kind(make: Callable[[Path], object], what: str) -> Trap:
    return Trap(make, 0, f"toy.ipynb was not handed in: it is {what}, and should be a notebook file.")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


def unreadable(path: Path) -> None:
    path.write_text(json.dumps(document(cell())))
    path.chmod(0)


BROKEN = "the file is not a valid notebook: its JSON breaks at line 1"
NO_CELLS = "the file is JSON but not a notebook: it has no list of cells"
NOT_TEXT = "the file is not UTF-8 text"
UNDEFINED = "double is not defined: its cell defines no such name"
MISSING = "double is not defined, and the cell double is missing from the notebook: copy it from the released one"
HONEST = json.dumps(document(cell()))

TRAPS = {
    # Not files.
    "folder": kind(Path.mkdir, "a folder"),
    "pipe": kind(os.mkfifo, "a pipe"),
    "socket": kind(lambda path: os.mknod(path, stat.S_IFSOCK | 0o600), "a socket"),
    "zeros": kind(lambda path: path.symlink_to("/dev/zero"), "a link"),
    "stdin": kind(lambda path: path.symlink_to("/dev/stdin"), "a link"),
    "passwd": kind(lambda path: path.symlink_to("/etc/passwd"), "a link"),
    "loop": kind(lambda path: path.symlink_to(path), "a link"),
    "dangling": kind(lambda path: path.symlink_to("nowhere"), "a link"),
    "copied": kind(lambda path: path.symlink_to("../../first/toy/toy.ipynb"), "a link"),
    "solution": kind(lambda path: path.symlink_to("../../../course/source/toy/toy.ipynb"), "a link"),
    "nothing": Trap(lambda path: (path.parent / "essay.docx").touch(), 0, "was not handed in; the folder holds: essay"),
    "many": Trap(
        lambda path: [(path.parent / f"{number}\x1b[31m\n.py").touch() for number in range(9)],
        0,
        "the folder holds: 0�[31m�.py, 1�[31m�.py, 2�[31m�.py, 3�[31m�.py, 4�[31m�.py and 4 more: hand in",
    ),
    # Too large.
    "sparse": Trap(sparse, 0, "the file has 100 MB; at most 20 MB are read: clear its outputs"),
    "cells": refused('{"cells": [' + "{}," * 999_999 + "{}]}", "the notebook has 1000000 cells; at most 5000 are read"),
    "sheets": refused(
        '{"nbformat": 3, "worksheets": [{"cells": [' + "{}," * 9_999 + "{}]}]}",
        "the notebook has 10000 cells; at most 5000 are read",
    ),
    "deep": refused("[" * 100_000, "the file is not a valid notebook: its JSON is nested too deep"),
    "deep-source": refused(
        HONEST.replace(json.dumps(ANSWER), "[" * 100_000 + "]" * 100_000), "the file is not a valid notebook"
    ),
    "long-number": refused('{"nbformat": ' + "9" * 5_000 + "}", "the file is not a valid notebook: a number in it has"),
    "outputs": holds(document(cell(outputs=[{"data": {"text/html": "<script>alert(1)</script>" * 400_000}}])), FULL),
    # Not a notebook.
    "empty": refused(b"", "the file is empty, not a valid notebook: save the notebook before you hand it in"),
    "word": refused("my answer is 42", "the file is a text, not a notebook: hand in the .ipynb file itself"),
    "truncated": refused(HONEST[:-1], f"{BROKEN}, column {len(HONEST)}; it may have been cut off"),
    "zip": refused(
        b"PK\x03\x04\x14\x00\xff", "the file is a zip archive, not a notebook, and no file can be read in it: hand in"
    ),
    "page": refused("<!doctype html><script>alert(1)</script>", "the file is a web page, not a notebook"),
    "utf-16": holds(HONEST.encode("utf-16"), FULL),
    "utf-16-le": refused(HONEST.encode("utf-16-le"), BROKEN),
    "latin-1": refused('{"cells": ["é"]}'.encode("latin-1"), NOT_TEXT),
    "nul-bytes": refused(HONEST.replace("def", "d\0ef"), BROKEN),
    "list": refused("[]", NO_CELLS),
    "null": refused("null", NO_CELLS),
    "nan": refused("NaN", NO_CELLS),
    "no-cells": refused(document(cells=None), NO_CELLS),
    "cells-dict": refused(document(cells={"0": cell()}), NO_CELLS),
    "sheets-dict": refused({"nbformat": 3, "worksheets": {}}, NO_CELLS),
    # Unusual notebooks.
    "no-cell": holds(document(cells=[]), 0, MISSING),
    "odd-sheets": holds({"nbformat": 3, "worksheets": [None, 3, [], {}, {"cells": 7}]}, 0, MISSING),
    "odd-cells": holds(document(None, 3, "x", [], {}, {"cell_type": 7}, {"cell_type": ["code"]}, cell()), FULL),
    "mark": holds(b"\xef\xbb\xbf" + HONEST.encode(), FULL),
    "nan-inside": holds(HONEST.replace('"metadata": {}', '"metadata": {"a": [NaN, -Infinity, 1e999]}', 1), FULL),
    "twice-named": holds(HONEST.replace('"source": "def', f'"source": {json.dumps(WRONG)}, "source": "def'), FULL),
    "half-character": holds(document(cell(ANSWER + "\n'\ud800'")), FULL),
    "nul-escaped": holds(document(cell(ANSWER), cell("x = '\0'", "more")), FULL, "Cell 3 raised SyntaxError"),
    "source-dict": holds(document(cell({"a": ANSWER})), 0, UNDEFINED),
    "source-number": holds(document(cell(7)), 0, UNDEFINED),
    "source-nested": holds(document(cell([[ANSWER]])), 0, UNDEFINED),
    "source-none": holds(document(cell(None)), 0, UNDEFINED),
    "source-lines": holds(document(cell([*ANSWER.splitlines(keepends=True), 3, None])), FULL),
    "no-type": holds(document({"source": ANSWER, "metadata": {}}), 0, MISSING),
    "metadata-list": holds(document(cell(metadata=["nbgrader"]), metadata=[]), FULL),
    "tag-list": holds(document(cell(metadata={"nbgrader": [1]})), FULL),
    "name-list": holds(document(cell(grade_id=["double"])), FULL),
    "name-path": holds(document(cell(grade_id="../../../etc/passwd\0\n")), FULL),
    "name-long": holds(document(cell(), cell("1 / 0", "x" * 100_000)), FULL, "Cell 3 raised ZeroDivisionError"),
    "name-markup": holds(document(cell(), cell("1 / 0", "<b>\x1b[31m")), FULL, "Cell 3 raised ZeroDivisionError"),
    "other-exercise": holds(document(cell(grade_id="essay")), FULL),
    "other-assignment": holds(document(cell(), cell("e_step = 1", "e_step")), FULL),
    "as-check": holds(document(cell(grade_id="check_double")), FULL),
    "as-setup": holds(document(cells=[cell(f"{SETUP}\n{ANSWER}", "setup")]), FULL),
    "both-wrong": holds(document(cell(), cell(WRONG)), 0, "The cell double appears 2 times; the last one"),
    "both-right": holds(document(cell(WRONG), cell()), FULL, "The cell double appears 2 times; the last one"),
    "points": holds(
        document(
            cell(
                WRONG,
                metadata={
                    "nbgrader": {"grade_id": "double", "points": 1000, "grade": True, "locked": False, "solution": True}
                },
            )
        ),
        0,
        "doubles: 2 of 2 values are wrong",
    ),
    "tags": holds(
        document(cell(metadata={"nbgrader": {"grade_id": "double"}, "tags": ["skip-execution", "remove-cell"]})), FULL
    ),
    "check-edited": holds(document(cell(WRONG), cell("score = 1000", "check_double")), 0, "values are wrong"),
    "check-hostile": holds(document(cell(), cell("import os; os._exit(0)", "check_double")), FULL),
    "setup-edited": holds(document(cell(), cells=[cell("raise SystemExit", "setup"), cell()]), FULL),
    "setup-deleted": holds(
        document(cells=[cell(ANSWER.replace("2 * x", "jnp.add(x, x)"))]), FULL, "ran them as released: setup"
    ),
    "attachments": holds(document(cell(attachments={"a.png": {"image/png": "../../../etc/passwd"}})), FULL),
    "kernel": holds(document(cell(), metadata={"kernelspec": {"name": "bash", "language": "bash"}}), FULL),
    **{
        f"format-{version}": holds(document(cell(), nbformat=version, nbformat_minor=version), FULL)
        for version in (2, 3, 99, -1, "4", None, float("nan"), True)
    },
    "format-old": holds(
        {"nbformat": 2, "worksheets": [{"cells": [{"cell_type": "code", "input": ANSWER, "language": "python"}]}]}, FULL
    ),
}

# Names of single files with right answers, each with the name of its student.
NAMES = {
    b"ada": "ada",
    b"Ada": "Ada",
    b".": "%2E",
    b"..": "%2E%2E",
    b".hidden": "%2Ehidden",
    b" ": "%20",
    b"-rf": "%2Drf",
    b"a\nb": "a%0Ab",
    b"a\x1b[31mb\x07": "a%1B[31mb%07",
    b"\xff\xfe": "%FF%FE",
    "\u202egpj.exe".encode(): "%E2%80%AEgpj.exe",
    "Zoë Ångström 李".encode(): "Zoë Ångström 李",
    b"<script>alert(1)": "<script>alert(1)",
    b"[red]x[bold]": "[red]x[bold]",
    b"{{ 7 * 7 }}{% raw %}": "{{ 7 * 7 }}{% raw %}",
    b"'; DROP TABLE student; --": "'; DROP TABLE student; --",
    b"..\\..\\x": "%2E.\\..\\x",
    b"%2E%2E%2Fx": "%2E%2E%2Fx",
    b"CON": "CON",
    b"*": "*",
    b"$(reboot)": "$(reboot)",
    b"x" * 249: "x" * 91 + "-e1c28f9c",
}


@dataclass(frozen=True)
class Graded:
    """The class after grading."""

    root: Path
    course: Course
    traps: dict[str, Trap]
    verdicts: dict[str, Verdict]
    results: str
    shown: str
    outside: tuple[frozenset[Path], frozenset[Path]]  # the files outside the course, before and after


def everything(root: Path) -> frozenset[Path]:
    return frozenset(path for path in root.rglob("*") if root / "course" not in [path, *path.parents])


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request) -> Graded:
    """A class with all traps; without --long, with one in five."""
    traps = dict(itertools.islice(TRAPS.items(), 0, None, 1 if request.config.getoption("--long") else 5))
    root = tmp_path_factory.mktemp("class")
    course = toy_course(root / "course")
    submitted = root / "submitted"
    for student, trap in {"first": holds(HONEST, FULL), **traps, "last": holds(HONEST, FULL)}.items():
        folder = submitted / student / "toy"
        folder.mkdir(parents=True)
        trap.make(folder / "toy.ipynb")
    (submitted / "linked-student").symlink_to("first")
    (submitted / "linked-folder").mkdir()
    (submitted / "linked-folder" / "toy").symlink_to("../first/toy")
    (submitted / "linked-file.ipynb").symlink_to("first/toy/toy.ipynb")
    (submitted / "not-opened" / "toy").mkdir(parents=True)
    unreadable(submitted / "not-opened" / "toy" / "toy.ipynb")
    loose = [Path(os.fsdecode(bytes(submitted) + b"/" + name + b".ipynb")) for name in NAMES]
    for path in loose:
        path.write_text(HONEST)
    hidden = [path for path in loose if path.name.startswith(".")]
    before = everything(root)

    found = locate.find([submitted, *hidden], "toy")
    console = Console(file=io.StringIO(), force_terminal=True, width=200)
    verdicts = terminal.grade_with_progress(course, TOY, found, Local(jobs=2), console=console)
    shown = io.StringIO()
    Console(file=shown, width=200, highlight=False).print(terminal.table(TOY, verdicts))
    return Graded(
        root=root,
        course=course,
        traps=traps,
        verdicts={verdict.student: verdict for verdict in verdicts},
        results=course.results("toy").read_text(encoding="utf-8"),
        shown=shown.getvalue(),
        outside=(before, everything(root)),
    )


def toy_course(root: Path) -> Course:
    """A course folder in which nbgrader has released the toy assignment."""

    def tagged(made: Any, grade_id: str, **more: Any) -> Any:
        tag = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        made.metadata = {"nbgrader": tag | {"grade_id": grade_id} | more}
        return made

    cells = [
        tagged(new_code_cell(SETUP), "setup", locked=True),
        tagged(new_code_cell(f"### BEGIN SOLUTION\n'{SECRET}'\n### END SOLUTION"), "double", solution=True),
        tagged(new_code_cell("check()"), "check_double", locked=True, grade=True, points=FULL),
        tagged(new_markdown_cell("YOUR ANSWER HERE"), "essay", solution=True, grade=True, points=4),
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    course = Course(root)
    course.source("toy").mkdir(parents=True)
    (root / ".kit").mkdir()
    (root / "nbgrader_config.py").write_text(courses.NBGRADER_CONFIG)
    nbformat.write(new_notebook(cells=cells, metadata=kernel), course.source("toy") / "toy.ipynb")
    with database.opened(CourseDirectory(config=course.config())):
        pass  # made without running `alembic`, which may not be on the path
    made = NbGraderAPI(config=course.config()).generate_assignment("toy")
    assert made["success"], made["log"]
    return course


def messages(verdict: Verdict) -> str:
    return "\n".join([*verdict.notes, *(check.message for exercise in verdict.exercises for check in exercise.checks)])


def test_a_trap_earns_the_points_of_its_right_answers(graded):
    assert {student: graded.verdicts[student].auto_score for student in graded.traps} == {
        student: trap.score for student, trap in graded.traps.items()
    }


def test_the_student_reads_what_was_wrong_with_the_file(graded):
    untold = {
        student: messages(graded.verdicts[student])
        for student, trap in graded.traps.items()
        if trap.says not in messages(graded.verdicts[student])
    }
    assert untold == {}


def test_messages_are_short_and_printable(graded):
    for verdict in graded.verdicts.values():
        assert len(messages(verdict)) < 10_000
        assert all(letter.isprintable() or letter in "\n\t" for letter in messages(verdict))


def test_honest_students_earn_full_marks_under_any_name(graded):
    for student in ("first", "last", *NAMES.values()):
        verdict = graded.verdicts[student]
        assert (student, verdict.status, verdict.auto_score, verdict.notes) == (student, "graded", FULL, ())


def test_a_link_is_not_graded_as_another_students_work(graded):
    for student, link in {
        "linked-student": "linked-student",
        "linked-folder": "toy",
        "linked-file": "linked-file.ipynb",
    }.items():
        verdict = graded.verdicts[student]
        assert (verdict.status, verdict.score) == ("unreadable", 0)
        assert f"{link} was not handed in: it is a link" in messages(verdict)


def test_the_student_reads_that_a_file_could_not_be_opened(graded):
    verdict = graded.verdicts["not-opened"]

    if os.access(graded.root / "submitted" / "not-opened" / "toy" / "toy.ipynb", os.R_OK):  # root may read every file
        assert verdict.auto_score == FULL
    else:
        assert verdict.auto_score == 0
        assert "toy.ipynb could not be opened: Permission denied" in messages(verdict)


def test_nothing_is_written_beside_the_course(graded):
    before, after = graded.outside

    assert after == before


def test_each_student_has_a_page_in_the_feedback_folder(graded):
    folder = graded.course.root / "feedback"
    pages = [path.relative_to(folder).parts for path in graded.course.root.rglob("*.html")]

    assert {(student, "toy", "toy.html") for student in graded.verdicts} <= set(pages)


def test_every_page_is_complete_and_runs_no_script(graded):
    for student in graded.verdicts:
        page = graded.course.feedback("toy", student).read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert page.rstrip().endswith("</html>")
        assert "<script" not in page
        assert "root:" not in page
        assert SECRET not in page
        assert len(page) < 100_000


def test_the_results_are_strict_json(graded):
    def not_json(constant: str) -> None:
        raise AssertionError(constant)

    written = json.loads(graded.results, parse_constant=not_json)

    assert {submission["student"]: submission["score"] for submission in written["submissions"]} == {
        student: verdict.score for student, verdict in graded.verdicts.items()
    }


def test_the_terminal_shows_names_as_they_are(graded):
    assert all(letter.isprintable() or letter == "\n" for letter in graded.shown)
    for name in ("[red]x[bold]", "<script>alert(1)", "a%1B[31mb%07"):
        assert name in graded.shown


@pytest.mark.long
def test_a_later_submission_is_graded_as_usual(graded, tmp_path):
    late = tmp_path / "late.ipynb"
    late.write_text(HONEST)
    console = Console(file=io.StringIO())

    verdicts = terminal.grade_with_progress(
        graded.course, TOY, locate.find([late], "toy"), Local(jobs=1), console=console
    )

    assert [(verdict.student, verdict.auto_score) for verdict in verdicts] == [("late", FULL)]


def test_a_link_given_as_the_path_is_refused_too(graded):
    submitted = graded.root / "submitted"
    paths = [submitted / "linked-student" / "toy" / "toy.ipynb", submitted / "linked-folder" / "toy" / "toy.ipynb"]

    found = locate.find(paths, "toy")

    assert [(entry.student, entry.path.is_symlink()) for entry in found] == [
        ("linked-folder", True),
        ("linked-student", True),
    ]
