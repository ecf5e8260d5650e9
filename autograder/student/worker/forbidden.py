"""Error messages for what the kernel forbids: an error number alone does not help a student.

This module protects nothing. If student code avoids it, the kernel still refuses the system call; see `isolation`.
"""

import socket
import sys
from typing import Any

PROCESSES, NETWORK = "starting processes", "the network"
EVENTS = {
    **dict.fromkeys(
        (
            "subprocess.Popen",
            "os.system",
            "os.exec",
            "os.fork",
            "os.forkpty",
            "os.posix_spawn",
            "os.spawn",
            "pty.spawn",
        ),
        PROCESSES,
    ),
    **dict.fromkeys(
        (
            *("socket.connect", "socket.bind", "socket.getaddrinfo"),
            *("socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request"),
            *("http.client.connect", "ftplib.connect", "smtplib.connect", "poplib.connect", "imaplib.open"),
        ),
        NETWORK,
    ),
}
LOCAL = (socket.AF_UNIX,)  # asyncio uses a pair of these to wake its loop


def tell() -> None:
    """From now on, raise an error that names what is not available, before the kernel refuses the system call."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    missing = EVENTS.get(event)
    if event == "socket.__new__" and arguments[1] not in (*LOCAL, -1):
        missing = NETWORK
    if missing:
        raise PermissionError(f"not available while grading: {missing}")
