"""The kit's own folders and files."""

from collections.abc import Iterator
from pathlib import Path

DISTRIBUTION = "gmm-teaching-kit"
"""What the kit is called where it is installed."""
PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
KIT = ("assignments", "autograder", "reference")
"""The kit's own folders in `ROOT`. In an installation, `ROOT` also contains other libraries."""
ASSIGNMENT_TEXTS = ROOT / "assignments"
STUDENT = PACKAGE / "student"
SELFCHECK = STUDENT / "selfcheck"
_INSTALLED = PACKAGE / "sample_class"
SAMPLE_CLASS = _INSTALLED if _INSTALLED.is_dir() else ROOT / "tests" / "submissions"

ASSIGNMENTS = tuple(sorted(path.stem for path in ASSIGNMENT_TEXTS.glob("*.md")))
"""The names of the assignments; each has a text, a reference and a module of exercises."""


def answers(assignment: str) -> Path:
    """The folder of an assignment's right answers, as student scripts."""
    return PACKAGE / "exercises" / assignment / "answers"


def sources() -> Iterator[Path]:
    """The files of the kit that make releases and marks: all but right answers, the sample class, and caches."""
    for folder in KIT:
        for path in sorted((ROOT / folder).rglob("*")):
            left = {"answers", "sample_class", "__pycache__"}.intersection(path.relative_to(ROOT).parts)
            if path.is_file() and not left:
                yield path
