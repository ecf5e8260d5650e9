"""The preloaded parent, as the grader holds it: the process from which each submission's is forked."""

import socket
import subprocess
import sys
import tempfile
import threading
from array import array
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from autograder import libraries, paths
from autograder.errors import SandboxError
from autograder.sandbox.visible_files import Readable, readable
from autograder.student.worker import wire

SHELL = "IPython"  # what cells run in; students have it through Jupyter
PRELOAD = (
    SHELL,
    "jax",
    "jax.numpy",
    "jax.scipy.special",
    "jax.scipy.stats",
    "matplotlib.pyplot",
    "numpy",
    "scipy.optimize",
    "scipy.special",
    "scipy.stats",
    "selfcheck",
)
START_SECONDS = 120
CLOSE_SECONDS = 10


class Parent:
    """Starts at once, and imports what every notebook needs, while whoever made it does something else.

    It may be used from several threads.

    Attributes:
        scratch: a folder for its submissions, gone when it is closed.
        libraries: the names of those that a notebook may import.
        readable: what their processes may read.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready = False
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        self.scratch = Path(self._folder.name)
        self.libraries: tuple[str, ...] = ()
        self._view = self.scratch / "libraries"
        self._view.mkdir()
        self._places: dict[str, Path] = {"selfcheck": paths.SELFCHECK, "kit_student": paths.STUDENT}
        self._link((SHELL, *libraries.ALWAYS))
        self._control, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BOOT, str(self._view), str(theirs.fileno()), *PRELOAD],
                pass_fds=[theirs.fileno()],
                env=_environment(self.scratch),
                cwd=self.scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # an interrupt at the terminal is the grader's to handle
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._server.pid

    def preload(self, modules: tuple[str, ...]) -> None:
        """Have it import the libraries of an assignment too: once, and before the first fork. Does not wait."""
        self._link(modules)
        with suppress(OSError):  # it has ended: the first fork says why
            self._request({"preload": modules})

    def fork(self, settings: dict[str, Any], compiler: dict[str, Any], link: socket.socket) -> int:
        """Start a submission's process at the other end of a link; its number.

        Raises:
            SandboxError: it has ended, says what it printed; or there is no process to be had.
        """
        reply = self._ask({"fork": settings, "compiler": compiler}, link)
        if problem := reply.get("refused"):
            raise SandboxError(f"there is no process to be had for a submission: {problem}")
        return reply["pid"]

    def end(self, pid: int, *, at_once: bool) -> int:
        """End a submission's process, and all that it has started; its wait status."""
        return self._ask({"end": pid, "at_once": at_once})["status"]

    def kill(self) -> None:
        """End it without its doing; whoever waits for it gets an error."""
        self._server.kill()

    def close(self) -> None:
        """End it and all that it forked."""
        self._control.close()
        try:
            self._server.communicate(timeout=CLOSE_SECONDS if self._ready else 0)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.communicate()
        self._folder.cleanup()

    def _link(self, names: Iterable[str]) -> None:
        """Put libraries, and what they need, on the student's import path, beside what is there: nothing else is."""
        self.libraries = tuple(sorted({*self.libraries, *names} - {SHELL}))
        for library in libraries.needed(names):
            self._places |= libraries.places(library)
        for name, place in self._places.items():
            link = self._view / name
            if not link.is_symlink():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(place)
        self.readable: Readable = readable(self._view, self._places.values())

    def _ask(self, request: dict[str, Any], link: socket.socket | None = None) -> dict[str, Any]:
        with self._lock:
            try:
                if not self._ready:
                    self._control.settimeout(START_SECONDS)
                    wire.receive(self._control, max_bytes=0)
                    self._ready = True
                self._request(request, link)
                return wire.receive(self._control, max_bytes=0)
            except (wire.WireError, OSError) as error:
                self._server.kill()
                printed = self._server.stderr.read().decode(errors="replace") if self._server.stderr else ""
                raise SandboxError(f"the process that runs student code ended: {printed.strip() or error}") from error

    def _request(self, request: dict[str, Any], link: socket.socket | None = None) -> None:
        descriptors = array("i", [link.fileno()] if link else [])
        self._control.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)] if link else [])
        wire.send(self._control, request)


def _environment(scratch: Path) -> dict[str, str]:
    """The whole environment of the student's process: nothing of the grader's own."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(scratch),
        "USER": "student",
        "LOGNAME": "student",
        "IPYTHONDIR": str(scratch),
        "MPLCONFIGDIR": str(scratch),
        "MPLBACKEND": "agg",
        "JAX_PLATFORMS": "cpu",
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",  # see selfcheck.xla
        # One thread a process: submissions run side by side instead.
        "NPROC": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "JOBLIB_MULTIPROCESSING": "0",
    }


# The scratch folder goes with this process: the grader may be gone, and without a chance to tidy up.
_BOOT = """
import os, subprocess, sys
view, fd, *preload = sys.argv[1:]
sys.argv = [""]
sys.path.insert(0, view)
from kit_student.worker import forkserver
try:
    forkserver.main(int(fd), preload)
finally:
    subprocess.run(["rm", "-rf", os.path.dirname(view)])
"""
