import time
from pathlib import Path

import pytest

from autograder import libraries, paths
from autograder.errors import SandboxError
from autograder.sandbox import forkserver as parent_module
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.outcomes import Ran
from autograder.sandbox.sandbox import Sandbox
from tests.autograder.test_libraries import install


@pytest.fixture
def bundle(tmp_path):
    return tmp_path


@pytest.fixture
def folders(tmp_path, monkeypatch) -> list[Path]:
    """Two folders of installed libraries: of an inner and of an outer environment."""
    folders = [tmp_path / "over" / "site-packages", tmp_path / "under" / "site-packages"]
    monkeypatch.setattr("sys.path", [str(tmp_path), *map(str, folders)])
    return folders


def linked(server: ForkServer) -> dict[str, Path]:
    view = server.scratch / "libraries"
    return {entry.name: entry.readlink() for entry in view.iterdir() if not entry.name.endswith(".dist-info")}


OWN = {"kit_student": paths.STUDENT, "selfcheck": paths.SELFCHECK}


def test_only_the_libraries_that_a_notebook_needs_are_linked(folders):
    install(folders[0], "numpy", files="numpy/__init__.py numpy.libs/blas.so numpy.pth")
    install(folders[0], "scikit-learn", files="sklearn/__init__.py", needs=("numpy",))
    install(folders[0], "gmm-teaching-kit", files="autograder/__init__.py reference/em.py assignments/em.md _kit.pth")
    with ForkServer() as server:
        assert linked(server) == OWN | {name: folders[0] / name for name in ("numpy", "numpy.libs")}
        assert server.libraries == libraries.ALWAYS


def test_the_first_copy_of_a_library_is_linked(folders):
    for folder in folders:
        install(folder, "numpy", files="numpy/__init__.py")
    install(folders[1], "scipy", files="scipy/__init__.py", needs=("numpy",))
    with ForkServer() as server:
        assert linked(server) == OWN | {"numpy": folders[0] / "numpy", "scipy": folders[1] / "scipy"}


def test_an_assignments_libraries_are_linked_with_their_dependencies(folders):
    install(folders[0], "numpy", files="numpy/__init__.py")
    install(folders[0], "arviz-stats", files="arviz_stats/__init__.py", needs=("numpy", "xarray"))
    install(folders[1], "xarray", files="xarray/__init__.py")
    with ForkServer() as server:
        before = linked(server)
        server.preload(("arviz_stats",))

        added = {"arviz_stats": folders[0] / "arviz_stats", "xarray": folders[1] / "xarray"}
        assert linked(server) == before | added
        assert server.libraries == ("arviz_stats", *libraries.ALWAYS)
        assert set(added.values()) <= {*server.readable.whole}


def test_a_fork_server_that_cannot_start_reports_why(bundle, monkeypatch):
    monkeypatch.setattr(parent_module, "PRELOAD", ("no_such_library",))
    with Sandbox(bundle=bundle) as sandbox, pytest.raises(SandboxError, match="No module named 'no_such_library'"):
        sandbox.start()


def test_a_fork_server_that_was_killed_raises_an_error(bundle):
    with ForkServer() as server:
        server.kill()
        while Path(f"/proc/{server.pid}/stat").read_text().split()[2] != "Z":
            time.sleep(0.01)
        with Sandbox(bundle=bundle, server=server) as sandbox, pytest.raises(SandboxError, match="ended"):
            sandbox.start()


def test_a_fork_server_that_is_closed_early_ends():
    server = ForkServer()
    started = time.monotonic()
    server.close()
    assert not Path(f"/proc/{server.pid}").exists()
    assert not server.scratch.exists()
    assert time.monotonic() - started < parent_module.CLOSE_SECONDS


def test_a_sandbox_uses_and_closes_a_running_fork_server(bundle, monkeypatch):
    monkeypatch.setattr(parent_module, "PRELOAD", ("jax.numpy", "selfcheck"))  # to start quickly
    with ForkServer() as server:
        with (
            Sandbox(bundle=bundle, server=server, preload=("colorsys",)) as sandbox,
            sandbox.start() as worker,
        ):
            reply = worker.run_cell("import sys\nprint('colorsys' in sys.modules, 'wave' in sys.modules)")
            assert isinstance(reply, Ran)
            assert reply.output.split()[-2:] == ["True", "False"]
            assert server.scratch in worker._folder.parents
        assert not Path(f"/proc/{server.pid}").exists()


def test_sandboxes_share_a_fork_server_and_each_adds_its_libraries(bundle, monkeypatch):
    monkeypatch.setattr(parent_module, "PRELOAD", ("jax.numpy", "selfcheck"))
    asked = "import sys\nprint([name for name in ('colorsys', 'wave') if name in sys.modules])"
    with ForkServer() as server:
        for library, imported in (("colorsys", "['colorsys']"), ("wave", "['colorsys', 'wave']")):
            sandbox = Sandbox(bundle=bundle, server=server, preload=(library,))
            with sandbox.start() as worker:
                reply = worker.run_cell(asked)
                assert isinstance(reply, Ran)
                assert reply.output.strip() == imported
