"""The given pictures: a notebook shows them by name, with a text that describes them."""

import asyncio
import base64
import builtins
import io
import json
import re
import threading
from functools import cache
from itertools import pairwise
from typing import Any

import IPython.display
import matplotlib.pyplot as plt
import pytest
from ipywidgets.widgets.widget import _instances
from PIL import Image

from autograder import paths
from autograder.exercises import load
from autograder.student.selfcheck import Pictures, codec
from autograder.student.selfcheck.pictures import display
from reference.real_data import portrait

numbers = cache(lambda assignment: load(assignment).pictures())
written = cache(lambda assignment: json.dumps({"exercises": {}, "pictures": codec.encode(numbers(assignment))}))
ASSIGNMENTS = [name for name in paths.ASSIGNMENTS if load(name).pictures is not dict]
EVERY = 3  # without --long, only every third picture of an assignment is drawn
MOVING = ("learning", "chain")  # many frames; of these, the plain run draws one below
NAMES = [
    pytest.param(assignment, name, marks=pytest.mark.long if number % EVERY or name in MOVING else ())
    for assignment in ASSIGNMENTS
    for number, name in enumerate(
        re.findall(r'^show\("(\w+)"', (paths.ASSIGNMENT_TEXTS / f"{assignment}.md").read_text(), re.MULTILINE)
    )
]
DATA = {"two_tasks": (portrait(12),)}


@pytest.fixture
def shown(monkeypatch):
    """The displayed pictures, as if a notebook were running: pairs of data and metadata."""
    outputs = []

    def keep(value, *, raw=False, metadata=None):
        outputs.append((value if raw else {"text/html": value.data}, metadata or {}))

    monkeypatch.setattr(display, "somebody_looks", lambda: True)
    monkeypatch.setattr(IPython.display, "display", keep)
    return outputs


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """Write the numbers of an assignment's pictures beside the notebook, and make the object that shows them."""
    monkeypatch.chdir(tmp_path)

    def make(assignment: str) -> Pictures:
        (tmp_path / f"{assignment}.json").write_text(written(assignment))
        return Pictures(assignment)

    return make


def described(html: str) -> str:
    """The text that describes an animation."""
    [alt] = re.findall(r'<img alt="([^"]+)" src="data:image/png;base64,\w', html)
    return alt


@pytest.mark.parametrize(("assignment", "name"), NAMES)
def test_every_picture_is_drawn_and_described(assignment, name, beside, shown):
    before = plt.get_fignums()

    beside(assignment)(name, *DATA.get(name, ()))

    assert shown
    for data, metadata in shown:
        if "text/html" in data:
            alt = described(data["text/html"])
        else:
            alt = metadata["image/png"]["alt"]
            Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).verify()
        assert len(alt) > 60 or "application/vnd.jupyter.widget-view+json" in data
        assert alt.endswith(".")
    assert plt.get_fignums() == before


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_numbers_of_pictures_are_small(assignment):
    assert len(json.dumps(codec.encode(numbers(assignment)))) < 140_000


def test_nothing_is_drawn_without_a_notebook(beside, monkeypatch):
    monkeypatch.setattr(display, "still", pytest.fail)

    beside("em")("puzzle")


def test_an_unknown_name_raises_an_error_with_all_names(beside, shown):
    with pytest.raises(KeyError, match="no picture 'puzle'; there are: puzzle, learning"):
        beside("em")("puzle")


def test_a_figure_of_your_own_is_shown_with_its_description(beside, shown):
    figure, _ = plt.subplots()

    beside("em")(figure, alt="An empty pair of axes.")

    assert shown[0][1] == {"image/png": {"alt": "An empty pair of axes."}}
    assert shown[0][0]["text/html"].startswith('<img alt="An empty pair of axes." src="data:image/png;base64,')
    assert shown[0][0]["image/png"] in shown[0][0]["text/html"]


def test_an_animation_is_small_and_needs_no_network(beside, shown):
    beside("em")("learning")

    html = shown[0][0]["text/html"]
    assert len(described(html)) > 60
    assert len(html) < 400_000
    assert "http" not in html
    assert '<i class="' not in html
    frames = [base64.b64decode(frame) for frame in re.findall(r"base64,([\w+/=]+)", html)]
    assert len(frames) == 1 + len(numbers("em")["learning"]["log_likelihoods"])
    assert all(first != second for first, second in pairwise(frames[1:-2]))
    for frame in frames:
        Image.open(io.BytesIO(frame)).verify()


def test_a_slider_changes_the_picture_and_its_description(beside, shown):
    beside("categorization")("mixture")

    data, metadata = shown[0]
    assert "p(x) has 2 peaks." in metadata["image/png"]["alt"]
    box: Any = _instances[data["application/vnd.jupyter.widget-view+json"]["model_id"]]
    *sliders, picture = box.children
    assert [slider.description for slider in sliders] == [
        "weight of component 0",
        "distance of the means",
        "std of component 0",
        "std of component 1",
    ]
    before = picture.value
    assert "p(x) has 2 peaks." in before
    sliders[1].value = 1.0
    assert "distance of the means 1, " in picture.value
    assert "p(x) has 1 peak." in picture.value
    assert picture.value.split("src=")[1] != before.split("src=")[1]


def test_a_picture_is_drawn_by_the_thread_of_the_cells_and_only_once_for_many_moves():
    drawn: list[int] = []

    async def cell() -> None:
        later = display._between_cells(lambda: drawn.append(threading.get_ident()))
        mover = threading.Thread(target=lambda: [later() for _ in range(5)])
        mover.start()
        mover.join()
        assert drawn == []  # a cell is running
        await asyncio.sleep(0)
        assert drawn == [threading.get_ident()]
        later()
        await asyncio.sleep(0)
        assert len(drawn) == 2

    asyncio.run(cell())


def test_without_the_library_for_sliders_there_is_a_still_figure(beside, shown, monkeypatch, capsys):
    imported = builtins.__import__

    def missing(name, *args, **options):
        if name == "ipywidgets":
            raise ImportError(name)
        return imported(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    beside("categorization")("mixture")

    assert [*shown[0][0]] == ["text/html", "image/png"]
    assert "p(x) has 2 peaks." in shown[0][1]["image/png"]["alt"]
    assert "ipywidgets" in capsys.readouterr().out


def test_a_missing_file_raises_an_error_that_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(FileNotFoundError, match=r"em\.json is not beside this notebook"):
        Pictures("em")
