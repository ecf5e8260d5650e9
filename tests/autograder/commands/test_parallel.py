import threading
import time
from functools import partial

import pytest

from autograder.commands import parallel
from autograder.commands.parallel import in_parallel


def anyway(fresh: int) -> bool:
    return True


class Counted:
    """Work that takes a moment, or as long as it is held up; counts how many run at a time."""

    def __init__(self, *held_up: str) -> None:
        self.held_up = held_up
        self.go_on = threading.Event()
        self.lock, self.now, self.most = threading.Lock(), 0, 0

    def __call__(self, name: str) -> str:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        if name in self.held_up:
            self.go_on.wait(30)
        else:
            time.sleep(0.01)
        with self.lock:
            self.now -= 1
        return name.upper()


@pytest.mark.parametrize("jobs", [1, 3])
def test_everything_is_done_once_and_at_most_jobs_at_a_time(jobs):
    work = Counted()

    found = list(in_parallel(work, "abcdefgh", jobs=jobs, room=anyway))

    assert sorted(found) == [(name, name.upper()) for name in "abcdefgh"]
    assert work.most <= jobs


def test_one_job_keeps_the_order():
    assert [name for name, _ in in_parallel(Counted(), "abc", jobs=1, room=anyway)] == ["a", "b", "c"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_quick_work_does_not_wait_for_two_that_hang(jobs, monkeypatch):
    monkeypatch.setattr(parallel, "PATIENCE", 0.1)
    monkeypatch.setattr(parallel, "LOOK_AGAIN", 0.01)
    work = Counted("a", "b")
    finished = []

    for name, _ in in_parallel(work, "abcdef", jobs=jobs, room=anyway):
        finished.append(name)
        if len(finished) == 4:
            work.go_on.set()

    assert sorted(finished[:4]) == ["c", "d", "e", "f"]
    assert sorted(finished[4:]) == ["a", "b"]


@pytest.mark.parametrize(
    ("ages", "took", "starts"),
    [
        ([], [], True),
        ([1, 1], [], False),
        ([1, 31], [], True),
        ([31] * 7, [], True),
        ([31] * 8, [], False),
        ([100, 100], [60, 70, 80], False),  # in a class in which all take long, no work counts as slow
        ([100, 211], [60, 70, 80], True),
    ],
)
def test_slow_work_no_longer_counts_as_a_job(ages, took, starts):
    assert parallel._may_start(ages, took, jobs=2, room=anyway) == starts


def test_memory_limits_how_many_start():
    asked = []

    def none(fresh: int) -> bool:
        asked.append(fresh)
        return False

    work = Counted()
    assert len(list(in_parallel(work, "abc", jobs=3, room=none))) == 3
    assert work.most == 1
    assert set(asked) == {1}

    may_start = partial(parallel._may_start, [1, 9, 11], [], jobs=4)
    assert may_start(room=lambda fresh: fresh == 2)
