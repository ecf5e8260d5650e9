"""Names of people and of files: compared in one form, and shown so that they do no harm."""

import hashlib
import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

MAX_NAME = 100  # bytes: nbgrader's gradebook holds 128, and a file's name is longer than its student's

NOTEBOOK = re.compile(r"\.ipynb(?![A-Za-z0-9])", re.IGNORECASE)
ENDING = re.compile(r"(?:\.tar)?\.[A-Za-z0-9]{1,5}\s*$")
COPY = re.compile(
    r"(?:\s*-Copy(?P<jupyter>\d+)|\s*\((?P<browser>\d+)\)|\s+-\s+Copy|\s+copy(?:\s+(?P<finder>\d+))?)\s*$",
    re.IGNORECASE,
)

# What systems and programs leave in folders by themselves.
LEFT_BY_PROGRAMS = re.compile(
    r"\._.*|\.~.*|~\$.*|.*~|\.(?!.*\.?ipynb$).*|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|\$recycle\.bin"
    r"|system volume information|lost\+found|__macosx|__pycache__|\.ipynb_checkpoints"
    r"|timestamp\.txt|submission_secret\.txt",
    re.IGNORECASE | re.DOTALL,
)


def normal(name: str) -> str:
    """The form in which names are compared and kept: Unicode's normal form C.

    An é is one character or two, depending on the system that a name comes from.
    """
    return unicodedata.normalize("NFC", name)


def key(name: str) -> str:
    """A name as rosters are searched for it: capital letters, and spaces around it, make no difference."""
    return normal(normal(name).strip().casefold())


def existing(path: Path) -> Path:
    """The path, or the one that is there under the same name in another form."""
    if path.name.isascii() or path.exists() or not path.parent.is_dir():
        return path
    wanted = normal(path.name)
    return next((other for other in path.parent.iterdir() if normal(other.name) == wanted), path)


def student(name: str) -> str:
    """A student's name from a file's or a folder's: one that a folder, a page, a terminal and the gradebook can hold.

    Nearly always the name as it is. What is invisible, or leads elsewhere, is written as in a web address.
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
    """A file's name without what programs add to the end of it: `.ipynb`, `.ipynb.txt`, `.IPYNB (1)`, `.pdf`."""
    found = NOTEBOOK.search(name, 1)
    return name[: found.start()] if found else ENDING.sub("", name) or name


def original(name: str) -> str:
    """The stem of the file of which this is a copy: `em` for `em-Copy1.ipynb`, `em (2).ipynb`, `em copy.ipynb`."""
    found = stem(name)
    while shorter := COPY.sub("", found):
        if shorter == found:
            break
        found = shorter
    return found.strip(" ")


def copy_number(name: str) -> int:
    """Which copy a file is, by its name: 2 for `em-Copy2.ipynb` and `em (2).ipynb`; 0 for `em.ipynb`."""
    for part in (stem(name), name.strip()):
        if found := COPY.search(part):
            return int(next(filter(None, found.groups()), "1")[:9])
    return 0


def is_jupyters_copy(name: str) -> bool:
    """Whether Jupyter has called it so, and no person: `em-Copy1.ipynb`."""
    return re.search(r"-Copy\d+$", stem(name)) is not None


def is_notebooks(name: str) -> bool:
    """Whether a file is called as a notebook, whatever a program has added: `em.IPYNB`, `em.ipynb.txt`."""
    return bool(NOTEBOOK.search(name))


def is_left_by_a_program(name: str) -> bool:
    """Whether nobody hands in a file or a folder of this name: a system or a program has put it there."""
    return bool(LEFT_BY_PROGRAMS.fullmatch(name))


def is_released(name: str, assignment: str) -> bool:
    """Whether it is called as what lies beside the notebook in an assignment's release."""
    return name in (f"{assignment}.json", "requirements.txt", "selfcheck")


def legible(name: object) -> str:
    """A file's name or path as a page or a terminal can show it: short, and without control characters."""
    text = str(name)
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return shown if len(shown) <= 2 * MAX_NAME else f"{shown[:MAX_NAME]}…{shown[-MAX_NAME:]}"
