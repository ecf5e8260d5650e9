import time
from pathlib import Path

import pytest

from autograder import libraries, paths
from autograder.errors import SandboxError
from autograder.sandbox import forkserver as parent_module
from autograder.sandbox.forkserver import Parent
from autograder.sandbox.outcomes import Ran
from autograder.sandbox.sandbox import Sandbox
from tests.autograder.test_libraries import install


@pytest.fixture
def bundle(tmp_path):
    return tmp_path


@pytest.fixture
def folders(tmp_path, monkeypatch) -> list[Path]:
    """Where libraries are installed: an environment over another."""
    folders = [tmp_path / "over" / "site-packages", tmp_path / "under" / "site-packages"]
    monkeypatch.setattr("sys.path", [str(tmp_path), *map(str, folders)])
    return folders


def linked(parent: Parent) -> dict[str, Path]:
    view = parent.scratch / "libraries"
    return {entry.name: entry.readlink() for entry in view.iterdir() if not entry.name.endswith(".dist-info")}


OWN = {"kit_student": paths.STUDENT, "selfcheck": paths.SELFCHECK}


def test_of_what_is_installed_only_what_a_notebook_needs_is_among_the_libraries(folders):
    install(folders[0], "numpy", files="numpy/__init__.py numpy.libs/blas.so numpy.pth")
    install(folders[0], "scikit-learn", files="sklearn/__init__.py", needs=("numpy",))
    install(folders[0], "gmm-teaching-kit", files="autograder/__init__.py reference/em.py assignments/em.md _kit.pth")
    with Parent() as parent:
        assert linked(parent) == OWN | {name: folders[0] / name for name in ("numpy", "numpy.libs")}
        assert parent.libraries == libraries.ALWAYS


def test_of_a_library_that_is_there_twice_the_first_counts(folders):
    for folder in folders:
        install(folder, "numpy", files="numpy/__init__.py")
    install(folders[1], "scipy", files="scipy/__init__.py", needs=("numpy",))
    with Parent() as parent:
        assert linked(parent) == OWN | {"numpy": folders[0] / "numpy", "scipy": folders[1] / "scipy"}


def test_an_assignments_libraries_come_with_what_they_need_beside_the_others(folders):
    install(folders[0], "numpy", files="numpy/__init__.py")
    install(folders[0], "arviz-stats", files="arviz_stats/__init__.py", needs=("numpy", "xarray"))
    install(folders[1], "xarray", files="xarray/__init__.py")
    with Parent() as parent:
        before = linked(parent)
        parent.preload(("arviz_stats",))

        added = {"arviz_stats": folders[0] / "arviz_stats", "xarray": folders[1] / "xarray"}
        assert linked(parent) == before | added
        assert parent.libraries == ("arviz_stats", *libraries.ALWAYS)
        assert set(added.values()) <= {*parent.readable.whole}


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
