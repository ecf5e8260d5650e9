"""Programs compiled once, whoever sends them, by a process of the kit's own.

Compiling is most of what a notebook in JAX costs, and most programs of a class are the same:
the kernels of single operations on arrays of the same few shapes. A student's process sends
what JAX has made of its code, and gets the executable back. It cannot write what another one
reads, and reads only what it could compile itself: an executable is found by the content of
its program, and is made from it here.

Nothing that is sent is ever run here. It is hostile all the same: a program that crashes the
compiler, or keeps it busy without end, ends this process, which is isolated like a student's;
whoever waits for it then compiles for itself, and the next submission finds another one.
"""

import hashlib
import os
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..selfcheck import xla
from . import isolation, wire
from .isolation import limits

SIZE = struct.Struct(">I")
MAX_BYTES = 16 * 2**20  # of a program
PROGRAM_SECONDS = 60  # by the clock: none of a notebook takes long
SUBMISSION_SECONDS = 300
STORE_BYTES = 512 * 2**20
DIGEST = hashlib.sha256().digest_size


class Compiler:
    """The process that compiles, as its parent holds it: started when it is first needed, and after each end."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self._control: socket.socket | None = None

    def connect(self, settings: dict[str, Any]) -> socket.socket:
        """A student's end of a new connection; one that is closed already where there is no process to be had."""
        ours, theirs = socket.socketpair()
        with theirs:
            for _ in range(2):  # the last one may have ended unseen
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
    """Have the programs of this process compiled at the other end, as long as there is one."""
    jax = vars(sys.modules["jax._src.compiler"])
    compile_here = jax["compile_or_get_cached"]
    turn = threading.Lock()

    def compile_there(backend, computation, devices, options, host_callbacks, executable_devices, *rest):
        if not host_callbacks:  # else the program holds an address of this process
            with suppress(Exception), turn:
                if executable := _ask(link, _without_hints(options).SerializeAsString(), _canonical(computation)):
                    return backend.deserialize_executable(executable, executable_devices, options)
        return compile_here(backend, computation, devices, options, host_callbacks, executable_devices, *rest)

    jax["compile_or_get_cached"] = compile_there


def main(control: socket.socket, settings: dict[str, Any]) -> None:
    """Compile for whoever is connected, until the parent is gone. Does not come back."""
    try:
        limits.close_all_but(control)
        view = isolation.View(**settings["view"])
        limits.enter(
            total_cpu_seconds=settings["total_cpu_seconds"],
            memory_bytes=settings["memory_bytes"],
            file_bytes=settings["file_bytes"],
        )
        isolation.enter(view, links=())
        compile_program = _compiling()
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
    except BaseException:  # an answer that is still to come must not be taken for that to the next question
        link.close()
        raise


def _serve(
    link: socket.socket, store: Path, compile_program: Callable[[bytes, bytes], bytes | None], busy: dict[int, float]
) -> None:
    """Answer one submission. An empty answer: it shall compile for itself."""
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


def _compiling() -> Callable[[bytes, bytes], bytes | None]:
    """What compiles a program here: only with the options that JAX itself sets, others may name files."""
    import jax
    import jax.numpy as jnp
    from jax._src import compiler
    from jax._src.interpreters import mlir
    from jaxlib.mlir import ir

    seen: dict[bytes, tuple[Any, Any]] = {}
    compile_here = compiler.compile_or_get_cached

    def look(backend, computation, devices, options, host_callbacks, executable_devices, *rest):
        plain = _without_hints(options)
        seen[plain.SerializeAsString()] = (plain, executable_devices)
        return compile_here(backend, computation, devices, options, host_callbacks, executable_devices, *rest)

    compiler.compile_or_get_cached = look
    for make in (jnp.ones, jax.random.key):  # JAX compiles a small program and a larger one with different options
        make(1)
    backend = jax.devices()[0].client

    def compile_program(options: bytes, program: bytes) -> bytes | None:
        if options not in seen:
            return None
        plain, devices = seen[options]
        try:
            with mlir.make_ir_context():
                module = ir.Module.parse(program)
                quick = xla.quick(plain, module)
                compiled = backend.compile_and_load(module, executable_devices=devices, compile_options=quick)
            return compiled.serialize()
        except Exception:  # whoever sent it gets to see it, on compiling for itself
            return None

    return compile_program


def _without_hints(options: Any) -> Any:
    """A copy of compile options without those for several devices, which differ by the number of arguments."""
    copy = type(options).ParseFromString(options.SerializeAsString())
    copy.executable_build_options.allow_spmd_sharding_propagation_to_parameters = []
    copy.executable_build_options.allow_spmd_sharding_propagation_to_output = []
    return copy


def _canonical(module: Any) -> bytes:
    """A program without the lines of code that it comes from."""
    from jaxlib.mlir import passmanager

    with module.context:
        stripped = module.operation.clone(ip=False)
        passmanager.PassManager.parse("builtin.module(strip-debuginfo)").run(stripped.operation)
        return xla.bytecode(stripped)


def _stored(path: Path) -> bytes | None:
    with suppress(OSError):
        content = path.read_bytes()
        if hashlib.sha256(content[DIGEST:]).digest() == content[:DIGEST]:  # else the machine stopped meanwhile
            return content[DIGEST:]
    return None


def _store(path: Path, executable: bytes) -> None:
    unfinished = path.with_suffix(f".{threading.get_ident()}")
    with suppress(OSError):  # a full disk costs time only
        unfinished.write_bytes(hashlib.sha256(executable).digest() + executable)
        unfinished.rename(path)


def _prune(store: Path) -> None:
    """Keep the store small: of one that is full, the older half goes."""
    files = sorted(((path.stat(), path) for path in store.iterdir()), key=lambda one: one[0].st_mtime)
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
