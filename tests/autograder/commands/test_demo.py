import io
import shutil
import webbrowser

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder import paths
from autograder.cli import app
from autograder.commands import demo
from autograder.errors import DemoError


@pytest.mark.long
def test_the_whole_story_on_a_small_class(tmp_path, monkeypatch):
    small = tmp_path / "class"
    for student in ("bilal", "jonas"):
        (small / "em").mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.SAMPLE_CLASS / "em" / f"{student}.ipynb", small / "em")
    monkeypatch.setattr(paths, "SAMPLE_CLASS", small)
    told = io.StringIO()
    out = tmp_path / "demo"

    pages = demo.run(out, Console(file=told, width=120), names=("em",))

    assert "em: 2 notebooks" in told.getvalue()
    assert "bilal" in told.getvalue()
    assert [page.relative_to(out).as_posix() for page in pages] == [
        "course/feedback/bilal/em/em.html",
        "class.html",
        "solutions/em/em.html",
    ]
    for page in pages:
        assert page.as_uri() in told.getvalue()
    for made in (
        "class.html",
        "release/em.zip",
        "course/gradebook.db",
        "course/results/em.json",
        "course/feedback/bilal/em/em.html",
        "solutions/em/em.ipynb",
        "solutions/em/em.html",
    ):
        assert (out / made).exists(), made


def test_a_folder_that_is_no_demo_is_not_touched(tmp_path):
    (tmp_path / "thesis.tex").touch()

    with pytest.raises(DemoError, match="holds something that is not a demo"):
        demo.run(tmp_path, Console(file=io.StringIO()), names=("em",))

    assert (tmp_path / "thesis.tex").exists()


def test_without_the_sample_class_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "SAMPLE_CLASS", tmp_path / "nowhere")

    with pytest.raises(DemoError, match="run the demo in a clone"):
        demo.run(tmp_path / "demo", Console(file=io.StringIO()), names=("em",))


@pytest.mark.parametrize(("words", "played"), [([], (demo.FIRST,)), (["--all"], paths.ASSIGNMENTS)])
def test_one_assignment_is_played_or_all(tmp_path, monkeypatch, words, played):
    asked = []
    monkeypatch.setattr(demo, "run", lambda *_, names, **__: asked.append(names) or ())

    result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "demo"), *words])

    assert result.exit_code == 0, result.output
    assert asked == [played]
    assert demo.FIRST in paths.ASSIGNMENTS


@pytest.mark.parametrize("works", [True, False])
def test_the_pages_are_opened_if_that_is_asked_for(tmp_path, monkeypatch, works):
    pages = (tmp_path / "a.html", tmp_path / "b c.html")
    opened = []
    monkeypatch.setattr(demo, "run", lambda *_, **__: pages)
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or works)

    closed = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "demo")])
    assert (closed.exit_code, opened) == (0, [])
    shown = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "demo"), "--open"])

    assert shown.exit_code == 0
    assert opened == [page.as_uri() for page in pages]
    assert ("open the links yourself" in shown.output) == (not works)
