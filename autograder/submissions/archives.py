"""Zip archives from students, read in memory. Nothing is unpacked to the disk, and sizes are bounded.

An archive's own statements about the sizes and the paths of its files are not trusted.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePosixPath

from autograder.errors import ArchiveError

BEGINNING = b"PK\x03\x04"
MAX_DIRECTORY = 2**20  # bytes of the list of files: some twenty thousand names
MAX_PATH = 1_000  # characters
CHUNK = 2**16
DOCUMENTS = {
    "word/": "a Word document",
    "xl/": "an Excel workbook",
    "ppt/": "a PowerPoint presentation",
    "META-INF/manifest.xml": "an OpenDocument file",
    "Index/": "an Apple document",
}
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class _Bounded(io.BytesIO):
    """A stream that returns few bytes at a time: `zipfile` would read the whole list of files at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = self.getbuffer().nbytes - self.tell()
        if min(left, left if size is None or size < 0 else size) > MAX_DIRECTORY:
            raise zipfile.BadZipFile("too many files")
        return super().read(size)


def names(data: bytes) -> list[str]:
    """The paths of the readable files in an archive, in order; empty if the archive is broken.

    Links, and paths that lead outside the archive's own folder, are left out.
    """
    return list(dict.fromkeys(file.filename for file in _files(data) if _is_plain(file)))


def document(data: bytes) -> str | None:
    """The name of the document format that an archive is, such as a Word document; None for other archives."""
    inside = [file.filename for file in _files(data)]
    return next(
        (what for place, what in DOCUMENTS.items() if any(name.startswith(place) for name in inside)),
        None,
    )


def member(data: bytes, name: str, *, most: int) -> bytes:
    """The content of a file in an archive. At most `most` + 1 bytes are read, so that a longer file shows.

    Raises:
        ArchiveError: the file does not exist or cannot be read.
    """
    try:
        with zipfile.ZipFile(_Bounded(data)) as archive:
            return _unpacked(archive, name, most + 1)
    except BROKEN as error:
        raise ArchiveError("is broken") from error


def beginnings(data: bytes, wanted: Iterable[str], size: int) -> dict[str, bytes]:
    """The first bytes of files in an archive, by path. Files that cannot be read are left out."""
    found: dict[str, bytes] = {}
    with suppress(*BROKEN), zipfile.ZipFile(_Bounded(data)) as archive:
        for name in wanted:
            with suppress(ArchiveError, *BROKEN):
                found[name] = _unpacked(archive, name, size)
    return found


def unreadable(info: zipfile.ZipInfo) -> str:
    """Why a file in an archive is not read, in words that follow its name; empty if it is read."""
    if info.flag_bits & 1:
        return "is locked with a password"
    # With other compression methods, a few bytes may unpack to gigabytes in one step.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed by a method that is not supported"
    return ""


def _unpacked(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a file."""
    info = archive.NameToInfo.get(name)
    if info is None or not _is_plain(info):
        raise ArchiveError("is not there")
    if problem := unreadable(info):
        raise ArchiveError(problem)
    unpacked = bytearray()
    with archive.open(info) as file:
        while len(unpacked) < size and (chunk := file.read(min(CHUNK, size - len(unpacked)))):
            unpacked += chunk
    return bytes(unpacked)


def _files(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(_Bounded(data)) as archive:
            return [entry for entry in archive.infolist() if not entry.is_dir()]
    except BROKEN:
        return []


def _is_plain(file: zipfile.ZipInfo) -> bool:
    name = file.filename
    return (
        len(name) <= MAX_PATH
        and not stat.S_ISLNK(file.external_attr >> 16)
        and not {"", ".", ".."} & set(name.split("/"))
        and not PurePosixPath(name).is_absolute()
        and "\0" not in name
    )
