import json
import os
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebooks.released import Released
from autograder.submissions import choice

SKELETON = "def {}():\n    raise NotImplementedError"
RELEASED = Released(
    given={"setup": "import jax"},
    skeletons={"e_step": SKELETON.format("e_step"), "m_step": SKELETON.format("m_step")},
    checks={"check_e_step": 'check("e_step", e_step)'},
    written={"written": "Why?"},
    blanks={"written": "YOUR ANSWER HERE"},
)


def tagged(source: str, grade_id: str, **metadata: object):
    cell = new_code_cell(source)
    cell.metadata = NotebookNode({"nbgrader": {"grade_id": grade_id}, **metadata})  # nbformat rejects strange values
    return cell


def notebook(
    path: Path, *, named: bool = True, age: float = 0, run: dict[str, Any] | None = None, **answers: str
) -> Path:
    """The released notebook with answers in it."""
    cells = [new_markdown_cell("# EM"), tagged("import jax", "setup"), new_code_cell("jax.devices()")]
    times = run or {}
    cells += [
        tagged(answers.get(name, text), name, **times)
        for name, text in {**RELEASED.skeletons, **RELEASED.blanks}.items()
    ]
    cells.append(tagged('check("e_step", e_step)', "check_e_step"))
    if not named:
        for cell in cells:
            cell.metadata.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(new_notebook() | {"cells": cells}))
    os.utime(path, (1_800_000_000 - age, 1_800_000_000 - age))
    return path


def colab(milliseconds: int) -> dict:
    return {"executionInfo": {"timestamp": milliseconds, "user_tz": -60}}


def lab(moment: str) -> dict:
    return {"execution": {"iopub.execute_input": moment}}


def chosen(*paths: Path) -> tuple[str, str]:
    found = choice.choose(paths, RELEASED)
    return found.path.name, found.note


def test_a_single_notebook_needs_no_note(tmp_path):
    assert chosen(notebook(tmp_path / "em.ipynb")) == ("em.ipynb", "")


@pytest.mark.parametrize("work", ["em-Copy1.ipynb", "em (1).ipynb", "work.ipynb", "a.ipynb", "em.ipynb.txt"])
@pytest.mark.parametrize("named", [True, False])
def test_the_notebook_with_the_work_counts(tmp_path, work, named):
    untouched = notebook(tmp_path / "em.ipynb", named=named)
    answered = notebook(tmp_path / work, named=named, age=10_000, e_step="def e_step():\n    return 1")

    name, note = chosen(untouched, answered)

    assert name == work
    assert note == (
        f"2 notebooks were handed in (em.ipynb, {work}). {work} counts: the others are as they were released."
    )


def test_a_written_answer_is_work(tmp_path):
    paths = notebook(tmp_path / "em.ipynb"), notebook(tmp_path / "em-Copy1.ipynb", written="Because.")

    assert chosen(*paths)[0] == "em-Copy1.ipynb"


@pytest.mark.parametrize(
    "own", ["e_step = jax.jit(step)", "def e_step():\n    return 1", "x = 1\ndef e_step(a, b): return a"]
)
def test_an_answer_in_the_student_s_own_cell_is_work(tmp_path, own):
    path = notebook(tmp_path / "em-Copy1.ipynb")
    content = nbformat.read(path, as_version=4)
    content.cells.append(new_code_cell(own))
    nbformat.write(content, path)

    assert chosen(notebook(tmp_path / "em.ipynb"), path)[0] == "em-Copy1.ipynb"


@pytest.mark.parametrize("own", ["e_step()", "e_step() == 1", "print(e_step)", "# def e_step(): ..."])
def test_calling_a_function_is_not_work(tmp_path, own):
    path = notebook(tmp_path / "em-Copy1.ipynb")
    content = nbformat.read(path, as_version=4)
    content.cells.append(new_code_cell(own))
    nbformat.write(content, path)

    assert chosen(notebook(tmp_path / "em.ipynb", e_step="1"), path)[0] == "em.ipynb"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (colab(1_790_000_000_000), colab(1_790_000_001_000)),
        (lab("2026-11-28T10:00:00.000000Z"), lab("2026-11-28T09:30:00+00:00") | colab(1_800_000_000_000)),
        (lab("2026-11-28T11:00:00+01:00"), lab("2026-11-28T10:30:00Z")),
    ],
)
def test_the_notebook_that_was_run_last_counts(tmp_path, older, newer):
    more = notebook(tmp_path / "em-Copy1.ipynb", run=older, e_step="1", m_step="2", written="3")
    last = notebook(tmp_path / "em.ipynb", run=newer, age=10_000, e_step="2")

    name, note = chosen(more, last)

    assert name == "em.ipynb"
    assert note.endswith("em.ipynb counts: its cells were run last.")


@pytest.mark.parametrize("run", [None, colab(1_790_000_000_000)])
def test_if_a_time_is_missing_the_notebook_with_more_answers_counts(tmp_path, run):
    fewer = notebook(tmp_path / "em-Copy1.ipynb", run=run, e_step="1")
    more = notebook(tmp_path / "em.ipynb", age=10_000, e_step="1", m_step="2")

    name, note = chosen(fewer, more)

    assert name == "em.ipynb"
    assert note.endswith("em.ipynb counts: it answers the most exercises.")


def test_with_equal_answers_the_notebook_that_was_saved_last_counts(tmp_path):
    paths = [notebook(tmp_path / f"em{end}.ipynb", age=age, e_step=end or "0") for end, age in _ENDS.items()]

    name, note = chosen(*paths)

    assert name == "em-Copy1.ipynb"
    assert note.endswith("em-Copy1.ipynb counts: it was saved last.")


_ENDS = {"": 100_000, "-Copy1": 0, "-Copy2": 3_600}


@pytest.mark.parametrize("age", [0, 1, 30])
def test_nearly_equal_times_from_copying_are_ignored(tmp_path, age):
    ends = {"": 0, "-Copy1": age, "-Copy2": age}
    paths = [notebook(tmp_path / f"em{end}.ipynb", age=ages, e_step=end or "0") for end, ages in ends.items()]

    name, note = chosen(*paths)

    assert name == "em-Copy2.ipynb"
    assert note.endswith("em-Copy2.ipynb counts: its name has the highest number.")


def test_a_note_says_if_nothing_tells_which_is_newer(tmp_path):
    paths = [notebook(tmp_path / f"{name}.ipynb", e_step=name) for name in ("b", "a")]

    assert chosen(*paths) == (
        "b.ipynb",
        "2 notebooks were handed in (b.ipynb, a.ipynb). b.ipynb counts: nothing tells which of them is newer.",
    )


@pytest.mark.parametrize("answer", ["1", SKELETON.format("e_step")])
def test_of_equal_notebooks_the_original_counts(tmp_path, answer):
    paths = [notebook(tmp_path / name, e_step=answer) for name in ("em-Copy1.ipynb", "em.ipynb")]

    name, note = chosen(*paths)

    assert name == "em.ipynb"
    assert note.endswith("em.ipynb counts: they hold the same.")


def test_a_broken_notebook_beside_it_is_named(tmp_path):
    broken = tmp_path / "em.ipynb"
    broken.write_text('{"cells": [')

    name, note = chosen(broken, notebook(tmp_path / "em-Copy1.ipynb", e_step="1"))

    assert name == "em-Copy1.ipynb"
    assert note.startswith("em-Copy1.ipynb counts. em.ipynb could not be read: the file is not a valid notebook")


def test_a_data_file_beside_it_is_not_named(tmp_path):
    data = tmp_path / "data.json"
    data.write_text('{"x": [1, 2]}')

    assert chosen(notebook(tmp_path / "em.ipynb"), data) == ("em.ipynb", "")


def test_an_archive_is_searched(tmp_path):
    inside = [notebook(tmp_path / "em.ipynb"), notebook(tmp_path / "em-Copy1.ipynb", e_step="1")]
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        for path in inside:
            archive.write(path, f"hand in/{path.name}")
        archive.writestr("__MACOSX/hand in/._em.ipynb", b"\0\5\x16\7")
        archive.writestr("hand in/.ipynb_checkpoints/em-checkpoint.ipynb", inside[0].read_bytes())

    found = choice.choose([tmp_path / "work.zip"], RELEASED)

    assert found.path == tmp_path / "work.zip" / "hand in" / "em-Copy1.ipynb"
    assert "work.zip/hand in/em-Copy1.ipynb counts: the others are as they were released" in found.note


@pytest.mark.parametrize("name", ["em.json", "em.txt", "em"])
def test_a_notebook_in_an_archive_is_recognised_by_its_content(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        archive.write(notebook(tmp_path / "em.ipynb"), name)
        archive.writestr("readme.md", "Here it is.")

    assert choice.choose([tmp_path / "work.zip"], RELEASED).path == tmp_path / "work.zip" / name


def test_only_the_first_of_many_are_compared(tmp_path):
    paths = [notebook(tmp_path / f"{number:02}.ipynb", e_step=str(number)) for number in range(40)]

    assert chosen(*paths)[1].endswith("Only the first 10 of 40 files were looked at: hand in one notebook.")


@pytest.mark.parametrize(
    "metadata",
    [
        {"executionInfo": {"timestamp": None}},
        {"executionInfo": {"timestamp": "soon"}},
        {"executionInfo": {"timestamp": 10**400}},
        {"executionInfo": {"timestamp": [1]}},
        {"executionInfo": 3, "execution": [1]},
        {"execution": {"a": "9999-12-31T23:59:59", "b": {}, "c": float("nan"), "d": "0001-01-01"}},
        {"execution": {"iopub.execute_input": "2999-01-01T00:00:00Z"}},
    ],
    ids=str,
)
def test_strange_times_are_ignored(tmp_path, metadata):
    strange = notebook(tmp_path / "em.ipynb", run=metadata, e_step="1")

    assert chosen(strange, notebook(tmp_path / "em-Copy1.ipynb", run=colab(1_790_000_000_000), e_step="2"))[1].endswith(
        "em-Copy1.ipynb counts: its name has the highest number."
    )
