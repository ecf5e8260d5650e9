"""Says in words what the kernel forbids: an error that only names a number teaches nobody.

This guards nothing. The kernel does, see `isolation`; student code may come past this and finds the door shut.
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
LOCAL = (socket.AF_UNIX,)  # asyncio wakes itself through a pair of these


def tell() -> None:
    """From now on, raise an error that says what is not available, before the kernel refuses it."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    what = EVENTS.get(event)
    if event == "socket.__new__" and arguments[1] not in (*LOCAL, -1):
        what = NETWORK
    if what:
        raise PermissionError(f"not available while grading: {what}")
