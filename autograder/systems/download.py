"""A download: a zip or a folder, read without trusting its claims about itself.

All entries are checked before any is read. A malicious zip can claim that a file lies outside the folder or is a link,
or it can unpack to a thousand times its size.
"""

import os
import shutil
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.errors import DownloadError
from autograder.submissions import archives, files
from autograder.submissions.archives import BROKEN
from autograder.submissions.names import is_left_by_a_program, legible, normal

MAX_ENTRIES = 100_000
MAX_RATIO = 200  # unpacked bytes per compressed byte: a notebook has 5 to 20
MAX_KEPT = 5 * files.MAX_BYTES  # bytes of one file; grading reports a file longer than MAX_BYTES
RESERVE = 2**30  # bytes left free on the disk
UTF8 = 0x800  # flag bit: the name is UTF-8


@dataclass(frozen=True, kw_only=True)
class Download:
    """The files of a download.

    Attributes:
        path: the zip, or the folder.
        sizes: the size of each file in bytes, by its path in the download, in order. Paths are as the system wrote
            them.
        empty: the folders without files, apart from files that programs leave.
    """

    path: Path
    sizes: dict[str, int]
    empty: tuple[str, ...]
    _open: Callable[[str], IO[bytes]]

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of everything that was handed in: files, and folders without files."""
        return (*self.sizes, *self.empty)

    def content(self, name: str) -> bytes:
        """Read a file of at most the size that the grader reads.

        Raises:
            DownloadError: the file is longer, or cannot be read.
        """
        if self.sizes[name] > files.MAX_BYTES:
            raise DownloadError(f"{legible(name)} has {self.sizes[name] / 1e6:.0f} MB")
        with self._reading(name) as file:
            return file.read()

    def beginning(self, name: str, size: int) -> bytes:
        """Read the first `size` bytes of a file.

        Raises:
            DownloadError: the file cannot be read.
        """
        with self._reading(name) as file:
            return file.read(size)

    def copy(self, name: str, target: Path) -> None:
        """Copy a file to `target`, which must not exist.

        Raises:
            DownloadError: the file cannot be read.
        """
        with self._reading(name) as file, target.open("xb") as copy:
            shutil.copyfileobj(file, copy)

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._open(name) as file:
                yield file
        except FileExistsError:
            raise
        except BROKEN as error:
            raise DownloadError(f"{legible(name)} in {legible(self.path)} cannot be read: {error}") from error


@dataclass(frozen=True, kw_only=True)
class View:
    """A download as a system's reader sees it: paths relative to a folder that contains everything.

    Attributes:
        entries: the path in the download, by the path relative to that folder; includes folders without files.
        files: the entries that are files.
    """

    download: Download
    entries: dict[str, str]
    files: frozenset[str]

    def content(self, name: str) -> bytes:
        """Read a small file that the system added.

        Raises:
            DownloadError: the file is too long, or cannot be read.
        """
        return self.download.content(self.entries[name])


def views(download: Download) -> list[View]:
    """Return the views of a download: as it is, and below each folder that contains everything."""
    found, names = [], {name: name for name in download.names}
    while names:
        found.append(_view(download, names))
        first = {name.partition("/")[0] for name in names}
        if len(first) > 1 or not all("/" in name for name in names):
            break
        names = {name.partition("/")[2]: entry for name, entry in names.items()}
    return found


def _view(download: Download, names: dict[str, str]) -> View:
    return View(
        download=download,
        entries=names,
        files=frozenset(name for name, entry in names.items() if entry in download.sizes),
    )


@contextmanager
def opened(path: Path, *, room: Path, skip: Iterable[str] = ()) -> Iterator[Download]:
    """Open a download and check all its entries.

    Args:
        room: a folder on the disk that must have room for the unpacked files.
        skip: names of entries to leave out, unchecked.

    Raises:
        DownloadError: the download does not exist, or an entry is refused.
    """
    left_out = {normal(name.rstrip("/")) for name in skip}
    if path.is_dir():
        yield _of_folder(path, left_out)
        return
    if not path.exists():
        raise DownloadError(f"{legible(path)} does not exist")
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise DownloadError(f"{legible(path)} is neither a folder nor a readable zip: {error}") from error
    with archive:
        yield _of_zip(path, archive, left_out, room)


def _of_zip(path: Path, archive: zipfile.ZipFile, skip: set[str], room: Path) -> Download:
    entries = [(name, info) for info in archive.infolist() if not _left_out(name := _name(info), skip)]
    if len(entries) > MAX_ENTRIES:
        raise DownloadError(f"{legible(path)} has {len(entries)} entries; at most {MAX_ENTRIES} are read")
    for name, info in entries:
        _check_name(name)
        _check_entry(name, info)
    if sum(info.compress_size for _, info in entries) > path.stat().st_size:
        raise DownloadError(f"{legible(path)} is refused: by its own list, its entries are longer than the zip")
    found = [(name, info) for name, info in entries if not name.endswith("/")]
    _no_twins([name for name, _ in found], [name.rstrip("/") for name, _ in entries if name.endswith("/")])
    _check_room(sum(info.file_size for _, info in found), room)
    by_name = dict(found)
    return _made(
        path,
        {name: info.file_size for name, info in found},
        [name.rstrip("/") for name, _ in entries if name.endswith("/")],
        lambda name: archive.open(by_name[name]),
    )


def _of_folder(path: Path, skip: set[str]) -> Download:
    sizes: dict[str, int] = {}
    folders: list[str] = []
    waiting = [path]
    while waiting:
        inside = waiting.pop()
        try:
            children = sorted(inside.iterdir())
        except OSError as error:
            raise DownloadError(f"{legible(inside)} could not be opened: {error.strerror}") from error
        for child in children:
            name = child.relative_to(path).as_posix()
            if _left_out(name, skip):
                continue
            status = child.lstat()
            if stat.S_ISDIR(status.st_mode):
                folders.append(name)
                waiting.append(child)
            elif stat.S_ISREG(status.st_mode):
                sizes[name] = status.st_size
            else:
                raise _refused(name, f"is {files.NO_FILE.get(stat.S_IFMT(status.st_mode), 'no file')}")
        if len(sizes) > MAX_ENTRIES:
            raise DownloadError(f"{legible(path)} has more than {MAX_ENTRIES} files")
    _no_twins([*sizes], folders)
    return _made(path, dict(sorted(sizes.items())), folders, lambda name: _opened_file(path / name))


def _opened_file(path: Path) -> IO[bytes]:
    """Open a regular file. Refuse a link that replaced the file after it was checked."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


def _made(path: Path, sizes: dict[str, int], folders: list[str], reads: Callable[[str], IO[bytes]]) -> Download:
    handed_in = {name: size for name, size in sizes.items() if not _is_noise(name)}
    full = _above(handed_in)
    empty = {name for name in {*folders, *_above(sizes)} - full if not _is_noise(name)}
    return Download(path=path, sizes=handed_in, empty=tuple(sorted(empty)), _open=reads)


def _above(names: Iterable[str]) -> set[str]:
    """Return all folders above files."""
    return {str(above) for name in names for above in PurePosixPath(name).parents if above.name}


def _is_noise(name: str) -> bool:
    """Tell whether a program left this file. nbgrader's `timestamp.txt` is kept."""
    return is_left_by_a_program(name) and not name.endswith("/timestamp.txt")


def _left_out(name: str, skip: set[str]) -> bool:
    """Tell whether the user left out this entry or a folder above it."""
    plain = normal(name.rstrip("/"))
    return any(plain == skipped or plain.startswith(f"{skipped}/") for skipped in skip)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the path of an entry. Zips made with Ruby, such as Canvas's, contain UTF-8 names without the flag."""
    name = info.filename
    if not info.flag_bits & UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").rstrip("/").split("/")
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        raise _refused(name, "has an absolute name")
    if ".." in parts:
        raise _refused(name, "would lie outside the folder")
    if {"", "."} & set(parts) or "\\" in name or len(name) > archives.MAX_PATH:
        raise _refused(name, "has a name that is not a path")


def _check_entry(name: str, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if "\0" in info.orig_filename:
        raise _refused(name, "has a name that is not a path")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(name, f"is {files.NO_FILE.get(kind, 'no file')}")
    if problem := archives.unreadable(info):
        raise _refused(name, problem)
    if info.file_size > files.MAX_BYTES and info.file_size > MAX_RATIO * info.compress_size:
        raise _refused(name, f"unpacks {info.compress_size} bytes to {info.file_size / 1e6:.0f} MB")


def _no_twins(names: list[str], folders: list[str]) -> None:
    """Refuse two entries that are the same file on some systems: names that differ in case or in accents' form."""
    above = _above([*names, *folders]) | {*folders}
    seen: dict[str, str] = {}
    for name in (*above, *names):
        known = seen.setdefault(normal(normal(name).casefold()), name)
        if known != name:
            raise _refused(name, f"differs from {legible(known)} only in case or in the form of an accent")
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice:
        raise _refused(twice, "appears twice")
    both = next((name for name in names if name in above), None)
    if both:
        raise _refused(both, "is both a file and a folder")


def _check_room(size: int, room: Path) -> None:
    free = shutil.disk_usage(room).free
    if size + RESERVE > free:
        raise DownloadError(
            f"the download unpacks to {size / 1e9:.1f} GB, but only {free / 1e9:.1f} GB are free at {room}"
        )


def _refused(name: str, why: str) -> DownloadError:
    return DownloadError(
        f"the entry {legible(name)} {why}: the download is refused, and nothing was collected. "
        "Leave the entry out with --skip NAME, or download again"
    )
