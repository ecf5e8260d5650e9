"""The compile server: one process compiles each program once for all submissions.

A notebook in JAX spends most of its time on compiling, and most programs of a class are the same: kernels of single
operations on arrays of the same few shapes. A student's process sends the program that JAX made from its code, and gets
the executable back. It cannot change what another student's process gets: executables are stored by the hash of their
program, and only the compile server makes them, from that program.

The compile server never runs a program. Programs are hostile all the same: one may crash the compiler or keep it busy
without end. Then the compile server, which is isolated like a student's process, ends. The submissions that wait for it
compile their programs themselves, and the fork server starts a new compile server for the next submission.
"""

import hashlib
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import hooks, isolation, wire
from .isolation import limits

SIZE = struct.Struct(">I")
MAX_BYTES = 16 * 2**20  # the largest program
PROGRAM_SECONDS = 60  # wall-clock limit for one program; a notebook's programs need far less
SUBMISSION_SECONDS = 300  # limit for all programs of one submission
STORE_BYTES = 512 * 2**20
DIGEST = hashlib.sha256().digest_size


class Compiler:
    """The parent's handle of the compile server: starts it when it is first needed, and again after it has ended."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self._control: socket.socket | None = None

    def connect(self, settings: dict[str, Any]) -> socket.socket:
        """Return a student's end of a new connection. It is already closed if no compile server could be started."""
        ours, theirs = socket.socketpair()
        with theirs:
            for _ in range(2):  # the compile server may have ended since the last connection
                with suppress(OSError):
                    socket.send_fds(self._control or self._start(settings), [b"!"], [theirs.fileno()])
                    break
                self._forget()
        return ours

    def _start(self, settings: dict[str, Any]) -> socket.socket:
        self._control, theirs = socket.socketpair()
        with theirs:
            self.pid = os.fork()
            if self.pid == 0:
                main(theirs, settings)
        return self._control

    def _forget(self) -> None:
        if self._control:
            self._control.close()
        if self.pid:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        self.pid = self._control = None


def use(link: socket.socket) -> None:
    """Let the process at the other end compile the programs of this process, as long as it answers."""
    turn = threading.Lock()

    def ask(options: bytes, program: bytes) -> bytes:
        with turn:
            return _ask(link, options, program)

    hooks.compile_by(ask)


def main(control: socket.socket, settings: dict[str, Any]) -> None:
    """Serve all connected submissions until the parent is gone. Never returns."""
    try:
        limits.close_all_but(control)
        view = isolation.View(**settings["view"])
        limits.enter(
            total_cpu_seconds=settings["total_cpu_seconds"],
            memory_bytes=settings["memory_bytes"],
            file_bytes=settings["file_bytes"],
        )
        isolation.enter(view, links=())
        compile_program = hooks.compiler_of_programs()
        _prune(view.work)
        busy: dict[int, float] = {}
        while True:
            if select.select([control], [], [], 1)[0]:
                mark, descriptors, _, _ = socket.recv_fds(control, 1, 1)
                if not mark:
                    break
                for descriptor in descriptors:
                    serving = (socket.socket(fileno=descriptor), view.work, compile_program, busy)
                    threading.Thread(target=_serve, args=serving, daemon=True).start()
            if any(time.monotonic() - since > PROGRAM_SECONDS for since in list(busy.values())):
                break
    finally:
        os._exit(0)


def _ask(link: socket.socket, options: bytes, program: bytes) -> bytes:
    try:
        _send(link, options)
        _send(link, program)
        return _receive(link)
    except BaseException:  # else a late answer would be read as the answer to the next request
        link.close()
        raise


def _serve(
    link: socket.socket, store: Path, compile_program: Callable[[bytes, bytes], bytes | None], busy: dict[int, float]
) -> None:
    """Answer the requests of one submission. An empty answer tells it to compile the program itself."""
    spent = 0.0
    with link, suppress(OSError, wire.WireError):
        while spent < SUBMISSION_SECONDS:
            options, program = _receive(link), _receive(link)
            path = store / hashlib.sha256(SIZE.pack(len(options)) + options + program).hexdigest()
            executable = _stored(path)
            if executable is None:
                busy[id(link)] = started = time.monotonic()
                executable = compile_program(options, program)
                del busy[id(link)]
                spent += time.monotonic() - started
                if executable:
                    _store(path, executable)
            _send(link, executable or b"")


def _stored(path: Path) -> bytes | None:
    with suppress(OSError):
        content = path.read_bytes()
        if hashlib.sha256(content[DIGEST:]).digest() == content[:DIGEST]:  # differs if a power cut left half a file
            return content[DIGEST:]
    return None


def _store(path: Path, executable: bytes) -> None:
    unfinished = path.with_suffix(f".{threading.get_ident()}")
    with suppress(OSError):  # without a stored copy, on a full disk, the program is only compiled again
        unfinished.write_bytes(hashlib.sha256(executable).digest() + executable)
        unfinished.rename(path)


def _prune(store: Path) -> None:
    """Limit the size of the store: if it is full, delete the older half of its files."""
    files = sorted(((path.stat(), path) for path in store.iterdir()), key=lambda file: file[0].st_mtime)
    if sum(stat.st_size for stat, _ in files) > STORE_BYTES:
        for _, path in files[: len(files) // 2]:
            path.unlink(missing_ok=True)


def _send(link: socket.socket, block: bytes) -> None:
    link.sendall(SIZE.pack(len(block)) + block)


def _receive(link: socket.socket) -> bytes:
    (size,) = SIZE.unpack(wire.read(link, SIZE.size))
    if size > MAX_BYTES:
        raise wire.TooLarge("a program that is too large")
    return bytes(wire.read(link, size))
