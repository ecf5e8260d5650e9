"""The kit, installed from a wheel, in an empty folder: it works as from a clone."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from autograder import fingerprint, paths
from autograder.publish.gradescope import package
from tests.autograder.test_sample_class import LOST

ASSIGNMENT, STUDENT = "categorization", "goran"
# Jupyter's templates and kernels are in the environment in which its libraries are installed.
JUPYTER = {"JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """An environment that has the wheel, and the libraries of the current environment."""
    wheels, folder = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("environment")
    run(Path(sys.executable), "-m", "hatchling", "build", "-t", "wheel", "-d", wheels, cwd=paths.ROOT)
    venv.create(folder, with_pip=False)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    # The clone is installed there too, by a `.pth` file, which Python reads only in an environment's own folder.
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = wheels.glob("*.whl")
    python = folder / "bin" / "python"
    run(Path("uv"), "pip", "install", "--offline", "--no-deps", "--python", python, wheel, cwd=folder)
    return folder / "bin"


def run(program: Path, *words: str | Path, cwd: Path) -> str:
    done = subprocess.run([program, *words], cwd=cwd, env=os.environ | JUPYTER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def in_it(environment: Path, code: str, cwd: Path) -> str:
    return run(environment / "python", "-c", code, cwd=cwd).strip()


def test_the_wheel_has_the_same_kit(environment, tmp_path):
    said = in_it(
        environment,
        "import json\n"
        "from autograder import fingerprint, paths\n"
        "from autograder.publish.gradescope import package\n"
        "checks = [fingerprint.checks(name) for name in paths.ASSIGNMENTS]\n"
        "sample = sorted(f'{path.parent.name}/{path.name}' for path in paths.SAMPLE_CLASS.rglob('*.ipynb'))\n"
        "right = [path.name for name in paths.ASSIGNMENTS for path in sorted(paths.answers(name).glob('*.py'))]\n"
        "print(json.dumps([str(paths.ROOT), fingerprint.kit(), checks, sorted(package.kit()), sample, right]))",
        tmp_path,
    )

    root, kit, checks, packed, sample, right = json.loads(said)
    assert Path(root).is_relative_to(environment.parent)
    assert kit == fingerprint.kit()
    assert checks == [fingerprint.checks(name) for name in paths.ASSIGNMENTS]
    assert packed == sorted(package.kit())
    assert sample == sorted(f"{path.parent.name}/{path.name}" for path in paths.SAMPLE_CLASS.rglob("*.ipynb"))
    assert right == [path.name for name in paths.ASSIGNMENTS for path in sorted(paths.answers(name).glob("*.py"))]
    assert len(right) > 6 * len(paths.ASSIGNMENTS)  # the audit of an installed kit tries them


@pytest.mark.long
def test_an_instructor_releases_grades_and_reports(environment, tmp_path):
    program = environment / "autograder"
    sample = Path(in_it(environment, "from autograder import paths; print(paths.SAMPLE_CLASS)", tmp_path))

    run(program, "release", ASSIGNMENT, cwd=tmp_path)
    run(program, "grade", ASSIGNMENT, sample / ASSIGNMENT / f"{STUDENT}.ipynb", cwd=tmp_path)
    run(program, "report", "--out", "class.html", ASSIGNMENT, cwd=tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.html", "course", "release"]
    assert (tmp_path / "release" / f"{ASSIGNMENT}.zip").exists()
    (verdict,) = json.loads((tmp_path / "course" / "results" / f"{ASSIGNMENT}.json").read_text())["submissions"]
    lost = {
        result["name"]: (result["score"], result["misconception"])
        for result in verdict["exercises"]
        if result["score"] is not None and not result["passed"]
    }
    assert lost == LOST[ASSIGNMENT][STUDENT]
    assert STUDENT in (tmp_path / "class.html").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_demo_runs(environment, tmp_path):
    told = in_it(
        environment,
        "from pathlib import Path\n"
        "from rich.console import Console\n"
        "from autograder.commands import demo\n"
        "demo.A_FEW['em'] = ('bilal', 'jonas')\n"
        "demo.run(Path('demo'), Console(width=120), names=('em',))",
        tmp_path,
    )

    assert "em: 2 notebooks" in told
    assert (tmp_path / "demo" / "class.html").exists()
    assert (tmp_path / "demo" / "solutions" / "em" / "em.html").exists()
