"""The libraries that a student's notebook can import: those of its release and what they need, in any installation."""

import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import exercises, libraries
from autograder.notebooks import build
from autograder.sandbox.outcomes import Ran
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
from autograder.student.selfcheck.outcomes import Failure

EM, COFFEE = exercises.load("em"), exercises.load("coffee")


def install(folder: Path, name: str, *, files: str = "", needs: tuple[str, ...] = (), record: bool = True) -> None:
    """Install a distribution there, as an installer does."""
    own = f"{name.replace('-', '_')}-1.0.dist-info"
    noted = [*files.split(), f"{own}/METADATA", f"{own}/RECORD"]
    for line in noted:
        path = folder / line
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {need}" for need in needs)]
    (folder / own / "METADATA").write_text("\n".join(lines) + "\n")
    if record:
        (folder / own / "RECORD").write_text("".join(f"{line},sha256=0,0\n" for line in noted))
    else:
        (folder / own / "RECORD").unlink()


@pytest.fixture
def site(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder)])
    return folder


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["alone"], {"alone"}),
        (["sampler"], {"sampler", "linear-algebra", "alone"}),
        (["Sampler", "sampler"], {"sampler", "linear-algebra", "alone"}),
        (["linear_algebra"], {"linear-algebra", "alone"}),
        (["round"], {"round", "about"}),
        (["with-extras"], {"with-extras"}),
        (["with-extras[plots]"], {"with-extras", "alone", "plots"}),
        (["asks"], {"asks", "with-extras", "alone", "plots"}),
        (["missing", "alone"], {"alone"}),
    ],
)
def test_exactly_the_needed_libraries_are_found(site, wanted, found):
    for name, needs in {
        "alone": (),
        "plots": (),
        "sampler": ("Linear.Algebra>=1", 'plots; sys_platform == "win32"', 'plots; python_version < "3"', "gone"),
        "linear-algebra": ('alone; python_version >= "3"',),
        "round": ("about",),
        "about": ("round",),
        "with-extras": ('alone; extra == "plots"', 'plots>=1; extra == "plots"', 'round; extra == "tests"'),
        "asks": ("with-extras[plots]",),
    }.items():
        install(site, name, needs=needs)

    assert {distribution.name for distribution in libraries.needed(wanted)} == found


def test_a_library_is_found_by_its_installer_s_record(site):
    install(
        site,
        "many-things",
        files="many/__init__.py many/deep/er.py single.py single.libs/c.so shared/mine/__init__.py shared/mine/b.py "
        "shared/deep/own/__init__.py shared/one.py shared/data/x.csv run.pth __pycache__/single.pyc ../../bin/many",
    )
    install(site, "other", files="shared/others/__init__.py unlisted/__init__.py")
    (distribution,) = libraries.needed(["many-things"])

    own = "many many_things-1.0.dist-info single.libs single.py"
    of_shared = "shared/data/x.csv shared/deep/own shared/mine shared/one.py"
    assert libraries.places(distribution) == {name: site / name for name in f"{own} {of_shared}".split()}


@pytest.mark.parametrize(
    ("noted", "there"), [(None, "old_style/__init__.py"), ("six\nhalf", "six.py half/__init__.py")], ids=str
)
def test_a_system_package_has_no_list_of_files(site, noted, there):
    install(site, "old-style", files=there, record=False)
    if noted:
        (site / "old_style-1.0.dist-info" / "top_level.txt").write_text(noted)
    (distribution,) = libraries.needed(["old-style"])

    expected = {name.removesuffix("/__init__.py") for name in there.split()}
    assert libraries.places(distribution) == {name: site / name for name in expected}


# This runs in a student's process.


@pytest.fixture(scope="module", params=[pytest.param(EM, marks=pytest.mark.long), COFFEE], ids=["em", "coffee"])
def assignment(request):
    return request.param


@pytest.fixture(scope="module")
def worker(assignment, tmp_path_factory) -> Iterator[Worker]:
    bundle = tmp_path_factory.mktemp("bundle")
    with Sandbox(bundle=bundle, preload=assignment.libraries) as sandbox, sandbox.start() as worker:
        yield worker


def reachable(roots: set[str]) -> set[str]:
    """The names of distributions to which the metadata lead, without extras, by a separate search."""
    needs: dict[str, set[str]] = {}
    for distribution in metadata.distributions():
        asked = map(Requirement, distribution.requires or ())
        needs[canonicalize_name(distribution.name)] = {
            canonicalize_name(need.name) for need in asked if not need.marker or need.marker.evaluate({"extra": ""})
        }
    while more := {need for name in roots for need in needs.get(name, ())} - roots:
        roots = roots | more
    return roots


def failures(outcome: Ran | Failure) -> tuple[Failure, ...]:
    assert isinstance(outcome, Ran), outcome
    return outcome.failures


def test_exactly_the_libraries_of_the_release_can_be_imported(worker, assignment):
    said = worker.run_cell(
        "import pkgutil, sys\n"
        "own = {m.name for m in pkgutil.iter_modules() if 'libraries' in m.module_finder.path}\n"
        "print(*sorted(own - sys.stdlib_module_names))"
    )
    wanted = reachable(
        {
            "ipython",
            *(canonicalize_name(pin.split("==")[0]) for pin in build.requirements(assignment, own_widgets=True)),
        }
    )
    expected = {
        module
        for module, owners in metadata.packages_distributions().items()
        if wanted.intersection(map(canonicalize_name, owners)) and module.isidentifier() and find_spec(module)
    }

    assert isinstance(said, Ran)
    # `mpl_toolkits` has no code of its own, so Python does not list it.
    assert set(said.output.split()) == expected - {"mpl_toolkits"} | {"kit_student", "selfcheck"}
    assert {"jax", "numpy", "scipy", "matplotlib", "IPython"} <= expected
    assert ("genjax" in expected) == ("genjax" in assignment.libraries)


@pytest.mark.parametrize(
    "line",
    [
        "import jax, jax.numpy, jaxlib",
        "import numpy, scipy.stats, scipy.optimize",
        "import matplotlib.pyplot",
        "from mpl_toolkits.mplot3d import Axes3D",
        "from IPython.display import display",
        "import importlib.metadata\nassert importlib.metadata.version('jax')",
    ],
)
def test_the_libraries_of_every_notebook_are_installed(worker, line):
    assert failures(worker.run_cell(line)) == ()


def test_the_libraries_of_an_assignment_are_installed_and_listed(worker, assignment):
    outcome = worker.run_cell("import genjax, arviz_stats")

    if assignment.libraries:
        assert failures(outcome) == ()
    else:
        failure = failures(outcome)[0]
        assert "No module named 'genjax'" in failure.detail
        assert failure.detail.endswith("; while grading you can import: jax, matplotlib, numpy, scipy")
        assert failure.summary == "raised ModuleNotFoundError"


@pytest.mark.parametrize(
    "name", ["sklearn", "joblib", "pytest", "hypothesis", "nbformat", "typer", "sqlalchemy", "seaborn"]
)
def test_libraries_of_the_kit_or_its_development_cannot_be_imported(worker, assignment, name):
    outcome = worker.run_cell(f"import {name}")

    (failure,) = failures(outcome)
    assert f"ModuleNotFoundError: No module named '{name}'" in failure.detail
    there = sorted({"jax", "matplotlib", "numpy", "scipy", *assignment.libraries})
    assert failure.detail.endswith(f"; while grading you can import: {', '.join(there)}")


def test_they_cannot_be_imported_by_their_folder(worker):
    folder = Path(pytest.__file__).parents[1]

    outcome = worker.run_cell(f"import sys\nsys.path.insert(0, {str(folder)!r})\nimport pytest")

    assert [failure.summary for failure in failures(outcome)] == ["raised ModuleNotFoundError"]
    assert failures(worker.run_cell(f"import os\nassert os.path.isdir({str(folder / 'numpy')!r})")) == ()
