"""Kept replies on disk, a file for each student: a regrade runs only what it has not asked before."""

import logging
import struct
import zlib
from pathlib import Path

from autograder.files import replace_atomically
from autograder.sandbox.replies import Replies

logger = logging.getLogger(__name__)

MAX_BYTES = 50_000_000  # of one student's replies; larger ones are not kept
ENTRY = struct.Struct(">32sI")  # the hash of a question, and the length of the compressed reply


def read(path: Path, key: str) -> Replies:
    """Read the replies of a notebook. There are none if the file is missing, damaged, or of another notebook."""
    try:
        content = path.read_bytes()
    except OSError:
        return Replies()
    start = bytes.fromhex(key)
    if not content.startswith(start):
        return Replies()
    frames, at = {}, len(start)
    try:
        while at < len(content):
            question, length = ENTRY.unpack_from(content, at)
            at += ENTRY.size
            frames[question.hex()] = zlib.decompress(content[at : at + length])
            at += length
    except (struct.error, zlib.error):
        logger.warning("%s is damaged: the notebook is run again", path)
        return Replies()
    return Replies(frames)


def write(path: Path, key: str, replies: Replies) -> None:
    """Write the replies that the last run asked for, if they are complete, and not the same as on disk."""
    if not replies.complete or (not replies.more and replies.asked >= replies.frames.keys()):
        return
    parts = [bytes.fromhex(key)]
    for question in sorted(replies.asked & replies.frames.keys()):
        compressed = zlib.compress(replies.frames[question], 1)
        parts += [ENTRY.pack(bytes.fromhex(question), len(compressed)), compressed]
    if sum(map(len, parts)) > MAX_BYTES:
        path.unlink(missing_ok=True)
    else:
        replace_atomically(path, b"".join(parts))
