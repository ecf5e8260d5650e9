"""Names of people and files: compared in one form, and displayed safely."""

import hashlib
import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

from autograder.student.selfcheck import words

MAX_NAME = 100  # bytes: nbgrader's gradebook holds 128, and a file's name is longer than its student's

NOTEBOOK = re.compile(r"\.ipynb(?![A-Za-z0-9])", re.IGNORECASE)
ENDING = re.compile(r"(?:\.tar)?\.[A-Za-z0-9]{1,5}\s*$")
COPY = re.compile(
    r"(?:\s*-Copy(?P<jupyter>\d+)|\s*\((?P<browser>\d+)\)|\s+-\s+Copy|\s+copy(?:\s+(?P<finder>\d+))?)\s*$",
    re.IGNORECASE,
)

# Names that systems and programs leave in folders.
LEFT_BY_PROGRAMS = re.compile(
    r"\._.*|\.~.*|~\$.*|.*~|\.(?!.*\.?ipynb$).*|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|\$recycle\.bin"
    r"|system volume information|lost\+found|__macosx|__pycache__|\.ipynb_checkpoints"
    r"|timestamp\.txt|submission_secret\.txt",
    re.IGNORECASE | re.DOTALL,
)

# A cell that begins with one of these is a formula; it could start programs or send data.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def normal(name: str) -> str:
    """A name in Unicode's normal form C, in which names are compared and stored.

    Depending on the system, é is one character or two.
    """
    return unicodedata.normalize("NFC", name)


def key(name: str) -> str:
    """A name as it is searched in rosters: case and outer spaces do not matter."""
    return normal(normal(name).strip().casefold())


def existing(path: Path) -> Path:
    """The path, or an existing one whose name is the same in another Unicode form."""
    if path.name.isascii() or path.exists() or not path.parent.is_dir():
        return path
    wanted = normal(path.name)
    return next((other for other in path.parent.iterdir() if normal(other.name) == wanted), path)


def student(name: str) -> str:
    """A student's name from the name of a file or folder, safe for folders, pages, terminals and the gradebook.

    Nearly always the name itself. Invisible characters and path separators are percent-encoded.
    """
    visible = "".join(
        letter if letter.isprintable() else quote(letter.encode("utf-8", "surrogateescape"))
        for letter in normal(name.strip(" ") or name)
    )
    safe = re.sub(r"^[.\- ]|[. ]$", lambda match: f"%{ord(match[0]):02X}", visible)
    if len(safe.encode()) <= MAX_NAME:
        return safe
    digest = hashlib.sha256(safe.encode()).hexdigest()[:8]
    return f"{safe.encode()[: MAX_NAME - 9].decode(errors='ignore')}-{digest}"


def stem(name: str) -> str:
    """A file's name without the endings that programs add: `.ipynb`, `.ipynb.txt`, `.IPYNB (1)`, `.pdf`."""
    found = NOTEBOOK.search(name, 1)
    return name[: found.start()] if found else ENDING.sub("", name) or name


def original(name: str) -> str:
    """The stem of the file that this is a copy of: `em` for `em-Copy1.ipynb`, `em (2).ipynb`, `em copy.ipynb`."""
    found = stem(name)
    while shorter := COPY.sub("", found):
        if shorter == found:
            break
        found = shorter
    return found.strip(" ")


def copy_number(name: str) -> int:
    """The number of a copy, from its name: 2 for `em-Copy2.ipynb` and `em (2).ipynb`, 0 for `em.ipynb`."""
    for part in (stem(name), name.strip()):
        if found := COPY.search(part):
            return int(next(filter(None, found.groups()), "1")[:9])
    return 0


def is_jupyters_copy(name: str) -> bool:
    """Whether Jupyter chose this name for a copy: `em-Copy1.ipynb`."""
    return re.search(r"-Copy\d+$", stem(name)) is not None


def is_notebooks(name: str) -> bool:
    """Whether a file has a notebook's name, with any ending that a program added: `em.IPYNB`, `em.ipynb.txt`."""
    return bool(NOTEBOOK.search(name))


def is_left_by_a_program(path: str) -> bool:
    """Whether systems or programs make files or folders of this name, or of a name in this path, by themselves."""
    return any(map(LEFT_BY_PROGRAMS.fullmatch, path.split("/")))


def is_released(name: str, assignment: str) -> bool:
    """Whether a file of this name comes with an assignment's release."""
    return name in (f"{assignment}.json", "requirements.txt", "selfcheck")


def harmless(text: str) -> str:
    """The text, safe for spreadsheets: an apostrophe keeps a program from reading it as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def legible(name: object) -> str:
    """A name or path for a page or a terminal: short, and without control characters."""
    shown = words.legible(str(name))
    return shown if len(shown) <= 2 * MAX_NAME else f"{shown[:MAX_NAME]}…{shown[-MAX_NAME:]}"
