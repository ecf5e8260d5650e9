"""Values that take long to compute, cached on disk for one version of the checks.

The kit comes with the values that a release and the usual mistakes need (`shipped`). Others are in the user's cache
folder. Each file's name is a hash of everything that its values depend on. No student's process can read either folder.
Removing the files costs only time.
"""

import hashlib
import logging
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path

from autograder import fingerprint, paths
from autograder.files import replace_atomically
from autograder.student.selfcheck.values import Plain, leaves
from autograder.student.worker import wire

logger = logging.getLogger(__name__)

MAX_BYTES = 1_000_000  # of one value: reading larger values is no faster than computing them
SHIPPED = Path(__file__).parent / "values"


def read(assignment: str) -> dict[str, Plain]:
    """Read the stored values of an assignment, by name; empty if there are none, or if they cannot be read."""
    return shipped(assignment) | _kept(assignment)


def shipped(assignment: str) -> dict[str, Plain]:
    """Read the values that the kit comes with; empty if they belong to another version of the checks."""
    try:
        data = _shipped_path(assignment).read_bytes()
        version = version_of(assignment).encode()
        return wire.unframe(zlib.decompress(data[len(version) :])) if data.startswith(version) else {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, zlib.error, wire.WireError):
        logger.warning("the values of %s that the kit comes with cannot be read", assignment, exc_info=True)
        return {}


def ship(assignment: str, values: dict[str, Plain]) -> None:
    """Write the values that the kit comes with."""
    _shipped_path(assignment).parent.mkdir(exist_ok=True)
    replace_atomically(
        _shipped_path(assignment), version_of(assignment).encode() + zlib.compress(wire.encode(values), 9)
    )


def _kept(assignment: str) -> dict[str, Plain]:
    """The values in the user's cache folder."""
    try:
        return wire.unframe(_path(assignment).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, wire.WireError):
        logger.warning("the cache of %s cannot be read; its values are computed again", assignment, exc_info=True)
        return {}


def write(assignment: str, values: Mapping[str, Plain]) -> None:
    """Cache the values that the kit does not come with, except large ones, if the folder is writable.

    Values of other versions are removed.
    """
    path, known = _path(assignment), shipped(assignment)
    wanted = {name: value for name, value in values.items() if name not in known and size(value) <= MAX_BYTES}
    if not wanted:
        return
    frame = wire.encode(wanted)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{assignment}-*.values"):
            old.unlink(missing_ok=True)
        replace_atomically(path, frame)
    except OSError:
        logger.warning("the cache of %s cannot be written", assignment, exc_info=True)


def folder() -> Path:
    return user_cache_path(paths.DISTRIBUTION)


def _path(assignment: str) -> Path:
    return folder() / f"{assignment}-{version_of(assignment)}.values"


def _shipped_path(assignment: str) -> Path:
    return SHIPPED / f"{assignment}.values"


@cache
def version_of(assignment: str) -> str:
    """Hash everything that the values of an assignment depend on."""
    own = fingerprint.code(paths.ROOT / "autograder" / "exercises" / "truth.py")
    return hashlib.sha256(fingerprint.checks(assignment).encode() + own).hexdigest()[:32]


def size(value: Plain) -> int:
    """The bytes of the arrays in a value."""
    return sum(leaf.nbytes for leaf in leaves(value) if isinstance(leaf, np.ndarray))
