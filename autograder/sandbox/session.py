"""Run a student's notebook in a worker, and call its functions."""

from collections.abc import Iterable
from typing import Any, Self

from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.probes import CALL, Probe
from autograder.submissions.cells import Work

MAX_WORKERS = 16


class Session:
    """Runs the cells once, then calls functions as they were at places in the notebook.

    A place is a number of cells that have run. The end of the notebook is always a place.

    If a cell or a call ends the worker, the next call starts a new one. If a cell ended a worker, the next worker runs
    only the definitions and imports of this cell. If the cell ends that worker too, later workers skip it.
    """

    def __init__(self, sandbox: Sandbox, work: Work, places: Iterable[int] = ()) -> None:
        self._sandbox = sandbox
        self._cells = work.cells
        self._companions = work.companions
        self._places = {*places, len(work.cells)}
        self._worker: Worker | None = None
        self._started = 0
        self._failures: dict[int, tuple[Failure, ...]] = {}
        self._fatal: dict[int, int] = {}  # how many workers a cell has ended
        self._acting: set[int] = set()
        self._all_known = False  # all cells have run once, so all their failures are known
        self._timed_out = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def end(self) -> int:
        """The last place: after all cells."""
        return len(self._cells)

    @property
    def failures(self) -> dict[int, tuple[Failure, ...]]:
        """The failures of the cells, by the place above the cell, in the order of the notebook."""
        return dict(sorted(self._failures.items()))

    @property
    def acting(self) -> frozenset[int]:
        """The places above cells that may have changed an object or a setting, which going back cannot undo."""
        return frozenset(self._acting)

    @property
    def timed_out(self) -> bool:
        """Whether a cell or a call has reached its wall-clock limit."""
        return self._timed_out

    def run_cells(self) -> None:
        """Run the cells, if they have not run."""
        if not self._started:
            self._running()

    def call(
        self, function: str, args: tuple[Any, ...], *, cpu_seconds: int, probe: Probe = CALL, place: int | None = None
    ) -> Returned | Failure:
        """Call a function as it was at a place (default: the end), with fresh copies of `args`.

        Args:
            cpu_seconds: the limit of processor time for the call.
            probe: how to try the function.
        """
        worker = self._running()
        if isinstance(worker, Failure):
            return worker
        at = self.end if place is None else place
        reply = worker.call(function, args, place=at, cpu_seconds=cpu_seconds, probe=probe)
        if isinstance(reply, Failure) and reply.fatal:
            self._end(reply)
        return reply

    def differ(self, function: str, first: int, second: int) -> bool:
        """Whether a function, or a function that it uses, has changed between two places."""
        worker = self._running()
        if isinstance(worker, Failure):
            return False
        reply = worker.differ(function, first, second)
        if isinstance(reply, Failure):
            if reply.fatal:
                self._end(reply)
            return False
        return reply

    def _running(self) -> Worker | Failure:
        while (worker := self._worker) is None:
            if self._started == MAX_WORKERS:
                return Failure(
                    kind="crashed",
                    summary="the notebook ended its process too often to go on",
                    detail=f"the notebook ended its process {MAX_WORKERS} times; the rest was not tried",
                    fatal=False,
                )
            self._start()
        return worker

    def _start(self) -> None:
        self._started += 1
        self._worker = self._sandbox.start(self._companions)
        for i in range(len(self._cells) + 1):
            if i in self._places and (problem := self._worker.keep(i)):
                self._end(problem)
                return
            if i < len(self._cells) and (problem := self._run(i, self._worker)):
                self._end(problem)
                return
        self._all_known = True

    def _run(self, i: int, worker: Worker) -> Failure | None:
        """Run a cell. Returns why its worker cannot continue, or None."""
        cell, ended = self._cells[i], self._fatal.get(i, 0)
        if ended > 1:
            return None
        outcome = worker.run_cell(cell.source, beside=cell.beside, definitions=ended > 0)
        failures = (outcome,) if isinstance(outcome, Failure) else outcome.failures
        # A process that has run out of memory is not used again.
        problem = next((failure for failure in failures if failure.fatal or failure.kind == "memory"), None)
        if problem:
            self._fatal[i] = ended + 1
        if isinstance(outcome, Failure) or outcome.acts:
            self._acting.add(i)
        if failures and not self._all_known:
            # Later messages are not kept: once a function was called, the notebook may know a hidden case.
            self._failures.setdefault(i, failures)
        self._timed_out |= any(failure.kind == "wall" for failure in failures)
        return problem

    def _end(self, why: Failure) -> None:
        self._timed_out |= why.kind == "wall"
        self._stop()

    def _stop(self) -> None:
        if self._worker:
            self._worker.close()
            self._worker = None
