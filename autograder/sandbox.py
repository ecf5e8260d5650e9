"""The trusted end of the student's process: start it, give it cells and calls, end it."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from autograder import kept, paths
from autograder.beside.selfcheck import codec
from autograder.beside.selfcheck.probes import CALL, Probe
from autograder.beside.worker import wire
from autograder.beside.worker.isolation import LEVELS, Level, View, strongest
from autograder.errors import KitError
from autograder.isolation import Readable, library_folders, probe, readable
from autograder.replies import Failure, Returned, told, understood

PRELOAD = (
    "IPython",
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
# Never on the student's path: the kit itself, and what would lead there.
HIDDEN = ("autograder", "reference", "assignments", "gmm_teaching_kit", "_gmm_teaching_kit")
START_SECONDS = 120
CLOSE_SECONDS = 10


class SandboxError(KitError):
    """Student code cannot be run on this machine."""


class IsolationError(SandboxError):
    """Student code would run with less isolation than asked for."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use. Times are processor seconds; the wall clock allows `wall_factor` as much."""

    cell_seconds: int = 30
    wall_factor: float = 5.0
    total_cpu_seconds: int = 1800
    memory_bytes: int = 4 * 2**30
    file_bytes: int = 64 * 2**20
    work_bytes: int = 256 * 2**20
    reply_bytes: int = 64 * 2**20
    output_bytes: int = 2**16


class Sandbox:
    """A preloaded parent process, from which each submission's process is forked.

    Args:
        bundle: the folder of what a student has beside the notebook; each worker
            gets its own copy as its working directory.
        preload: libraries to import before the first fork, beside `PRELOAD`.
        limits: what one submission may use.
        isolation: how it is kept from the rest; the strongest way that this machine has, if none is named.
        unsafe: take what there is, also where that is none.

    Raises:
        IsolationError: the machine cannot isolate it so, or at all.

    `start` may be called from several threads.
    """

    def __init__(
        self,
        *,
        bundle: Path,
        preload: tuple[str, ...] = (),
        limits: Limits = Limits(),
        isolation: Level | None = None,
        unsafe: bool = False,
    ) -> None:
        self.limits = limits
        self.isolation: Level = _level(isolation, unsafe=unsafe)
        self._bundle = bundle
        self._lock = threading.Lock()
        self._scratch = tempfile.TemporaryDirectory(prefix="autograder-")
        libraries = self._libraries()
        self._readable: Readable = readable(libraries)
        self._control, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BOOT, str(libraries), str(theirs.fileno()), *PRELOAD, *preload],
                pass_fds=[theirs.fileno()],
                env=self._environment(),
                cwd=self._scratch.name,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # an interrupt at the terminal is the grader's to handle
            )
        self._ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> "Worker":
        """Fork a process for one submission.

        Raises:
            SandboxError: the parent process could not start, says what it printed; or the kernel
                refused to isolate this one.
        """
        view = View(
            level=self.isolation,
            folder=tempfile.mkdtemp(dir=self._scratch.name),
            work_bytes=self.limits.work_bytes,
            whole=tuple(map(str, self._readable.whole)),
            names=tuple(map(str, self._readable.names)),
            bound=tuple(map(str, self._readable.bound)),
            covered=tuple(map(str, self._readable.covered)),
            links=tuple((str(name), str(target)) for name, target in self._readable.links),
        )
        shutil.copytree(self._bundle, view.work, ignore=shutil.ignore_patterns("*.ipynb"))
        view.root.mkdir()
        settings = {
            "view": asdict(view),
            "total_cpu_seconds": self.limits.total_cpu_seconds,
            "memory_bytes": self.limits.memory_bytes,
            "file_bytes": self.limits.file_bytes,
            "reply_bytes": self.limits.reply_bytes,
            "output_bytes": self.limits.output_bytes,
        }
        compiler = settings | {"view": asdict(self._compiler_view()), "total_cpu_seconds": resource.RLIM_INFINITY}
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = self._fork(settings, compiler, theirs)
            except SandboxError:
                ours.close()
                raise
        worker = Worker(ours, Path(view.folder), self.limits, end=lambda at_once: self._end(pid, at_once=at_once))
        worker.wait_until_ready()
        return worker

    def close(self) -> None:
        """End the parent and all that it forked."""
        self._control.close()
        try:
            self._server.communicate(timeout=CLOSE_SECONDS if self._ready else 0)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.communicate()
        self._scratch.cleanup()

    def _compiler_view(self) -> View:
        """What the process sees that compiles: the libraries, and what it has compiled before."""
        folder = kept.compiled()
        (folder / "work").mkdir(parents=True, exist_ok=True)
        return View(
            level="none" if self.isolation == "none" else "landlock",  # a folder in memory would be gone afterwards
            folder=str(folder),
            work_bytes=0,
            whole=tuple(map(str, self._readable.whole)),
            names=tuple(map(str, self._readable.names)),
            bound=(),
            covered=(),
            links=(),
        )

    def _fork(self, settings: dict[str, Any], compiler: dict[str, Any], link: socket.socket) -> int:
        reply = self._ask({"fork": settings, "compiler": compiler}, link)
        if problem := reply.get("refused"):
            raise SandboxError(f"there is no process to be had for a submission: {problem}")
        return reply["pid"]

    def _end(self, pid: int, *, at_once: bool) -> int:
        return self._ask({"end": pid, "at_once": at_once})["status"]

    def _ask(self, request: dict[str, Any], link: socket.socket | None = None) -> dict[str, Any]:
        with self._lock:
            try:
                self._wait_until_ready()
                descriptors = array("i", [link.fileno()] if link else [])
                self._control.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)] if link else [])
                wire.send(self._control, request)
                return wire.receive(self._control, max_bytes=0)
            except (wire.WireError, OSError) as error:
                self._server.kill()
                printed = self._server.stderr.read().decode(errors="replace") if self._server.stderr else ""
                raise SandboxError(f"the process that runs student code ended: {printed.strip() or error}") from error

    def _wait_until_ready(self) -> None:
        if not self._ready:
            self._control.settimeout(START_SECONDS)
            wire.receive(self._control, max_bytes=0)
            self._ready = True

    def _libraries(self) -> Path:
        """A folder of links to the installed libraries without the kit: the student's import path.

        The kit may be installed among them, or be reached by a `.pth` file, which is not read here.
        """
        view = Path(self._scratch.name) / "libraries"
        view.mkdir()
        for folder in library_folders():
            for entry in folder.iterdir():
                wanted = not entry.name.startswith(HIDDEN) and entry.suffix != ".pth" and entry.name != "__pycache__"
                if wanted and not (view / entry.name).is_symlink():
                    (view / entry.name).symlink_to(entry)
        (view / "selfcheck").symlink_to(paths.SELFCHECK)
        (view / "beside").symlink_to(paths.BESIDE)
        return view

    def _environment(self) -> dict[str, str]:
        """The whole environment of the student's process: nothing of the grader's own."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": self._scratch.name,
            "IPYTHONDIR": self._scratch.name,
            "MPLCONFIGDIR": self._scratch.name,
            "MPLBACKEND": "agg",
            "JAX_PLATFORMS": "cpu",
            "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",  # see selfcheck.xla
            # One thread a process: submissions run side by side instead.
            "NPROC": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "JOBLIB_MULTIPROCESSING": "0",
        }


class Worker:
    """One submission's process."""

    def __init__(self, link: socket.socket, folder: Path, limits: Limits, *, end: Callable[[bool], int]) -> None:
        self._link = link
        self._folder = folder
        self._limits = limits
        self._end = end
        self._status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait_until_ready(self) -> None:
        """Wait until the process is isolated.

        Raises:
            SandboxError: it could not be; it has ended.
        """
        try:
            self._link.settimeout(START_SECONDS)
            # No student code has run yet: this reply is our own.
            match wire.receive(self._link, max_bytes=0):
                case {"ready": True}:
                    return
                case said:
                    problem = said.get("refused")
        except (wire.WireError, OSError) as error:
            problem = error
        self._finish(at_once=True)
        raise SandboxError(f"a submission's process could not be isolated: {problem}")

    def run_cell(self, source: str) -> Returned | Failure:
        """Run a cell; the names it defines stay."""
        return self._request({"run": source}, self._limits.cell_seconds)

    def call(
        self, function: str, args: tuple[Any, ...], *, cpu_seconds: int, probe: Probe = CALL
    ) -> Returned | Failure:
        """Try a function that the cells have defined, with fresh copies of `args`."""
        return self._request({"call": function, "args": args, "probe": codec.encode_probe(probe)}, cpu_seconds)

    def close(self) -> None:
        """End the process and remove its folder."""
        self._finish(at_once=True)

    def _request(self, request: dict[str, Any], cpu_seconds: int) -> Returned | Failure:
        if self._status is not None:
            raise RuntimeError("this worker has ended")
        frame = wire.encode(request | {"cpu_seconds": cpu_seconds})
        wall_seconds = cpu_seconds * self._limits.wall_factor
        deadline = time.monotonic() + wall_seconds
        try:
            self._link.settimeout(wall_seconds)
            self._link.sendall(frame)
            reply = wire.receive(self._link, max_bytes=self._limits.reply_bytes, deadline=deadline)
            return understood(reply, self._limits.output_bytes)
        except wire.TooLarge:
            problem = told("too_large", f"returned more than {self._limits.reply_bytes // 2**20} MB", fatal=True)
        except (wire.Closed, ConnectionError):
            return self._ended(cpu_seconds)
        except TimeoutError:
            problem = told("wall", f"did not end within {wall_seconds:.0f} seconds", fatal=True)
        except wire.WireError:
            problem = told("protocol", "broke the connection to the grader", fatal=True)
        self._finish(at_once=True)
        return problem

    def _ended(self, cpu_seconds: int) -> Failure:
        """Why the process is gone, from its wait status."""
        status = self._finish(at_once=False)
        if not os.WIFSIGNALED(status):
            return told("crashed", "ended the process", fatal=True)
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            says = f"used more than {cpu_seconds} seconds of processor time"
            return Failure("cpu", says, f"{says}: does a loop never end, or is there too much work?", fatal=True)
        named = {one.value: one.name for one in signal.Signals}  # most of the real-time ones have no name
        return told("crashed", f"ended the process ({named.get(number, f'signal {number}')})", fatal=True)

    def _finish(self, *, at_once: bool) -> int:
        if self._status is None:
            self._link.close()
            self._status = self._end(at_once)
            _remove(self._folder)
        return self._status


# The scratch folder goes with this process: the grader may be gone, and without a chance to tidy up.
_BOOT = """
import os, subprocess, sys
view, fd, *preload = sys.argv[1:]
sys.argv = [""]
sys.path.insert(0, view)
from beside.worker import server
try:
    server.main(int(fd), preload)
finally:
    subprocess.run(["rm", "-rf", os.path.dirname(view)])
"""


def _level(wanted: Level | None, *, unsafe: bool) -> Level:
    """The level asked for, or the strongest there is."""
    available = strongest(probe())
    level = wanted or available
    if LEVELS.index(level) < LEVELS.index(available):
        raise IsolationError(f"isolation by {level} does not work on this machine: `autograder doctor` says why")
    if level == "none" and not unsafe:
        raise IsolationError(
            "student code would not be isolated: it could read the solutions, change marks and use the network. "
            "`autograder doctor` says what this machine lacks and how to get it; --unsafe runs it all the same"
        )
    return level


def _remove(folder: Path) -> None:
    """Remove what student code has filled: `shutil.rmtree` has a deepest folder, and holds all above it open."""
    subprocess.run(["rm", "-rf", "--", folder], stdin=subprocess.DEVNULL, capture_output=True, check=False)
