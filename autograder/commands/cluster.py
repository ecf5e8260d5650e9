"""Grade a class on the workers of a Dask cluster, for classes that outgrow one machine.

A worker does the same as the grader on one machine: it runs each notebook in its own sandbox and judges the outcomes.
Only this process reads notebooks and writes verdicts. So if a worker dies, no verdict is lost, and no submission gets
two. <https://distributed.dask.org>
"""

import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import computing, exercises, fingerprint
from autograder.commands.runner import TimedOut, judge_work
from autograder.course.folder import Course
from autograder.errors import ClusterError, KitError, SandboxError
from autograder.exercises import Assignment
from autograder.exercises.truth import keep, prepare
from autograder.grading.results import Verdict
from autograder.grading.run import Unreadable, read
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 30
WORKER_SECONDS = 300  # a batch system needs time to start a worker

type Files = tuple[tuple[str, bytes], ...]
"""The files of the released folder: path and content."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Runs submissions on the workers of a Dask scheduler.

    Attributes:
        address: the scheduler's address.
        unsafe: run student code even on workers that cannot isolate it.
    """

    address: str
    unsafe: bool = False

    def judge_all(
        self, course: Course, assignment: Assignment, submitted: list[Submission]
    ) -> Generator[tuple[Submission, Verdict | Exception]]:
        """Yield each submission, in any order, with its verdict or with the error that the grader raised.

        Raises:
            ClusterError: there is no scheduler or no worker, or a worker has another version of the kit.
            IsolationError: a worker cannot isolate student code.
        """
        release = course.released_cells(assignment.name)
        with _connected(self.address) as client:
            from distributed import KilledWorker, as_completed

            folder = _files(course.release(assignment.name))
            of_all = (assignment.name, fingerprint.kit(), self.unsafe)
            _assert_ready(client, folder, *of_all)

            def send(submission: Submission, files: "Future", *, alone: bool = False) -> "Future":
                work = read(submission, release, assignment.name)
                return client.submit(_judge_one, submission, work, files, *of_all, alone=alone, pure=False)

            # Dask copies the folder to the workers that need it, and computes it again if it is lost.
            files = client.submit(tuple, folder, pure=False)
            sent = {send(submission, files): submission for submission in submitted}
            again = []
            for future in as_completed(list(sent)):
                submission, outcome = sent.pop(future), _outcome(future)
                if isinstance(outcome, TimedOut | KilledWorker):  # other submissions may have caused this
                    again.append(submission)
                else:
                    yield submission, outcome
            for submission in again:
                outcome = _outcome(send(submission, client.submit(tuple, folder, pure=False), alone=True))
                died = isinstance(outcome, KilledWorker)
                yield submission, ClusterError("every worker that ran it died") if died else outcome


def _outcome(future: "Future") -> Any:
    """Return what a worker returned or raised, or Dask's error about the worker.

    Raises:
        ClusterError: the scheduler is gone.
    """
    from distributed.client import FutureCancelledError

    try:
        return future.result()
    except FutureCancelledError as error:
        raise ClusterError(
            f"the cluster is gone: {error}. Finished verdicts are kept: grade again to continue"
        ) from error
    except Exception as error:
        return error


def _assert_ready(client: "Client", files: Files, *more: str | bool) -> None:
    """Open a sandbox on every connected worker; raise an error if a worker cannot."""
    asked = {
        worker: client.submit(_open_sandbox, files, *more, workers=[worker], allow_other_workers=True, pure=False)
        for worker in client.scheduler_info(n_workers=-1)["workers"]
    }
    for worker, future in asked.items():
        match _outcome(future):
            case KitError() as error:
                raise error
            case Exception() as error:
                raise ClusterError(f"the worker {worker} cannot run the kit: {error}")


def _open_sandbox(*of_an_assignment: Any) -> None:
    _sandbox(*of_an_assignment)


def _judge_one(
    submission: Submission, work: Work | Unreadable, files: Files, name: str, kit: str, unsafe: bool, *, alone: bool
) -> Verdict | TimedOut:
    """On a worker: run and judge one submission."""
    with _opening:
        computing.set_up()
        assignment = _prepared(name)
    try:
        return judge_work(submission, work, assignment, _sandbox(files, name, kit, unsafe), alone=alone)
    except SandboxError:
        _open.cache_clear()  # the next submission gets another
        raise


def _sandbox(files: Files, name: str, kit: str, unsafe: bool) -> Sandbox:
    """On a worker: return the sandbox of an assignment; open it at the first call."""
    if kit != fingerprint.kit():
        raise ClusterError("a worker has another version of the kit, or of its libraries, than this machine")
    with _opening:
        return _open(files, name, unsafe)


_opening = threading.Lock()  # only one of a worker's threads opens the sandbox


@cache
def _open(files: Files, name: str, unsafe: bool) -> Sandbox:
    from distributed import get_worker

    bundle = Path(tempfile.mkdtemp(dir=get_worker().local_directory))  # Dask removes this folder
    for path, content in files:
        (bundle / path).parent.mkdir(parents=True, exist_ok=True)
        (bundle / path).write_bytes(content)
    return Sandbox(bundle=bundle, preload=exercises.load(name).libraries, unsafe=unsafe)


@cache
def _prepared(name: str) -> Assignment:
    assignment = exercises.load(name)
    prepare(assignment)
    keep(assignment)
    return assignment


def _files(folder: Path) -> Files:
    return tuple(
        (str(path.relative_to(folder)), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb"
    )


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    """Connect to a scheduler that has at least one worker."""
    try:
        from distributed import Client  # takes a second to import
    except ImportError as error:
        raise ClusterError("--cluster needs Dask: pip install 'gmm-teaching-kit[cluster]'") from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise ClusterError(f"there is no Dask scheduler at {address}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as error:
            raise ClusterError(f"no worker has joined {address} within {WORKER_SECONDS} seconds") from error
        yield client
