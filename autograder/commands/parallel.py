"""Work side by side: on as many cores as there are, while memory has room, and the quick do not wait for the slow."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

PATIENCE = 30.0  # seconds: nothing that takes less is slow
SLOWER = 3  # times the median is slow
MOST = 4  # times as many as asked for; a submission's clock allows it five times its processor time
SETTLED = 10.0  # seconds, after which a process has the size that it needs
LOOK_AGAIN = 0.5  # seconds


def in_parallel[Item, Result](
    work: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, room: Callable[[int], bool]
) -> Iterator[tuple[Item, Result]]:
    """Do work in threads, started in the order of the items; each item with its result as it comes.

    What turns out to be slow gives its place to the next and goes on beside it, so that a class does not wait for
    those who hang: the system shares the cores among them.

    Args:
        jobs: how many are at work at the same time, not counting the slow ones.
        room: whether memory has room for one more, beside so many of which the size does not show yet.
            It is not asked where nothing is at work: one may always be.
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
            if finished:  # only now: the next ones are at work while somebody looks at it
                yield finished.popleft()
                continue
            done, _ = wait(running, timeout=LOOK_AGAIN if waiting else None, return_when=FIRST_COMPLETED)
            for future in done:
                item, started = running.pop(future)
                took.append(time.monotonic() - started)
                finished.append((item, future.result()))


def _may_start(ages: list[float], took: list[float], *, jobs: int, room: Callable[[int], bool]) -> bool:
    """Whether one more may start beside those of these ages, after others took so long (seconds)."""
    patience = max(PATIENCE, SLOWER * statistics.median(took)) if took else PATIENCE
    slow = sum(age > patience for age in ages)
    return not ages or (len(ages) < min(jobs + slow, MOST * jobs) and room(sum(age < SETTLED for age in ages)))
