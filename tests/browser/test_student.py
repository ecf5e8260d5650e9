"""A student in JupyterLab: an answer, its self-check, nbgrader's Validate button."""

import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from autograder import exercises, paths
from autograder.course.release import write_release

EXERCISE = "component_log_density"
SKETCH = f"""\
def {EXERCISE}(x, means, stds):
    z = (x[:, None] - means) / stds
    return -0.5 * z**2 - jnp.log(stds)"""
RIGHT = f"{SKETCH} - 0.5 * jnp.log(2 * jnp.pi)"


@pytest.fixture
def begun(tmp_path) -> Path:
    """The released notebook in a student's folder, with all exercises answered but the first."""
    path = write_release(exercises.load("categorization"), tmp_path / "home") / "categorization.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nbformat.read(paths.SAMPLE_CLASS / "categorization" / "ada.ipynb", as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for cell in notebook.cells:
        if cell.id != EXERCISE:
            cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, path)
    return path


@pytest.mark.long
def test_a_student_answers_checks_and_validates(begun, jupyter):
    page = jupyter(begun.parent, f"lab/tree/{begun.name}")
    page.get_by_role("button", name="No", exact=True).click()  # no news, please
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # there is a kernel to run cells

    answer(page, SKETCH)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Above Selected Cell").click()
    output = run(page)
    expect(output).to_contain_text("0 of 4 public cases are right")
    expect(output).to_contain_text("The constant of the Gaussian is missing.")

    answer(page, RIGHT)
    output = run(page)
    expect(output).to_contain_text("4 of 4 public cases are right")
    expect(output).to_contain_text("✓ right: eight points")
    expect(output).not_to_contain_text("✗")

    page.get_by_role("button", name="Validate").click()
    expect(page.get_by_role("dialog")).to_contain_text("Success! Your notebook passes all the tests.")


@pytest.mark.long
def test_a_notebook_that_lies_alone_asks_for_its_zip(begun, jupyter, tmp_path):
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(begun, alone)
    page = jupyter(alone, f"lab/tree/{begun.name}")
    page.get_by_role("button", name="No", exact=True).click()  # no news, please
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    run_all(page)
    outputs = page.locator(".jp-Cell-outputArea")
    expect(outputs.first).to_contain_text("It is in categorization.zip, which your course hands out.")
    expect(page.locator(".jp-Notebook")).not_to_contain_text("Traceback")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # while cells run, JupyterLab scrolls the button away
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose categorization.zip").click()
    chooser.value.set_files(begun.parent.with_suffix(".zip"))
    page.get_by_text("Thank you: run the cell again").wait_for()

    run_all(page)
    expect(cell(page, 'show("valley")').locator("img")).to_be_visible()
    assert (alone / "selfcheck" / "version.txt").exists()


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def cell(page: Page, text: str) -> Locator:
    return page.locator(".jp-CodeCell", has_text=text)


def answer(page: Page, source: str) -> None:
    cell(page, f"def {EXERCISE}").locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def run(page: Page) -> Locator:
    """Run the answer and the check below it. Returns what the check has put out."""
    cell(page, f"def {EXERCISE}").locator(".cm-content").click()
    for _ in range(2):
        page.keyboard.press("Shift+Enter")
    return cell(page, f'check("{EXERCISE}"').locator(".jp-Cell-outputArea")
