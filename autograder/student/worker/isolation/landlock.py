"""Landlock: the kernel keeps a list of the files that a process may use, see landlock(7)."""

import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from . import syscalls

# Rights to files; `HANDLED` has them by the version of Landlock that introduced them.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
HANDLED = {1: (1 << 13) - 1, 2: 1 << 13, 3: TRUNCATE, 5: IOCTL_DEV}
TCP = 0b11  # bind and connect, from version 4
SCOPES = 0b11  # abstract Unix sockets and signals, from version 6
VERSION, PATH_BENEATH = 1, 1
PR_SET_NO_NEW_PRIVS = 38


def version() -> int:
    """The kernel's version of Landlock.

    Raises:
        OSError: the kernel has no Landlock.
    """
    return syscalls.call("landlock_create_ruleset", None, 0, VERSION)


def restrict(*, readable: Iterable[str], listable: Iterable[str], writable: Iterable[str | Path]) -> None:
    """Restrict the calling thread, and threads that it starts later, to these files. This cannot be undone.

    It also forbids TCP (from version 4 of Landlock), and signals and abstract Unix sockets to processes outside (from
    version 6).

    Args:
        readable: files, and folders with everything in them, that may be read.
        listable: folders that may be listed, recursively, but not read.
        writable: files that may be written, and folders in which files may be created, changed and removed.

    Raises:
        OSError: the kernel refused.
    """
    kernel = version()
    handled = sum(rights for since, rights in HANDLED.items() if kernel >= since)
    attributes = struct.pack("QQQ", handled, TCP if kernel >= 4 else 0, SCOPES if kernel >= 6 else 0)
    rules = syscalls.call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        of_files = READ_FILE | (WRITE_FILE | TRUNCATE) & handled
        for paths, rights in (
            (readable, READ_FILE | READ_DIR),
            (listable, READ_DIR),
            (writable, handled & ~(EXECUTE | MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)),
        ):
            for path in paths:
                _allow(rules, path, rights, rights & of_files)
        syscalls.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        syscalls.call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str | Path, rights: int, rights_of_a_file: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        rule = struct.pack("=Qi", rights if is_folder else rights_of_a_file, opened)
        syscalls.call("landlock_add_rule", rules, PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)
