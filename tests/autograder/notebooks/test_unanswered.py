"""A released notebook that nobody has answered runs from top to bottom: no cell is silent, and no cell fails."""

import asyncio
import re

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import paths
from autograder.course.release import write_release
from autograder.exercises import load

MAX_BYTES = 1_000_000
# Cells that only define something, or that install nothing here.
SILENT = re.compile(r"import |def |@|# |[A-Z]+ = ")
WITH_PICTURES = [name for name in paths.ASSIGNMENTS if load(name).pictures is not dict]


# One notebook stands for all, but with --long.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "categorization" else pytest.mark.long) for name in WITH_PICTURES]
)
def test_it_says_what_is_missing_and_shows_its_pictures(name, tmp_path):
    folder = write_release(load(name), tmp_path)
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        allow_errors=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],
    )

    asyncio.run(client.async_execute())

    for cell in (one for one in notebook.cells if one.cell_type == "code"):
        errors = [output.ename for output in cell.outputs if output.output_type == "error"]
        assert errors == (["CheckFailed"] if cell.source.startswith("check(") else []), cell.source
        assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.source
        assert cell.outputs or SILENT.match(cell.source), cell.source
        if cell.source.startswith("if check.needs("):
            assert "run its check" in cell.outputs[0].text
    assert len(nbformat.writes(notebook).encode()) < MAX_BYTES
