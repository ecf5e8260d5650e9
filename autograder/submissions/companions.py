"""Files that a student handed in beside the notebook: modules to import, data to read."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from autograder.errors import UnreadableNotebook
from autograder.submissions import archives, files, names

MAX_FILES = 100
MAX_BYTES = 20_000_000  # of all files together

type Companions = tuple[tuple[str, bytes], ...]
"""Files by their paths from the notebook's folder, in the order of these."""


def read(notebook: Path, beside: Iterable[Path], assignment: str) -> tuple[Companions, str]:
    """The files that belong to a notebook, and a sentence about files that were left out.

    Args:
        notebook: the notebook that counts. If it is in an archive, the other files of the archive belong to it.
        beside: the other files that the student handed in.
    """
    taken: dict[str, bytes] = {}
    left: list[str] = []
    room = MAX_BYTES
    for path in (*beside, *_in_archive(notebook)):
        name = _name(path, notebook.parent, assignment)
        if name is None or path == notebook:
            continue
        try:
            data = files.content(path)
        except UnreadableNotebook:
            left.append(path.name)
            continue
        if len(data) > room or len(taken) == MAX_FILES:
            left.append(path.name)
        else:
            taken[name] = data
            room -= len(data)
    return tuple(sorted(taken.items())), _told(left)


def write(companions: Companions, folder: Path) -> None:
    """Write files into a folder. Existing files stay unchanged."""
    for name, data in companions:
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
            path.chmod(0o444)
        except OSError:  # a file has the name of a folder: the first one counts
            continue


def _in_archive(notebook: Path) -> Iterator[Path]:
    if archive := files.archive_of(notebook):
        yield from (archive / name for name in archives.names(files.content(archive)))


def _name(path: Path, folder: Path, assignment: str) -> str | None:
    """The file's path beside the notebook; None if the file is left out."""
    if not path.is_relative_to(folder) or path == folder:
        return None
    relative = PurePosixPath(path.relative_to(folder))
    first, *_ = relative.parts
    if names.is_notebooks(path.name) or names.is_released(first, assignment):
        return None
    plain = all(part.isprintable() and part != ".." for part in relative.parts)
    return str(relative) if plain and not names.is_left_by_a_program(str(relative)) else None


def _told(left: list[str]) -> str:
    if not left:
        return ""
    return (
        f"These files beside the notebook were left out: {files.listed([*map(names.legible, left)])} "
        f"(at most {MAX_FILES} files of {MAX_BYTES / 1e6:.0f} MB in all; no links)."
    )
