"""Read text, and write the kit's own files atomically: a file or a zip is replaced completely, or not at all."""

import os
import stat
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold


def decoded(content: bytes) -> str:
    """Decode UTF-8, or UTF-16 with a byte order mark.

    Raises:
        UnicodeDecodeError: the content is neither.
    """
    return content.decode("utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")


def write_atomically(path: Path, text: str) -> None:
    """Replace a text file atomically; a line break is added at the end."""
    # A student's message may contain half a surrogate pair, which cannot be encoded. The page is written all the same.
    replace_atomically(path, f"{text}\n".encode(errors="replace"))


def replace_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step and sync it to disk: readers never see half a file, not even after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    _sync(path.parent)


@contextmanager
def new_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Write a zip, completely or not at all: it is in its place after the block, unless the block raises."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(half, "w") as archive:
        yield archive
    half.replace(path)


def zip_entry(name: str, *, mode: int = 0o644) -> zipfile.ZipInfo:
    """Make an entry of a zip, compressed, and with a fixed date, so that the same content makes the same zip."""
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | mode) << 16
    return entry


def _sync(folder: Path) -> None:
    """Write the folder's list of names to disk. Only POSIX systems can open a folder."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
