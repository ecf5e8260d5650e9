"""What a verdict or a release depends on, as one hash: when it is unchanged, so is the work."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograder import paths, submissions
from autograder.submissions import UnreadableNotebook

LIBRARIES = ("arviz-stats", "genjax", "jax", "jaxlib", "nbgrader", "numpy", "scipy")


@cache
def checks() -> str:
    """The hash of what decides whether an answer is right: the checks, the reference and the libraries that compute."""
    digest = hashlib.sha256(" ".join(f"{name}=={version(name)}" for name in LIBRARIES).encode())
    folders = ("reference", "autograder/exercises", "autograder/beside/selfcheck")
    for path in sorted(path for folder in folders for path in (paths.ROOT / folder).glob("*.py")):
        digest.update(f"{path.relative_to(paths.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def kit() -> str:
    """The hash of the kit: its code, its texts and the libraries that compute."""
    digest = hashlib.sha256(" ".join(f"{name}=={version(name)}" for name in LIBRARIES).encode())
    for folder in ("assignments", "autograder", "reference"):
        for path in sorted((paths.ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".md"):
                digest.update(f"{path.relative_to(paths.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def submission(path: Path) -> str:
    """The hash of what grading reads of a submission, or of why it cannot, together with the kit that judges it."""
    digest = hashlib.sha256(kit().encode())
    try:
        digest.update(submissions.content(path))
    except UnreadableNotebook as reason:
        digest.update(str(reason).encode())
    return digest.hexdigest()
