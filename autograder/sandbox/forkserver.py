"""The grader's handle of the fork server, the process that forks a process for each submission."""

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

from autograder import computing, libraries, paths
from autograder.errors import SandboxError
from autograder.sandbox.visible_files import Readable, readable
from autograder.student.worker import wire

SHELL = "IPython"  # cells run in it; students get it with Jupyter
PRELOAD = (
    SHELL,
    "jax",
    "jax.numpy",
    "jax.scipy.special",
    "jax.scipy.stats",
    "matplotlib.pyplot",
    "numpy",
    "selfcheck",
)
LATER = ("scipy.optimize", "scipy.special", "scipy.stats")  # a class that is graded need not wait for these
START_SECONDS = 120
CLOSE_SECONDS = 10


class ForkServer:
    """Starts immediately, and imports the common libraries in the background.

    You can use it from several threads.

    Attributes:
        scratch: a temporary folder for submissions; `close` removes it.
        libraries: the names of the libraries that a notebook may import.
        readable: the files that a submission's process may read.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready = False
        self._unread = 0  # the replies to `preload` that nobody has read
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        self.scratch = Path(self._folder.name)
        self.libraries: tuple[str, ...] = ()
        self._view = self.scratch / "libraries"
        self._view.mkdir()
        self._places: dict[str, Path] = {"selfcheck": paths.SELFCHECK, "kit_student": paths.STUDENT}
        self._link((SHELL, *libraries.ALWAYS))
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BOOT, str(self._view), str(theirs.fileno()), *PRELOAD, "", *LATER],
                pass_fds=[theirs.fileno()],
                env=_environment(self.scratch),
                cwd=self.scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # only the grader handles an interrupt at the terminal
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._server.pid

    def preload(self, modules: tuple[str, ...]) -> None:
        """Tell the fork server to import an assignment's libraries too, without waiting; the next fork waits."""
        with self._lock, suppress(OSError):  # the fork server has ended: the next fork raises an error that says why
            self._link(modules)
            self._request({"preload": modules})
            self._unread += 1

    def fork(self, settings: dict[str, Any], compiler: dict[str, Any], link: socket.socket) -> int:
        """Start a process for a submission and return its process id.

        Args:
            settings: the view and the limits of the submission.
            compiler: the same for the compile server.
            link: the socket that the process uses to talk to the grader.

        Raises:
            SandboxError: the fork server has ended (the message has its output), or could not fork.
        """
        reply = self._ask({"fork": settings, "compiler": compiler}, link)
        if problem := reply.get("refused"):
            raise SandboxError(f"could not start a process for a submission: {problem}")
        return reply["pid"]

    def end(self, pid: int, *, at_once: bool) -> int:
        """Kill a submission's process and all processes that it has started. Return its wait status.

        Args:
            at_once: kill it now; otherwise give it a moment to end by itself.
        """
        return self._ask({"end": pid, "at_once": at_once})["status"]

    def kill(self) -> None:
        """Kill the fork server. Pending calls raise SandboxError."""
        self._server.kill()

    def close(self) -> None:
        """End the fork server and all processes that it forked. Remove `scratch`."""
        self._control.close()
        try:
            self._server.communicate(timeout=CLOSE_SECONDS if self._ready else 0)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.communicate()
        self._folder.cleanup()

    def _link(self, names: Iterable[str]) -> None:
        """Add libraries and their dependencies to the student's import path, which contains nothing else."""
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
                while self._unread:
                    wire.receive(self._control, max_bytes=0)
                    self._unread -= 1
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
    """All environment variables of a student's process. It inherits none of the grader's."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(scratch),
        "USER": "student",
        "LOGNAME": "student",
        "IPYTHONDIR": str(scratch),
        "MPLCONFIGDIR": str(scratch),
        "JAX_PLATFORMS": "cpu",
        **computing.ENVIRONMENT,
        "XLA_FLAGS": "",  # the compile server chooses the options for each program
        # One thread per process: submissions run in parallel instead.
        "NPROC": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "JOBLIB_MULTIPROCESSING": "0",
    }


# The fork server removes the scratch folder itself, because the grader may have been killed.
_BOOT = """
import os, subprocess, sys
view, fd, *names = sys.argv[1:]
preload, later = names[: names.index("")], names[names.index("") + 1 :]
sys.argv = [""]
sys.path.insert(0, view)
from kit_student.worker import forkserver
try:
    forkserver.main(int(fd), preload, later)
finally:
    subprocess.run(["rm", "-rf", os.path.dirname(view)])
"""
