"""Write the kit's own files atomically: a file is replaced completely, or not at all."""

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path


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


def _sync(folder: Path) -> None:
    """Write the folder's list of names to disk. Only POSIX systems can open a folder."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
