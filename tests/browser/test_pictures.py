"""Sliders and an animation in JupyterLab, as a student moves them."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect

from autograder import exercises
from autograder.notebooks import build


@pytest.fixture
def pictures(tmp_path) -> Path:
    """A notebook with nothing but three given pictures."""
    folder = tmp_path / "home"
    for name in ("categorization", "em"):
        build.write_bundle(exercises.load(name), folder)
    cells = [
        new_code_cell('from selfcheck import Pictures\n\nPictures("categorization")("mixture")'),
        new_code_cell('Pictures("em")("learning")'),
        new_code_cell('Pictures("categorization")("boundaries")'),
    ]
    path = folder / "pictures.ipynb"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def described(*, distance: int, peaks: str) -> str:
    return f"Weights 0.5 and 0.5, distance of the means {distance}, standard deviations 1 and 1: p(x) has {peaks}."


@pytest.mark.long
def test_sliders_move_a_picture_and_buttons_an_animation(pictures, jupyter):
    page: Page = jupyter(pictures.parent, f"lab/tree/{pictures.name}")
    page.get_by_role("button", name="No", exact=True).click()  # no news, please
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    picture = page.locator(".jp-OutputArea img[alt*='p(x) has']").first
    expect(picture).to_have_attribute("alt", described(distance=3, peaks="2 peaks"))
    handle = page.locator(".widget-slider .noUi-handle").nth(1)
    handle.focus()
    last = page.locator(".jp-CodeCell").nth(2)
    still = last.locator("img").get_attribute("src")
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("alt", described(distance=1, peaks="1 peak"))

    # A cell that draws while a slider moves draws what it always draws.
    for key in ("ArrowRight", "ArrowLeft"):
        handle.focus()
        for _ in range(4):
            page.keyboard.press(key)
        last.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        handle.focus()
        for _ in range(4):
            page.keyboard.press(key)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        expect(last.locator("img")).to_have_count(1)
        assert last.locator("img").get_attribute("src") == still
    expect(picture).to_have_attribute("alt", described(distance=1, peaks="1 peak"))

    frame = page.locator("img[alt^='An animation of EM']")
    first = frame.get_attribute("src")
    page.get_by_role("button", name="Next frame").click()
    expect(frame).not_to_have_attribute("src", first or "")
