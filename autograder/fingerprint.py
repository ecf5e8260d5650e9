"""Hashes of the code and texts that a verdict or a release depends on. The same hash means the same result."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder import paths

RUNNERS = (
    "autograder.sandbox.session",
    "autograder.student.worker.forkserver",
    "autograder.student.worker.submission",
    "autograder.student.selfcheck.probes",
)
JUDGES = ("autograder.exercises", "autograder.student.selfcheck.rules", "reference")
BODIES = ("body", "orelse", "finalbody", "handlers", "cases")  # the parts of a statement that hold statements
SHOWN = ("ipython", "matplotlib")  # libraries that run a student's cells and draw the figures
LIBRARIES = ("arviz-stats", "genjax", "jax", "jaxlib", "nbgrader", "numpy", "scipy")


@cache
def checks(assignment: str) -> str:
    """The hash of all code that decides whether an answer to an assignment is right.

    It covers the modules of the assignment's exercises, all modules of the kit that they import (cases, rules, the
    reference, known mistakes), and the versions of the numerical libraries. Docstrings do not count.
    """
    digest = _libraries()
    for name, code in sorted(_imported(f"autograder.exercises.{assignment}").items()):
        digest.update(f"{name}\0".encode() + code + b"\0")
    return digest.hexdigest()


@cache
def running() -> str:
    """The hash of the code that runs a student's functions and reads their replies, but not of what judges these."""
    digest = _libraries()
    digest.update(" ".join(f"{name}=={version(name)}" for name in SHOWN).encode())
    modules = {name: code for start in RUNNERS for name, code in _imported(start).items()}
    for name, code in sorted(modules.items()):
        if not name.startswith(JUDGES):
            digest.update(f"{name}\0".encode() + code + b"\0")
    return digest.hexdigest()


@cache
def kit() -> str:
    """The hash of what makes releases and marks: code, texts, and the versions of the numerical libraries."""
    digest = _libraries()
    for path in paths.sources():
        if path.suffix in (".py", ".md"):
            digest.update(f"{path.relative_to(paths.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def code(path: Path) -> bytes:
    """Read the lines of a module that are not in a docstring."""
    source = path.read_bytes()
    return _without_docstrings(source, ast.parse(source))


def _libraries() -> "hashlib._Hash":
    return hashlib.sha256(" ".join(f"{name}=={version(name)}" for name in LIBRARIES).encode())


def _imported(module: str) -> dict[str, bytes]:
    """The code of a module of the kit and of all modules that it imports, directly or indirectly, by name."""
    found: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or not (path := _file(name)):
            continue
        found[name], imported = _module(path, path.stat().st_mtime_ns)
        waiting += imported
    return found


@cache
def _module(path: Path, changed: int) -> tuple[bytes, tuple[str, ...]]:
    """The code of a module that was changed at this time, and the modules that it imports."""
    source = path.read_bytes()
    tree = ast.parse(source)
    imported: list[str] = []
    for node in _statements(tree):
        match node:
            case ast.Import():
                imported += [alias.name for alias in node.names]
            case ast.ImportFrom(module=relative, level=level):
                # One dot means this file's folder, each further dot the folder above.
                above = path.relative_to(paths.ROOT).parts[:-level] if level else ()
                package = ".".join([*above, relative or ""]).strip(".")
                submodules = [f"{package}.{alias.name}" for alias in node.names]
                imported += [submodule if _file(submodule) else package for submodule in submodules]
    return _without_docstrings(source, tree), tuple(imported)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """The module and all its statements; `ast.walk` would go through all expressions too, and take far longer."""
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in BODIES:
            waiting += getattr(node, part, ())


def _without_docstrings(source: bytes, tree: ast.Module) -> bytes:
    """The lines of a module that are not in a docstring."""
    lines = source.splitlines(keepends=True)
    for node in _statements(tree):
        match node:
            case ast.Module(body=[first, *_]) | ast.ClassDef(body=[first, *_]) | ast.FunctionDef(body=[first, *_]):
                match first:
                    case ast.Expr(value=ast.Constant(value=str()), end_lineno=int(end)):
                        lines[first.lineno - 1 : end] = [b""] * (end - first.lineno + 1)
    return b"".join(lines)


def _file(module: str) -> Path | None:
    """The file of a module; None if the module is not part of the kit."""
    package, *_ = names = module.split(".")
    if package not in paths.KIT:
        return None
    place = paths.ROOT.joinpath(*names)
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)
