"""Run work in parallel, on as many cores as asked for, while memory suffices. Slow work does not block the rest."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

PATIENCE = 30.0  # seconds: anything faster is not slow
SLOWER = 3  # times the median counts as slow
MOST = 4  # times `jobs` at most; a submission's wall clock allows five times its processor time
SETTLED = 10.0  # seconds after which a process has its full size
LOOK_AGAIN = 0.5  # seconds


def in_parallel[Item, Result](
    work: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, room: Callable[[int], bool]
) -> Iterator[tuple[Item, Result]]:
    """Run work in threads, started in the order of the items. Yields each item with its result as it finishes.

    Slow work no longer counts as one of the `jobs`: the next item starts beside it. So a class does not wait for
    programs that hang; the system shares the cores among them.

    Args:
        jobs: how many run at a time, not counting slow ones.
        room: `room(fresh)` says whether memory suffices for one more, while `fresh` recently started ones are still
            growing. It is not called if nothing is running.
    """
    waiting = deque(items)
    running: dict[Future[Result], tuple[Item, float]] = {}
    finished: deque[tuple[Item, Result]] = deque()
    took: list[float] = []
    with ThreadPoolExecutor(MOST * jobs) as pool:
        while waiting or running or finished:
            now = time.monotonic()
            if waiting and _may_start([now - started for _, started in running.values()], took, jobs=jobs, room=room):
                item = waiting.popleft()
                running[pool.submit(work, item)] = item, now
                continue
            if finished:  # yielded only now, so that the next items run while the caller uses it
                yield finished.popleft()
                continue
            done, _ = wait(running, timeout=LOOK_AGAIN if waiting else None, return_when=FIRST_COMPLETED)
            for future in done:
                item, started = running.pop(future)
                took.append(time.monotonic() - started)
                finished.append((item, future.result()))


def _may_start(ages: list[float], took: list[float], *, jobs: int, room: Callable[[int], bool]) -> bool:
    """Whether one more may start, given the ages of the running ones and the times of the finished ones (seconds)."""
    patience = max(PATIENCE, SLOWER * statistics.median(took)) if took else PATIENCE
    slow = sum(age > patience for age in ages)
    return not ages or (len(ages) < min(jobs + slow, MOST * jobs) and room(sum(age < SETTLED for age in ages)))
