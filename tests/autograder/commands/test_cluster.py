"""A real scheduler with three workers, two of which die: the verdicts are the same as on one machine."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from autograder import fingerprint, paths
from autograder.commands import cluster
from autograder.commands.cluster import Cluster
from autograder.commands.grade import grade_class
from autograder.commands.local import Local
from autograder.course import verdicts
from autograder.course.folder import Course
from autograder.errors import ClusterError, IsolationError, NotAllGraded
from autograder.sandbox import forkserver
from autograder.student.worker.isolation import LAYERS
from autograder.submissions.locate import Submission
from tests.autograder import toy

ANSWERS = ("def double(x): return 2 * x", "def double(x): return x**2", "def double(x): 1 / 0", "double = (")
PRELOADED = "tests.autograder.toy_worker"
SECONDS = 600  # an upper bound, for a busy machine
STUDENTS = [f"student{number}" for number in range(4)]


@pytest.fixture
def handed_in(tmp_path) -> list[Submission]:
    folder = tmp_path / "in"
    answers = {student: ANSWERS[number % len(ANSWERS)] for number, student in enumerate(STUDENTS)}
    found = [Submission(name, toy.notebook(folder / f"{name}.ipynb", text)) for name, text in answers.items()]
    (folder / "broken.ipynb").write_text("{")
    return [*found, Submission("broken", folder / "broken.ipynb"), Submission("absent", folder / "absent.ipynb")]


@contextmanager
def workers(count: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler that gives up a submission as soon as a worker dies of it."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=":0", scheduler_kwargs={"allowed_failures": 0}) as cluster:
        address = cast(Any, cluster).scheduler_address
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address, *options, "--preload", PRELOADED]
        started = [
            subprocess.Popen(command, cwd=paths.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(count)
        ]
        try:
            cast(Any, cluster).wait_for_workers(count, timeout=SECONDS)
            yield address
        finally:
            for process in started:
                process.kill()
                process.wait()


def on_each(address: str, function: Callable[..., Any], *args: object) -> list[Any]:
    """What a function returns on each worker."""
    from distributed import Client

    with Client(address) as client:
        return list(cast(Any, client.run(function, *args)).values())


def refuse(refused: bool) -> None:
    """Let a worker's machine isolate nothing; or, with False, everything it can."""
    from autograder.sandbox import isolation, sandbox

    sandbox.probe = (lambda: dict.fromkeys(LAYERS, "refused")) if refused else isolation.probe


def kept(course) -> dict[str, list[str]]:
    """Every stored verdict, without the seconds and the isolation level, which depend on the machine."""
    return {
        student: [
            repr(replace(stored.verdict, seconds=0.0, isolation="none"))
            for stored in verdicts.history(course, "toy", student)
        ]
        for student in verdicts.latest(course, "toy")
    }


# One test, because each worker takes seconds to start.
@pytest.mark.long
def test_a_class_is_graded_by_workers_that_die(toy_course, handed_in, released_toy, tmp_path, monkeypatch):
    seen: list[str] = []
    killer = Submission("killer", toy.notebook(tmp_path / "killer.ipynb", ANSWERS[0]))
    with workers(3, tmp_path / "dask") as address:
        with monkeypatch.context() as patch:
            patch.setattr(fingerprint, "kit", lambda: "another")
            with pytest.raises(ClusterError, match="another version of the kit"):
                grade_class(toy_course, toy.TOY, handed_in, Cluster(address=address))
        on_each(address, refuse, True)
        with pytest.raises(IsolationError, match="would not be isolated"):
            grade_class(toy_course, toy.TOY, handed_in, Cluster(address=address))
        on_each(address, refuse, False)

        submitted = [*handed_in[:2], killer, *handed_in[2:]]
        with pytest.raises(NotAllGraded, match=r"failed on 1 of 7 submissions: killer: ClusterError: every worker"):
            grade_class(
                toy_course,
                toy.TOY,
                submitted,
                Cluster(address=address),
                on_verdict=lambda verdict, _: seen.append(verdict.student),
            )

    assert sorted(seen) == sorted(submission.student for submission in handed_in)
    monkeypatch.setattr(forkserver, "PRELOAD", ("jax.numpy", "selfcheck"))
    here = Course(shutil.copytree(released_toy.root, tmp_path / "here"))
    grade_class(here, toy.TOY, handed_in, Local(jobs=2))
    assert kept(toy_course) == kept(here)
    assert all(stored.verdict.isolation != "none" for stored in verdicts.latest(toy_course, "toy").values())
    assert all(len(given) == 1 for given in kept(here).values())


def test_without_a_scheduler_nothing_is_run(toy_course, handed_in, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)

    with pytest.raises(ClusterError, match=r"there is no Dask scheduler at 127"):
        grade_class(toy_course, toy.TOY, handed_in, Cluster(address="127.0.0.1:9"))
