"""The first cell of a notebook, run in a folder that lacks something."""

import functools
import http.server
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import exercises, paths
from autograder.errors import BuildError
from autograder.notebooks import build, start

TOOLS = exercises.load("categorization")
# As Jupyter runs it: a shell of IPython, in the notebook's folder, which is on the import path.
SHELL = """
import sys
sys.path.insert(0, "")
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
result = shell.run_cell(sys.argv[1])
error = result.error_before_exec or result.error_in_exec
print("SAID", "" if error is None else "\\n".join(error._render_traceback_()))
"""


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that students receive, without public cases: they do not matter here."""
    folder = tmp_path_factory.mktemp("release")
    bundle = folder / TOOLS.name
    shutil.copytree(paths.SELFCHECK, bundle / "selfcheck", ignore=shutil.ignore_patterns("__pycache__"))
    (bundle / f"{TOOLS.name}.json").write_text("{}")
    (bundle / f"{TOOLS.name}.ipynb").write_text("released")
    return Path(shutil.make_archive(str(bundle), "zip", root_dir=folder, base_dir=TOOLS.name))


@pytest.fixture
def student(tmp_path: Path) -> Path:
    """A student's folder, with a notebook that the student has worked on."""
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / f"{TOOLS.name}.ipynb").write_text("worked on")
    return folder


@pytest.fixture
def hosted(zipped: Path) -> Iterator[str]:
    """The address of a folder on a server that has the zip."""
    serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(zipped.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def said(folder: Path, url: str = "") -> str:
    """What the cell says where it stops; nothing if all is there."""
    cell = start.cell(TOOLS, build.requirements(TOOLS), start.zip_address(url, TOOLS.name) if url else "")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SHELL, cell], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("SAID")[2].strip()


def is_complete(folder: Path) -> bool:
    notebook = (folder / f"{TOOLS.name}.ipynb").read_text()
    return (folder / "selfcheck" / "checks.py").exists() and (notebook == "worked on")


def test_a_zip_beside_the_notebook_is_unpacked(student, zipped):
    shutil.copy(zipped, student / f"{TOOLS.name} (1).zip")

    assert said(student) == ""
    assert is_complete(student)


def test_where_everything_is_there_nothing_happens(student, zipped):
    shutil.unpack_archive(zipped, student.parent)
    folder = student.parent / TOOLS.name

    assert said(folder, "http://127.0.0.1:9/nothing-listens-here") == ""


def test_the_zip_comes_from_its_address(student, hosted):
    assert said(student, hosted) == ""
    assert is_complete(student)


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/nothing-listens-here"])
def test_what_is_missing_is_told_in_a_sentence(student, url):
    sentence = said(student, url)

    assert f"It is in {TOOLS.name}.zip" in sentence
    assert str(student) in sentence
    assert "Traceback" not in sentence


@pytest.mark.parametrize("version", ["0.0.1", None])
def test_an_older_self_check_is_told_and_replaced(student, zipped, version):
    shutil.unpack_archive(zipped, student.parent)
    folder = student.parent / TOOLS.name
    (folder / f"{TOOLS.name}.ipynb").write_text("worked on")
    path = folder / "selfcheck" / "version.txt"
    path.unlink()
    if version:
        path.write_text(version)

    assert "is not here" in said(folder)
    shutil.copy(zipped, folder)
    assert said(folder) == ""
    assert is_complete(folder)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut off"])
def test_a_broken_zip_is_told_in_a_sentence(student, content):
    (student / f"{TOOLS.name}.zip").write_bytes(content)

    assert "run this cell again" in " ".join(said(student).split())  # the lines break at 90 letters


def test_a_zip_that_leads_elsewhere_writes_nothing_there(student):
    with zipfile.ZipFile(student / f"{TOOLS.name}.zip", "w") as bundle:
        bundle.writestr(f"{TOOLS.name}/../../outside.py", "x = 1")

    assert "run this cell again" in " ".join(said(student).split())  # the lines break at 90 letters
    assert not (student.parent / "outside.py").exists()
    assert not (student.parent.parent / "outside.py").exists()


@pytest.mark.parametrize(
    ("base", "zip_address", "notebook"),
    [
        ("https://uni.example/gmm/", "https://uni.example/gmm/em.zip", None),
        (
            "https://github.com/o/r/tree/main/week 1".replace(" ", "%20"),
            "https://raw.githubusercontent.com/o/r/main/week%201/em.zip",
            "o/r/blob/main/week%201/em/em.ipynb",
        ),
        (
            "https://github.com/o/r/tree/main",
            "https://raw.githubusercontent.com/o/r/main/em.zip",
            "o/r/blob/main/em/em.ipynb",
        ),
        (
            "https://raw.githubusercontent.com/o/r/refs/heads/main/a/b/",
            "https://raw.githubusercontent.com/o/r/main/a/b/em.zip",
            "o/r/blob/main/a/b/em/em.ipynb",
        ),
        ("https://o.github.io/r", "https://o.github.io/r/em.zip", None),
    ],
)
def test_addresses(base, zip_address, notebook):
    assert start.zip_address(base, "em") == zip_address
    shown = start.badge(base, "em")
    assert shown == (notebook and f"[![Open in Colab]({start.BADGE})]({start.COLAB}/{notebook})")


@pytest.mark.parametrize(
    "base", ["uni.example/gmm", "ftp://uni.example", "https://", 'https://a.b/" + evil + "', "x y"]
)
def test_what_is_no_address_is_told(base):
    with pytest.raises(BuildError, match="is not an address"):
        start.zip_address(base, "em")


def test_only_a_notebook_on_github_has_a_badge():
    there, elsewhere, nowhere = (
        build.source_notebook(TOOLS, url=url) for url in ("https://github.com/o/r/tree/main", "https://a.example", "")
    )

    assert there.cells[0].source.startswith("[![Open in Colab]")
    for notebook in (elsewhere, nowhere):
        assert not any(cell.source.startswith("[![Open") for cell in notebook.cells)


def test_the_version_is_that_of_the_project():
    pinned = (paths.SELFCHECK / "version.txt").read_text().strip()

    assert f'version = "{pinned}"\n' in (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert json.dumps(pinned) in start.cell(TOOLS, [], "")
