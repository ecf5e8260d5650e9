"""The libraries that a student's notebook can import: the release's requirements and their dependencies."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALWAYS = ("jax", "matplotlib", "numpy", "scipy")
"""Libraries that every notebook may import. An assignment names the further libraries that its notebook needs."""

SHOWN_WITH = ("ipywidgets",)
"""Libraries that show sliders in a notebook. The grader does not need them."""


def needed(wanted: Iterable[str]) -> list[Distribution]:
    """The installed distributions with these names, and all their direct and indirect dependencies.

    Extras are included only if they are requested, as in `distributed[complete]`. A distribution that is not installed
    is left out: importing it fails with Python's own message.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(name) for name in wanted]
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        extras = {(name, extra) for extra in ("", *asked.extras)} - seen
        seen |= extras
        with suppress(PackageNotFoundError):
            for _, extra in extras:
                found[name] = found.get(name) or distribution(asked.name)
                needs = map(Requirement, found[name].requires or ())
                waiting += [need for need in needs if not need.marker or need.marker.evaluate({"extra": extra})]
    return list(found.values())


def places(library: Distribution) -> dict[str, Path]:
    """The files and folders of a distribution: the fewest paths, by their names relative to the import path.

    If several distributions share a folder, only this distribution's part of it is listed.
    """
    folder = Path(str(library.locate_file("")))
    files = frozenset(_files(library, folder))
    return {place: folder / place for place in {_place(file, files) for file in files}}


def _files(library: Distribution, folder: Path) -> Iterator[str]:
    """The files that the installer recorded; no scripts, start-up files, caches or files outside the import path."""
    record = library.read_text("RECORD")
    if record is None:  # as in system packages
        names = (library.read_text("top_level.txt") or library.name.replace("-", "_")).split()
        yield from (f"{name}/__init__.py" if (folder / name).is_dir() else f"{name}.py" for name in names)
        return
    for name, *_ in csv.reader(record.splitlines()):
        if not name.startswith(("..", "/", "__pycache__/")) and not name.endswith(".pth"):
            yield name


def _place(file: str, files: frozenset[str]) -> str:
    """The outermost folder around a file that only this distribution uses; the file itself if there is none."""
    end = file.find("/")
    while end > 0:
        folder = file[:end]
        if f"{folder}/__init__.py" in files or not folder.rpartition("/")[2].isidentifier():
            return folder
        end = file.find("/", end + 1)
    return file
