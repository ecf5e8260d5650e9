"""Values that take long to compute, cached on disk for one version of the checks.

They are in the user's cache folder, which no student's process can read. Each file's name is a hash of everything that
its values depend on. Removing the files costs only time.
"""

import hashlib
import logging
import struct
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


def read(assignment: str) -> dict[str, Plain]:
    """Read the cached values of an assignment, by name; empty if there are none, or if they cannot be read."""
    try:
        frame = _path(assignment).read_bytes()
        header, _ = wire.LENGTHS.unpack(frame[: wire.LENGTHS.size])
        start = wire.LENGTHS.size + header
        return wire.decode(frame[wire.LENGTHS.size : start], frame[start:])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, wire.WireError, struct.error):
        logger.warning("the cache of %s cannot be read; its values are computed again", assignment, exc_info=True)
        return {}


def write(assignment: str, values: Mapping[str, Plain]) -> None:
    """Cache values, except large ones, if the folder is writable; remove the values of other versions."""
    path = _path(assignment)
    frame = wire.encode({name: value for name, value in values.items() if _size(value) <= MAX_BYTES})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{assignment}-*.values"):
            old.unlink(missing_ok=True)
        replace_atomically(path, frame)
    except OSError:
        logger.warning("the cache of %s cannot be written", assignment, exc_info=True)


def folder() -> Path:
    return user_cache_path("gmm-teaching-kit")


def _path(assignment: str) -> Path:
    return folder() / f"{assignment}-{_version(assignment)}.values"


@cache
def _version(assignment: str) -> str:
    own = (paths.ROOT / "autograder" / "exercises" / "truth.py").read_bytes()
    return hashlib.sha256(fingerprint.checks(assignment).encode() + own).hexdigest()[:32]


def _size(value: Plain) -> int:
    return sum(leaf.nbytes for leaf in leaves(value) if isinstance(leaf, np.ndarray))
