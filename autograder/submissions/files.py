"""Files that students hand in: read in memory, with limits, recognised by content, without following links.

A path may continue inside a zip archive: `goran.zip/em.ipynb`.
"""

import stat
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import ArchiveError, UnreadableNotebook
from autograder.submissions import archives
from autograder.submissions.names import legible

MAX_BYTES = 20_000_000
MAX_LISTED = 5
WHAT_TO_DO = "hand in the .ipynb file itself"
NO_FILE = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
BEGINNINGS = {
    b"%PDF": "a PDF",
    b"<": "a web page",
    b"{\\rtf": "a text document (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a database",
}


def content(path: Path) -> bytes:
    """The content of a submitted file.

    Raises:
        UnreadableNotebook: it does not exist, is no regular file, or is too large.
    """
    name = legible(path.name)
    try:
        status = path.lstat()
        if kind := NO_FILE.get(stat.S_IFMT(status.st_mode)):
            raise UnreadableNotebook("absent", f"{name} was not handed in: it is {kind}, and should be a notebook file")
        if status.st_size > MAX_BYTES:
            raise UnreadableNotebook("too_large", _too_large(f"{status.st_size / 1e6:.0f} MB"))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        if archive := archive_of(path):
            return _unpacked(archive, path)
        raise UnreadableNotebook("absent", f"{name} was not handed in{_beside(path)}") from error
    except (OSError, ValueError) as error:
        says = f"{name} could not be opened: {getattr(error, 'strerror', error)}"
        raise UnreadableNotebook("not_opened", says) from error


def archive_of(path: Path) -> Path | None:
    """The archive that a path continues in; None for a path in the file system."""
    return next((above for above in path.parents if is_file(above)), None)


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a file; empty if it cannot be read."""
    try:
        if is_file(path):
            with path.open("rb") as file:
                return file.read(size)
    except OSError:
        pass
    return b""


def is_there(path: Path) -> bool:
    """Whether the path exists, even if it cannot be inspected."""
    try:
        path.lstat()
    except PermissionError:
        return True  # reported later, not ignored
    except (OSError, ValueError):
        return False
    return True


def leads_to_a_file(path: Path) -> bool:
    """Whether the path is a file, or continues inside an archive."""
    return is_file(path) or archive_of(path) is not None


def is_file(path: Path) -> bool:
    """Whether the path is a regular file, not a link."""
    return _mode(path) == stat.S_IFREG


def is_folder(path: Path) -> bool:
    """Whether the path is a folder, not a link."""
    return _mode(path) == stat.S_IFDIR


def kind(data: bytes) -> str | None:
    """The kind of a file that is not a notebook, by its content (a PDF, a Word document …); None if unknown."""
    if data.startswith(archives.BEGINNING):
        return archives.document(data) or "a zip archive"
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    for begins, what in BEGINNINGS.items():
        if start.startswith(begins):
            return what
    if data[257:262] == b"ustar":
        return "a tar archive"
    return None


def described(name: str, what: str | None) -> str:
    """Show a file's name with its kind, if the kind is known."""
    return f"{legible(name)} ({what})" if what else legible(name)


def listed(items: Sequence[str]) -> str:
    """List the first items, and the number of the others."""
    more = len(items) - MAX_LISTED
    return ", ".join(items[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")


def _mode(path: Path) -> int:
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except (OSError, ValueError):
        return 0


def _unpacked(archive: Path, path: Path) -> bytes:
    try:
        unpacked = archives.member(content(archive), str(path.relative_to(archive)), most=MAX_BYTES)
    except ArchiveError as error:
        says = f"{legible(path.name)} in {legible(archive.name)} {error}: {WHAT_TO_DO}"
        raise UnreadableNotebook("archive", says) from error
    if len(unpacked) > MAX_BYTES:
        raise UnreadableNotebook("too_large", _too_large(f"more than {MAX_BYTES / 1e6:.0f} MB when it is unpacked"))
    return unpacked


def _too_large(size: str) -> str:
    return f"the file has {size}; at most {MAX_BYTES / 1e6:.0f} MB are read: clear its outputs"


def _beside(path: Path) -> str:
    """What is in the folder instead of the notebook, and what to do, for a message."""
    try:
        others = sorted(path.parent.iterdir())
    except OSError:
        return ""
    if not others:
        return f"; the folder is empty: {WHAT_TO_DO}"
    return f"; the folder holds: {listed([*map(_described, others)])}: {WHAT_TO_DO}"


def _described(path: Path) -> str:
    return described(path.name, "a folder" if is_folder(path) else kind(beginning(path, 1000)))
