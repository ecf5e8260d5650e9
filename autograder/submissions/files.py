"""Files that students hand in: read in memory and within limits, told apart by their content, links not followed.

A path may go on inside a zip archive: `goran.zip/em.ipynb`.
"""

import stat
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
    """The bytes of a submitted file, which may be missing, or anything but a file.

    Raises:
        UnreadableNotebook: there is no file to read, or it is too large.
    """
    name = legible(path.name)
    try:
        status = path.lstat()
        if kind := NO_FILE.get(stat.S_IFMT(status.st_mode)):
            raise UnreadableNotebook(f"{name} was not handed in: it is {kind}, and should be a notebook file")
        if status.st_size > MAX_BYTES:
            raise UnreadableNotebook(_too_large(f"{status.st_size / 1e6:.0f} MB"))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        if archive := archive_of(path):
            return _unpacked(archive, path)
        raise UnreadableNotebook(f"{name} was not handed in{_beside(path)}") from error
    except (OSError, ValueError) as error:
        raise UnreadableNotebook(f"{name} could not be opened: {getattr(error, 'strerror', error)}") from error


def archive_of(path: Path) -> Path | None:
    """The archive in which a path goes on; None where it is one of the file system alone."""
    return next((above for above in path.parents if is_file(above)), None)


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a file; nothing where there is none that can be read."""
    try:
        if is_file(path):
            with path.open("rb") as file:
                return file.read(size)
    except OSError:
        pass
    return b""


def is_there(path: Path) -> bool:
    """Whether anything lies there, also what may not be looked at."""
    try:
        path.lstat()
    except PermissionError:
        return True  # to be told, not to be passed over
    except (OSError, ValueError):
        return False
    return True


def leads_to_a_file(path: Path) -> bool:
    """Whether a file lies there, or an archive in which the path goes on."""
    return is_file(path) or archive_of(path) is not None


def is_file(path: Path) -> bool:
    """Whether a file lies there: no link to one."""
    return _mode(path) == stat.S_IFREG


def is_folder(path: Path) -> bool:
    """Whether a folder lies there: no link to one."""
    return _mode(path) == stat.S_IFDIR


def kind(data: bytes) -> str | None:
    """What a file that is no notebook is, by its content: a PDF, a Word document, a web page."""
    if data.startswith(archives.BEGINNING):
        return archives.document(data) or "a zip archive"
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    for begins, what in BEGINNINGS.items():
        if start.startswith(begins):
            return what
    if data[257:262] == b"ustar":
        return "a tar archive"
    return None


def _mode(path: Path) -> int:
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except (OSError, ValueError):
        return 0


def _unpacked(archive: Path, path: Path) -> bytes:
    try:
        unpacked = archives.member(content(archive), str(path.relative_to(archive)), most=MAX_BYTES)
    except ArchiveError as error:
        raise UnreadableNotebook(f"{legible(path.name)} in {legible(archive.name)} {error}: {WHAT_TO_DO}") from error
    if len(unpacked) > MAX_BYTES:
        raise UnreadableNotebook(_too_large(f"more than {MAX_BYTES / 1e6:.0f} MB when it is unpacked"))
    return unpacked


def _too_large(size: str) -> str:
    return f"the file has {size}; at most {MAX_BYTES / 1e6:.0f} MB are read: clear its outputs"


def _beside(path: Path) -> str:
    """What lies where the notebook should, and what to do, for a message."""
    try:
        others = sorted(path.parent.iterdir())
    except OSError:
        return ""
    if not others:
        return f"; the folder is empty: {WHAT_TO_DO}"
    shown = ", ".join(map(_described, others[:MAX_LISTED]))
    more = f" and {len(others) - MAX_LISTED} more" if len(others) > MAX_LISTED else ""
    return f"; the folder holds: {shown}{more}: {WHAT_TO_DO}"


def _described(path: Path) -> str:
    what = "a folder" if is_folder(path) else kind(beginning(path, 1000))
    return f"{legible(path.name)} ({what})" if what else legible(path.name)
