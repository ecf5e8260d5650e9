"""Hashes of what a verdict or a release depends on. If the hash is unchanged, so is the result."""

import ast
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograder import paths

LIBRARIES = ("arviz-stats", "genjax", "jax", "jaxlib", "nbgrader", "numpy", "scipy")


@cache
def checks(assignment: str) -> str:
    """The hash of what decides whether an answer to an assignment is right.

    It covers the assignment's exercises with everything of the kit that they import (cases, rules, the reference, known
    mistakes), and the versions of the libraries that compute.
    """
    digest = _libraries()
    for name, path in sorted(_imported(f"autograder.exercises.{assignment}").items()):
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def kit() -> str:
    """The hash of what makes releases and marks: code, texts, and the versions of the libraries that compute."""
    digest = _libraries()
    for path in paths.sources():
        if path.suffix in (".py", ".md"):
            digest.update(f"{path.relative_to(paths.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _libraries() -> "hashlib._Hash":
    return hashlib.sha256(" ".join(f"{name}=={version(name)}" for name in LIBRARIES).encode())


def _imported(module: str) -> dict[str, Path]:
    """The files of a module of the kit and of all modules that it imports, directly or indirectly, by name."""
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or not (path := _file(name)):
            continue
        found[name] = path
        for node in ast.walk(ast.parse(path.read_bytes())):
            match node:
                case ast.Import():
                    waiting += [alias.name for alias in node.names]
                case ast.ImportFrom(module=relative, level=level):
                    # One dot means this file's folder, each further dot the folder above.
                    above = path.relative_to(paths.ROOT).parts[:-level] if level else ()
                    package = ".".join([*above, relative or ""]).strip(".")
                    submodules = [f"{package}.{alias.name}" for alias in node.names]
                    waiting += [submodule if _file(submodule) else package for submodule in submodules]
    return found


def _file(module: str) -> Path | None:
    """The file of a module; None if the module is not the kit's own."""
    package, *_ = names = module.split(".")
    if package not in paths.KIT:
        return None
    place = paths.ROOT.joinpath(*names)
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)
