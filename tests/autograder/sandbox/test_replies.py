"""Kept replies: a notebook is judged again without running it, as far as its replies are known."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.sandbox import replies as module
from autograder.sandbox.replies import KeptSession, Replies, key
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.values import Key
from autograder.submissions.cells import Cell, Work

CELLS = (
    "import os\nn = 0\nprint('ready')",
    "def count(x):\n    global n\n    n += 1\n    print('counted')\n    return x + n",
    "1 / 0",
    "def crash(): os._exit(0)",
    "def draws(key): return {'values': [[float('nan'), 1.0]], 'name': 'x'}",
    "n = 10",
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sandbox_of):
    return sandbox_of(tmp_path_factory.mktemp("bundle"))


def notebook(*sources: str) -> Work:
    return Work(tuple(Cell(source, None, number) for number, source in enumerate(sources, start=1)), ())


WORK = notebook(*CELLS)


def ask(sandbox, replies: Replies, *, work: Work = WORK, places: Iterable[int] = (5,), more: Iterable[int] = ()):
    """All that a run asks a session, as plain values."""
    with KeptSession(sandbox, work, places, replies) as session:
        found: list[Any] = [session.differ("count", 5, session.end)]
        for name, args, place in [
            ("count", (np.ones(2, np.float32),), 5),
            ("count", (np.ones(2, np.float32),), 5),
            ("crash", (), 5),
            ("draws", (Key(3),), None),
            ("none_of_that_name", (), None),
            *(("count", (np.full(2, n, np.float32),), None) for n in more),
        ]:
            reply = session.call(name, args, cpu_seconds=5, place=place)
            found.append(reply if isinstance(reply, Failure) else (str(reply.value), reply.output))
        told = [(cell.number, failures) for cell, failures in session.failures.items()]
        return [*found, told, [session.acts_after(place) for place in range(session.end)], session.timed_out]


@pytest.fixture
def closed(monkeypatch):
    """No session can be opened."""

    def refuse(*_: object) -> None:
        raise AssertionError("a session was opened")

    monkeypatch.setattr(module, "Session", refuse)


def test_known_replies_are_given_without_running_anything(sandbox, monkeypatch):
    replies = Replies()
    first = ask(sandbox, replies)
    assert [type(item).__name__ for item in first[:6]] == ["bool", "tuple", "tuple", "Failure", "tuple", "Failure"]
    assert replies.complete

    monkeypatch.setattr(module, "Session", None)
    assert ask(sandbox, Replies(dict(replies.frames))) == first


def test_only_the_first_unknown_question_opens_a_session(sandbox):
    replies = Replies()
    first = ask(sandbox, replies)
    known = set(replies.frames)

    again = ask(sandbox, replies, more=(1, 2))
    assert [item for item in again if item in first] == first
    assert len(replies.frames) == len(known) + 2
    assert ask(sandbox, Replies(), more=(1, 2)) == again


@pytest.mark.parametrize("change", ["fewer cells", "other places"])
def test_another_notebook_has_other_replies(sandbox, closed, change):
    replies = Replies()
    with pytest.raises(AssertionError, match="a session was opened"):
        ask(sandbox, replies)
    replies.frames |= dict.fromkeys(replies.asked, b"")
    work = notebook(*CELLS[:-1]) if change == "fewer cells" else WORK
    with pytest.raises(AssertionError, match="a session was opened"):
        ask(sandbox, replies, work=work, places=(5,) if change == "fewer cells" else (4,))


def test_replies_that_came_too_late_are_not_complete(sandbox):
    slow = notebook("import time\ndef f(): time.sleep(60)\ndef g(): return 1")
    sandbox.limits = replace(limits := sandbox.limits, wall_factor=0.2)
    replies = Replies()
    try:
        with KeptSession(sandbox, slow, (), replies) as session:
            assert isinstance(session.call("f", (), cpu_seconds=5), Failure)
    finally:
        sandbox.limits = limits
    assert not replies.complete


def test_an_error_of_the_grader_leaves_incomplete_replies(sandbox):
    replies = Replies()

    def run() -> None:
        with KeptSession(sandbox, notebook("def f(): return 1"), (), replies) as session:
            assert isinstance(session.call("f", (), cpu_seconds=5), Returned)
            raise KeyError

    with pytest.raises(KeyError):
        run()
    assert not replies.complete


def test_the_key_depends_on_the_notebook_its_files_and_what_runs_it(sandbox, monkeypatch):
    works = [
        WORK,
        notebook(*CELLS[:-1], "n = 11"),
        notebook(*CELLS[:-1]),
        replace(WORK, companions=(("data.csv", b"1"),)),
        replace(WORK, companions=(("data.csv", b"2"),)),
    ]
    keys = {key(work, sandbox) for work in works}
    assert len(keys) == len(works)
    assert key(WORK, sandbox) in keys

    monkeypatch.setattr(module.fingerprint, "running", lambda: "another version")
    assert key(WORK, sandbox) not in keys
