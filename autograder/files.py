"""Files of the kit's own are replaced whole, or not at all."""

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
    """Replace a text file, which ends with a line break, as `replace_atomically` does."""
    # Half a surrogate pair, in a student's message, must not cost anybody a page.
    replace_atomically(path, f"{text}\n".encode(errors="replace"))


def replace_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step, for good: neither a reader nor a power cut ever finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk, too; some systems do not let a folder be opened."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
