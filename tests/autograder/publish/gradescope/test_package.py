import importlib.metadata
import json
import re
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from autograder import paths
from autograder.errors import ExportError
from autograder.publish.gradescope import package
from tests.autograder.toy import DOUBLE, TOY


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> zipfile.ZipFile:
    path = tmp_path_factory.mktemp("zip") / "deep" / "toy.zip"
    package.write(path, TOY)
    return zipfile.ZipFile(path)


def text(packed: zipfile.ZipFile, name: str) -> str:
    return packed.read(name).decode()


def test_the_scripts_are_at_the_root_and_can_be_run(packed):
    for name in ("setup.sh", "run_autograder"):
        assert stat.S_IMODE(packed.getinfo(name).external_attr >> 16) == 0o755
        assert text(packed, name).startswith("#!/usr/bin/env bash\n")


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_are_bash(name):
    subprocess.run(["bash", "-n", package.SCRIPTS / name], check=True)


def test_the_settings_are_the_instructor_s_choices(packed, tmp_path):
    assert json.loads(text(packed, "settings.json")) == {"assignment": "toy", "unsafe": False}

    package.write(tmp_path / "toy.zip", TOY, unsafe=True)

    assert json.loads(text(zipfile.ZipFile(tmp_path / "toy.zip"), "settings.json"))["unsafe"] is True


def test_the_zip_has_the_kit_with_its_metadata_and_no_compiled_files(packed):
    names = set(packed.namelist())

    assert {
        "kit/autograder/cli/__init__.py",
        "kit/autograder/publish/templates/feedback.html",
        "kit/reference/em.py",
    } < names
    assert {f"kit/assignments/{path.name}" for path in paths.ASSIGNMENT_TEXTS.glob("*.md")} < names
    assert not [name for name in names if name.endswith(".pyc")]
    assert not [name for name in names if {"answers", "sample_class"}.intersection(name.split("/"))]
    (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    assert "Name: gmm-teaching-kit\n" in text(packed, metadata)


def test_every_version_is_exact(packed):
    requirements = text(packed, "requirements.txt").splitlines()
    constraints = text(packed, "constraints.txt").splitlines()

    assert "jax==0.11.2" in requirements
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+", line) for line in constraints)
    assert set(requirements) < set(constraints)
    assert f"tfp-nightly=={importlib.metadata.version('tfp-nightly')}" in constraints, "what a library needs in turn"


def test_the_zip_contains_no_path_of_this_machine(packed):
    for name in packed.namelist():
        content = packed.read(name)
        assert str(paths.ROOT).encode() not in content, name
        assert str(Path.home()).encode() + b"/" not in content, name


def test_the_same_kit_makes_the_same_zip(packed, tmp_path):
    package.write(tmp_path / "again.zip", TOY)

    assert (tmp_path / "again.zip").read_bytes() == Path(str(packed.filename)).read_bytes()


def test_wheels_go_into_the_zip(tmp_path):
    (tmp_path / "jax-0.11.2-py3-none-any.whl").write_bytes(b"a wheel")
    (tmp_path / "notes.txt").write_text("no wheel")

    package.write(tmp_path / "toy.zip", TOY, wheels=tmp_path)

    with zipfile.ZipFile(tmp_path / "toy.zip") as packed:
        assert [name for name in packed.namelist() if name.startswith("wheels/")] == [
            "wheels/jax-0.11.2-py3-none-any.whl"
        ]


def test_a_folder_without_wheels_is_refused(tmp_path):
    with pytest.raises(ExportError, match=r"pip wheel uv -r requirements\.txt -c constraints\.txt"):
        package.write(tmp_path / "toy.zip", TOY, wheels=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_points_to_enter_on_gradescope():
    assert package.points(TOY) == "5 from the autograder, and 4 that you give by hand for essay"
    assert package.points(type(TOY)(name="toy", title="Toy", exercises=(DOUBLE,))) == "5 from the autograder"
