"""A real scheduler with two workers: the same verdicts as on one machine, whoever dies."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from autograder import cluster, fingerprint, verdicts
from autograder.beside.worker.isolation import LAYERS
from autograder.classroom import NotAllGraded, grade_class
from autograder.cluster import ClusterError
from autograder.course import Course
from autograder.sandbox import IsolationError
from autograder.submissions import Submission

from . import toy

ANSWERS = ("def double(x): return 2 * x", "def double(x): return x**2", "def double(x): 1 / 0", "double = (")
STUDENTS = [f"student{number}" for number in range(8)]


@pytest.fixture
def handed_in(tmp_path) -> list[Submission]:
    folder = tmp_path / "in"
    answers = {student: ANSWERS[number % len(ANSWERS)] for number, student in enumerate(STUDENTS)}
    found = [Submission(name, toy.notebook(folder / f"{name}.ipynb", text)) for name, text in answers.items()]
    (folder / "broken.ipynb").write_text("{")
    return [*found, Submission("broken", folder / "broken.ipynb"), Submission("absent", folder / "absent.ipynb")]


@contextmanager
def two_workers() -> Iterator[str]:
    """The address of a scheduler, which gives a submission up with the first worker that dies of it."""
    import dask
    from distributed import LocalCluster

    own = {"preload": ["tests.autograder.toy_worker"], "scheduler_kwargs": {"allowed_failures": 0}}
    # On a busy machine a worker takes long to start again; else nobody would wait for it.
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "10m"})
    with patient, LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", **own) as workers:
        yield cast(Any, workers).scheduler_address


def on_each(address: str, function: Callable[..., Any], *args: object) -> list[Any]:
    """What a function returns on each worker."""
    from distributed import Client

    with Client(address) as client:
        return list(cast(Any, client.run(function, *args)).values())


def refuse(refused: bool) -> None:
    """Have a worker's machine isolate nothing, or again what it can."""
    from autograder import isolation, sandbox

    sandbox.probe = (lambda: dict.fromkeys(LAYERS, "refused")) if refused else isolation.probe


def kept(course) -> dict[str, list[str]]:
    """Every verdict ever kept, but for what is the machine's: its seconds, and how well it isolates."""
    return {
        student: [
            repr(replace(one.verdict, seconds=0.0, isolation="none"))
            for one in verdicts.history(course, "toy", student)
        ]
        for student in verdicts.latest(course, "toy")
    }


# One test, because each cluster takes seconds to start.
def test_a_class_is_graded_by_workers_that_die(toy_course, handed_in, released_toy, tmp_path, monkeypatch):
    seen: list[str] = []
    killer = Submission("killer", toy.notebook(tmp_path / "killer.ipynb", ANSWERS[0]))
    with two_workers() as address:
        with monkeypatch.context() as patch:
            patch.setattr(fingerprint, "kit", lambda: "another")
            with pytest.raises(ClusterError, match="another version of the kit"):
                grade_class(toy_course, toy.TOY, handed_in, jobs=1, cluster=address)
        on_each(address, refuse, True)
        with pytest.raises(IsolationError, match="would not be isolated"):
            grade_class(toy_course, toy.TOY, handed_in, jobs=1, cluster=address)
        on_each(address, refuse, False)
        pids = on_each(address, os.getpid)

        def finished(verdict, anew):
            seen.append(verdict.student)
            if len(seen) == 2:
                os.kill(pids[0], signal.SIGKILL)

        submitted = [*handed_in[:4], killer, *handed_in[4:]]
        with pytest.raises(NotAllGraded, match=r"failed on 1 of 11 submissions: killer: ClusterError: every worker"):
            grade_class(toy_course, toy.TOY, submitted, jobs=1, cluster=address, on_verdict=finished)

    assert sorted(seen) == sorted(one.student for one in handed_in)
    here = Course(shutil.copytree(released_toy.root, tmp_path / "here"))
    grade_class(here, toy.TOY, handed_in, jobs=2)
    assert kept(toy_course) == kept(here)
    assert all(one.verdict.isolation != "none" for one in verdicts.latest(toy_course, "toy").values())
    assert all(len(given) == 1 for given in kept(here).values())


def test_where_nobody_answers_nothing_is_run(toy_course, handed_in, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)

    with pytest.raises(ClusterError, match=r"there is no Dask scheduler at 127"):
        grade_class(toy_course, toy.TOY, handed_in, jobs=1, cluster="127.0.0.1:9")
