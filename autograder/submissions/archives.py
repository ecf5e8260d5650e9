"""Zip archives that students hand in, read in memory: nothing is unpacked to the disk, sizes are bounded.

What the archive says of itself is not believed: neither how large its files are, nor where they should go.
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
    """Bytes of which nobody takes many at a time: `zipfile` reads the list of all files at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = self.getbuffer().nbytes - self.tell()
        if min(left, left if size is None or size < 0 else size) > MAX_DIRECTORY:
            raise zipfile.BadZipFile("too many files")
        return super().read(size)


def names(data: bytes) -> list[str]:
    """The paths of the files in an archive that may be read, in order; none where it is broken.

    Left out are links, and what would lie elsewhere than in the archive's own folder.
    """
    return list(dict.fromkeys(one.filename for one in _files(data) if _is_plain(one)))


def document(data: bytes) -> str | None:
    """What an archive is that some program uses as its format; None for other archives."""
    inside = [one.filename for one in _files(data)]
    return next(
        (what for place, what in DOCUMENTS.items() if any(name.startswith(place) for name in inside)),
        None,
    )


def member(data: bytes, name: str, *, most: int) -> bytes:
    """The content of a file in an archive; of a longer one, a byte more than `most`.

    Raises:
        ArchiveError: it is not there, or cannot be read.
    """
    try:
        with zipfile.ZipFile(_Bounded(data)) as archive:
            return _unpacked(archive, name, most + 1)
    except BROKEN as error:
        raise ArchiveError("is broken") from error


def beginnings(data: bytes, wanted: Iterable[str], size: int) -> dict[str, bytes]:
    """The first bytes of files in an archive, by their paths; without those that cannot be read."""
    found: dict[str, bytes] = {}
    with suppress(*BROKEN), zipfile.ZipFile(_Bounded(data)) as archive:
        for name in wanted:
            with suppress(ArchiveError, *BROKEN):
                found[name] = _unpacked(archive, name, size)
    return found


def _unpacked(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a file."""
    info = archive.NameToInfo.get(name)
    if info is None or not _is_plain(info):
        raise ArchiveError("is not there")
    if info.flag_bits & 1:
        raise ArchiveError("is locked with a password")
    # Of the other ways to compress, a few bytes unpack to gigabytes at once.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError("is compressed in a way that is not read")
    unpacked = bytearray()
    with archive.open(info) as file:
        while len(unpacked) < size and (chunk := file.read(min(CHUNK, size - len(unpacked)))):
            unpacked += chunk
    return bytes(unpacked)


def _files(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(_Bounded(data)) as archive:
            return [one for one in archive.infolist() if not one.is_dir()]
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
