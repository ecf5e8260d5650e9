"""Imports run in one direction through the packages."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from autograder import paths

ORDER = (
    "student",
    "exercises",
    "notebooks",
    "submissions",
    "sandbox",
    "grading",
    "course",
    "publish",
    "systems",
    "commands",
)
"""An exercise becomes a notebook; a submission is found and read, runs in the sandbox, and is graded; the verdict goes
into the course; pages and exports are published; commands do all that."""
FRONT_ENDS = ("autograder.cli", "autograder.nbgrader", "autograder.__main__")
STUDENT = "autograder.student"
MODULES = {
    ".".join(path.relative_to(paths.ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((paths.ROOT / "autograder").rglob("*.py"))
    if not {"answers", "sample_class"}.intersection(path.relative_to(paths.ROOT).parts)
}


def imported(module: str) -> set[str]:
    """The kit's modules that a module imports, at its top or within a function."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names}
    return {name for name in found if name.split(".")[0] in paths.KIT} - {module}


def place(module: str) -> int:
    """The position of a module in the order; modules in no package come before all packages, front ends after."""
    if module.startswith(FRONT_ENDS):
        return len(ORDER)
    package = module.split(".")[1] if module.count(".") else ""
    return ORDER.index(package) if package in ORDER else -1


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_nothing_of_a_later_package(module):
    later = {name for name in imported(module) if name.startswith("autograder") and place(name) > place(module)}

    assert not later


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith(STUDENT)])
def test_code_in_the_student_s_process_imports_no_other_part_of_the_kit(module):
    assert all(name.startswith(STUDENT) for name in imported(module))


def test_no_package_is_missing_in_the_order():
    packages = {path.parent.name for path in (paths.ROOT / "autograder").glob("*/__init__.py")}

    assert packages == {*ORDER, "cli"}


def test_there_is_no_import_cycle():
    graph = {module: imported(module) & MODULES.keys() for module in MODULES}

    assert set(TopologicalSorter(graph).static_order()) == MODULES.keys()


@pytest.mark.parametrize(("one", "other"), [("tests", "benchmarks"), ("benchmarks", "tests"), ("autograder", "tests")])
def test_tests_and_benchmarks_do_not_import_each_other(one, other):
    line = re.compile(rf"^\s*(from|import) {other}\b", re.MULTILINE)  # some answers in the tests are not valid Python

    assert not [path for path in (paths.ROOT / one).rglob("*.py") if line.search(path.read_text(encoding="utf-8"))]


def test_the_reference_imports_nothing_of_the_autograder():
    for path in Path(paths.ROOT / "reference").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.split(".")[0] == "autograder" for name in names), path
