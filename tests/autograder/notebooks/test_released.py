from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebooks import released


def tag(**changed):
    return {"nbgrader": {"grade": False, "solution": False, "locked": False} | changed}


def test_the_tagged_cells_are_sorted():
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# EM"),
            new_code_cell("import jax", metadata=tag(grade_id="setup", locked=True)),
            new_code_cell("def e_step(): ...", metadata=tag(grade_id="e_step", solution=True)),
            new_code_cell("check()", metadata=tag(grade_id="check_e_step", locked=True, grade=True)),
            new_markdown_cell("Why?"),
            new_markdown_cell("YOUR ANSWER HERE", metadata=tag(grade_id="written_em", solution=True, grade=True)),
            new_code_cell("1 + 1"),
        ]
    )

    release = released.read(notebook)

    assert release.given == {"setup": "import jax"}
    assert release.skeletons == {"e_step": "def e_step(): ..."}
    assert release.checks == {"check_e_step": "check()"}
    assert release.written == {"written_em": "Why?"}
    assert [name in release for name in ("setup", "written_em", "1 + 1")] == [True, True, False]
    assert (release.kind("written_em"), release.kind("e_step")) == ("markdown", "code")
