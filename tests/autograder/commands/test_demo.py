import io
import shutil

import pytest
from rich.console import Console

from autograder import paths
from autograder.commands import demo
from autograder.errors import DemoError


def test_the_whole_story_on_a_small_class(tmp_path, monkeypatch):
    small = tmp_path / "class"
    for student in ("bilal", "jonas"):
        (small / "em").mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.SAMPLE_CLASS / "em" / f"{student}.ipynb", small / "em")
    monkeypatch.setattr(paths, "SAMPLE_CLASS", small)
    monkeypatch.setattr(paths, "ASSIGNMENTS", ("em",))
    told = io.StringIO()
    out = tmp_path / "demo"

    demo.run(out, Console(file=told, width=120))

    assert "em: 2 notebooks" in told.getvalue()
    assert "bilal" in told.getvalue()
    assert str(out / "class.html") in told.getvalue()
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
        demo.run(tmp_path, Console(file=io.StringIO()))

    assert (tmp_path / "thesis.tex").exists()


def test_without_the_sample_class_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "SAMPLE_CLASS", tmp_path / "nowhere")

    with pytest.raises(DemoError, match="run the demo in a clone"):
        demo.run(tmp_path / "demo", Console(file=io.StringIO()))
