import time
from pathlib import Path

import pytest

from autograder import parent as parent_module
from autograder.parent import Parent, SandboxError
from autograder.replies import Ran
from autograder.sandbox import Sandbox


@pytest.fixture
def bundle(tmp_path):
    return tmp_path


def test_an_installed_kit_is_not_among_the_libraries(monkeypatch, tmp_path):
    hidden = ["autograder", "reference", "assignments", "gmm_teaching_kit-0.1.0.dist-info", "_gmm_teaching_kit.pth"]
    for name in [*hidden, "elsewhere.pth", "__pycache__", "numpy"]:
        (tmp_path / name).mkdir()
    monkeypatch.setattr(parent_module, "library_folders", lambda: [tmp_path])
    with Parent() as parent:
        view = parent.scratch / "libraries"
        assert sorted(entry.name for entry in view.iterdir()) == ["beside", "numpy", "selfcheck"]


def test_of_a_library_that_is_there_twice_the_first_counts(monkeypatch, tmp_path):
    folders = [tmp_path / "over" / "site-packages", tmp_path / "under" / "site-packages"]
    for folder in folders:
        (folder / "numpy").mkdir(parents=True)
    (folders[1] / "scipy").mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path), *map(str, folders)])
    with Parent() as parent:
        view = parent.scratch / "libraries"
        assert (view / "numpy").readlink() == folders[0] / "numpy"
        assert (view / "scipy").readlink() == folders[1] / "scipy"


def test_one_that_cannot_start_says_why(bundle, monkeypatch):
    monkeypatch.setattr(parent_module, "PRELOAD", ("no_such_library",))
    with Sandbox(bundle=bundle) as sandbox, pytest.raises(SandboxError, match="No module named 'no_such_library'"):
        sandbox.start()


def test_one_that_is_killed_before_it_is_asked_is_told_of(bundle):
    with Parent() as parent:
        parent.kill()
        while Path(f"/proc/{parent.pid}/stat").read_text().split()[2] != "Z":
            time.sleep(0.01)
        with Sandbox(bundle=bundle, parent=parent) as sandbox, pytest.raises(SandboxError, match="ended"):
            sandbox.start()


def test_one_that_is_closed_before_it_is_ready_ends():
    parent = Parent()
    started = time.monotonic()
    parent.close()
    assert not Path(f"/proc/{parent.pid}").exists()
    assert not parent.scratch.exists()
    assert time.monotonic() - started < parent_module.CLOSE_SECONDS


def test_one_that_was_started_before_serves_a_sandbox_and_goes_with_it(bundle, monkeypatch):
    monkeypatch.setattr(parent_module, "PRELOAD", ("jax.numpy", "selfcheck"))  # to start quickly
    with Parent() as parent:
        with Sandbox(bundle=bundle, parent=parent, preload=("colorsys",)) as sandbox, sandbox.start() as worker:
            reply = worker.run_cell("import sys\nprint('colorsys' in sys.modules, 'wave' in sys.modules)")
            assert isinstance(reply, Ran)
            assert reply.output.split()[-2:] == ["True", "False"]
            assert parent.scratch in worker._folder.parents
        assert not Path(f"/proc/{parent.pid}").exists()
