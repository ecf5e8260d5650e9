"""A class graded by the workers of a Dask cluster, where it outgrows one machine.

A worker's process does with a submission what the grader's does on one machine: it runs the notebook in a sandbox
of its own, and judges what comes back. Notebooks are read and verdicts are written here alone. So whatever becomes
of a worker, no verdict is lost, and none is given twice. <https://distributed.dask.org>
"""

import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from autograder import exercises, fingerprint
from autograder.course.folder import Course
from autograder.errors import ClusterError, KitError, SandboxError
from autograder.exercises import Assignment
from autograder.exercises.truth import keep, prepare
from autograder.grading.judge import decide
from autograder.grading.results import Verdict
from autograder.grading.run import read, run
from autograder.notebooks import released
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 30
WORKER_SECONDS = 300  # a batch system takes its time to start one

type Files = tuple[tuple[str, bytes], ...]
"""The released folder, by paths within it."""


def judge_all(
    address: str, course: Course, assignment: Assignment, submitted: list[Submission], *, unsafe: bool
) -> Generator[tuple[Submission, Verdict | Exception]]:
    """Have submissions run and judged by the workers; for each the verdict, or what went wrong with the grader itself.

    Raises:
        ClusterError: there is no scheduler or no worker, or a worker has another version of the kit.
        IsolationError: a worker cannot isolate student code.
    """
    release = released.read(nbformat.read(course.released_notebook(assignment.name), as_version=4))
    with _connected(address) as client:
        from distributed import KilledWorker, as_completed

        folder = _files(course.release(assignment.name))
        of_all = (assignment.name, fingerprint.kit(), unsafe)
        _assert_ready(client, folder, *of_all)

        def send(submission: Submission, files: "Future", *, alone: bool = False) -> "Future":
            work = read(submission, release, assignment.name)
            return client.submit(_grade_one, submission, work, files, *of_all, alone=alone, pure=False)

        # Dask moves the folder to where it is needed, and makes it again where it is lost.
        files = client.submit(tuple, folder, pure=False)
        sent = {send(one, files): one for one in submitted}
        again = []
        for future in as_completed(list(sent)):
            submission, outcome = sent.pop(future), _outcome(future)
            if outcome is None or isinstance(outcome, KilledWorker):
                again.append(submission)
            else:
                yield submission, outcome
        # Whoever ran out of time by the clock, or was with a worker when that died, may have suffered from the others.
        for submission in again:
            outcome = _outcome(send(submission, client.submit(tuple, folder, pure=False), alone=True))
            died = isinstance(outcome, KilledWorker)
            yield submission, ClusterError("every worker that ran it died") if died else outcome


def _outcome(future: "Future") -> Any:
    """What a worker has returned or raised, or what Dask says of the worker.

    Raises:
        ClusterError: the scheduler is gone.
    """
    from distributed.client import FutureCancelledError

    try:
        return future.result()
    except FutureCancelledError as error:
        raise ClusterError(f"the cluster is gone: {error}. What is done is kept: grade again to go on") from error
    except Exception as error:
        return error


def _assert_ready(client: "Client", files: Files, *more: str | bool) -> None:
    """Have every worker that is there open its sandbox, or say what keeps it from that."""
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


def _grade_one(
    submission: Submission, work: Work | str, files: Files, name: str, kit: str, unsafe: bool, *, alone: bool
) -> Verdict | None:
    """On a worker: the verdict, or None for what ran out of time by the clock and was not alone."""
    with _opening:
        assignment = _prepared(name)
    try:
        sandbox = _sandbox(files, name, kit, unsafe)
        attempted = run(submission, work, assignment, sandbox)
        return None if attempted.timed_out and not alone else decide(attempted, work, assignment, sandbox)[0]
    except SandboxError:
        _open.cache_clear()  # the next submission gets another
        raise


def _sandbox(files: Files, name: str, kit: str, unsafe: bool) -> Sandbox:
    """On a worker: the one for an assignment, opened when it is first needed."""
    if kit != fingerprint.kit():
        raise ClusterError("a worker has another version of the kit, or of its libraries, than this machine")
    with _opening:
        return _open(files, name, unsafe)


_opening = threading.Lock()  # of a worker's several threads, one opens


@cache
def _open(files: Files, name: str, unsafe: bool) -> Sandbox:
    from distributed import get_worker

    bundle = Path(tempfile.mkdtemp(dir=get_worker().local_directory))  # Dask tidies up there
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
    """A connection to a scheduler that has a worker at least."""
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
