"""The libraries that a student's notebook finds: those that its release asks for, and what they need."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALWAYS = ("jax", "matplotlib", "numpy", "scipy")
"""What every notebook may import; an assignment names what its notebook needs beside these."""

SHOWN_WITH = ("ipywidgets",)
"""What a notebook shows sliders with. Grading has no use for it."""


def needed(wanted: Iterable[str]) -> list[Distribution]:
    """The installed distributions of those names, and all that they need here, directly or not.

    Extras count only where they are asked for, as in `distributed[complete]`. What is not installed is left out:
    whoever imports it says so.
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
                waiting += [one for one in needs if not one.marker or one.marker.evaluate({"extra": extra})]
    return list(found.values())


def places(library: Distribution) -> dict[str, Path]:
    """The files and folders of a distribution, by their paths on the import path: no more of them than needed.

    Of a folder in which other distributions may have their own packages, only what is this one's.
    """
    folder = Path(str(library.locate_file("")))
    files = frozenset(_files(library, folder))
    return {place: folder / place for place in {_place(file, files) for file in files}}


def _files(library: Distribution, folder: Path) -> Iterator[str]:
    """What an installer has noted, without what lies elsewhere, is run at start-up, or is made again."""
    record = library.read_text("RECORD")
    if record is None:  # as system packages have it
        names = (library.read_text("top_level.txt") or library.name.replace("-", "_")).split()
        yield from (f"{name}/__init__.py" if (folder / name).is_dir() else f"{name}.py" for name in names)
        return
    for name, *_ in csv.reader(record.splitlines()):
        if not name.startswith(("..", "/", "__pycache__/")) and not name.endswith(".pth"):
            yield name


def _place(file: str, files: frozenset[str]) -> str:
    """The outermost folder around a file that is this distribution's alone; the file where there is none."""
    end = file.find("/")
    while end > 0:
        folder = file[:end]
        if f"{folder}/__init__.py" in files or not folder.rpartition("/")[2].isidentifier():
            return folder
        end = file.find("/", end + 1)
    return file
