"""The files that student code may read, and the probe of the machine."""

import json
import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.sandbox import isolation, visible_files
from autograder.sandbox.visible_files import Readable, without


@pytest.fixture
def tree(tmp_path) -> Path:
    for name in ("lib/kit/public", "lib/kit/secret", "lib/numpy", "lib/deep/kit", "lib/deep/other", "clone/venv/numpy"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def kept(tree: Path, wanted: str, hidden: str) -> Readable:
    return without(frozenset(tree / name for name in wanted.split()), frozenset(tree / name for name in hidden.split()))


def below(tree: Path, *names: str) -> tuple[Path, ...]:
    return tuple(tree / name for name in names)


def test_wanted_paths_are_kept_once_if_nothing_is_hidden(tree):
    assert kept(tree, "lib lib/numpy clone/venv", "") == Readable(
        whole=below(tree, "clone/venv", "lib"), bound=below(tree, "clone/venv", "lib")
    )


def test_hidden_paths_are_cut_out_except_wanted_paths_inside(tree):
    assert kept(tree, "lib lib/kit/public", "lib/kit lib/deep/kit") == Readable(
        whole=below(tree, "lib/deep/other", "lib/kit/public", "lib/numpy"),
        names=below(tree, "lib", "lib/deep"),
        bound=below(tree, "lib", "lib/kit/public"),
        covered=below(tree, "lib/deep/kit", "lib/kit"),
    )


def test_wanted_paths_in_a_hidden_clone_stay(tree):
    assert kept(tree, "lib clone/venv", "clone") == kept(tree, "lib clone/venv", "")


def test_a_folder_that_is_wanted_and_hidden_stays(tree):
    assert kept(tree, "lib", "lib lib/kit").covered == below(tree, "lib/kit")


def test_the_kit_is_hidden_and_its_public_part_is_readable(tmp_path):
    libraries = Path(pytest.__file__).parents[1]
    readable = visible_files.readable(tmp_path, [libraries / "numpy"])
    for name in (
        "autograder/cli/__init__.py",
        "autograder/exercises/em/answers/ada.py",
        "reference/em.py",
        "assignments/em.md",
        "tests",
        ".git",
        "pyproject.toml",
    ):
        file = (paths.ROOT / name).resolve()
        assert not {file, *file.parents}.intersection(readable.whole), name
    assert not {Path(pytest.__file__), *Path(pytest.__file__).parents}.intersection(readable.whole)
    for file in (libraries / "numpy" / "__init__.py", Path(json.__file__), tmp_path):
        assert {file.resolve(), *file.resolve().parents}.intersection(readable.whole), file


def test_only_named_libraries_are_readable_and_not_the_kit(tmp_path, monkeypatch):
    for name in ("autograder/student", "autograder/exercises", "reference", "assignments", "numpy", "sklearn"):
        (tmp_path / "lib/site" / name).mkdir(parents=True)
    (tmp_path / "lib/json").mkdir()
    (tmp_path / "link").symlink_to("lib/site")
    site = tmp_path / "lib/site"
    monkeypatch.setattr(visible_files, "library_folders", lambda: [site])
    monkeypatch.setattr(paths, "ROOT", site)
    monkeypatch.setattr(visible_files, "SYSTEM", (str(tmp_path / "lib"),))
    readable = visible_files.readable(tmp_path / "view", [tmp_path / "link/numpy", site / "autograder/student"])
    inside = [path for path in readable.whole if tmp_path in path.parents]
    assert inside == [tmp_path / "lib/json", site / "autograder/student", site / "numpy"]
    assert readable.covered == (site,)
    assert {tmp_path / "lib", site / "numpy", site / "autograder/student"} <= {*readable.bound}
    assert (tmp_path / "link/numpy", site / "numpy") in readable.links


def test_another_system_has_no_layer(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert set(isolation.probe.__wrapped__().values()) == {"it needs a Linux kernel, and this is darwin"}


def test_a_probe_that_breaks_is_reported(monkeypatch):
    monkeypatch.setattr(isolation, "_PROBE", "raise SystemExit('no luck')")
    assert isolation.probe.__wrapped__() == dict.fromkeys(isolation.LAYERS, "no luck")
