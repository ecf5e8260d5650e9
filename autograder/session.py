"""A student's notebook, run in a worker, with its functions ready to be called."""

from typing import Any, Self

from autograder.beside.selfcheck.probes import CALL, Probe
from autograder.replies import Failure, Returned
from autograder.sandbox import Sandbox, Worker
from autograder.submissions import Cell

MAX_WORKERS = 16


class Session:
    """Runs the cells once, then calls functions.

    A worker that dies takes nothing with it but the cell or the call that ended
    it: the next call starts another worker, which runs the notebook without that cell.
    """

    def __init__(self, sandbox: Sandbox, cells: tuple[Cell, ...]) -> None:
        self._sandbox = sandbox
        self._cells = cells
        self._worker: Worker | None = None
        self._started = 0
        self._failures: dict[Cell, Failure] = {}
        self._timed_out = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def failures(self) -> dict[Cell, Failure]:
        """What went wrong while the cells ran, by cell, in the order of the notebook."""
        return self._failures

    @property
    def timed_out(self) -> bool:
        """Whether a cell or a call was ended by the clock."""
        return self._timed_out

    def call(
        self, function: str, args: tuple[Any, ...], *, cpu_seconds: int, probe: Probe = CALL
    ) -> Returned | Failure:
        """Try a function of the notebook with fresh copies of `args`."""
        while (worker := self._worker) is None:
            if self._started == MAX_WORKERS:
                return Failure(
                    kind="crashed",
                    summary="the notebook ended its process too often to go on",
                    detail=f"the notebook ended its process {MAX_WORKERS} times; the rest was not tried",
                    fatal=False,
                )
            self._start()
        reply = worker.call(function, args, cpu_seconds=cpu_seconds, probe=probe)
        if isinstance(reply, Failure) and reply.fatal:
            self._end(reply)
        return reply

    def _start(self) -> None:
        self._started += 1
        worker = self._worker = self._sandbox.start()
        for cell in self._cells:
            earlier = self._failures.get(cell)
            if earlier and earlier.fatal:
                continue
            outcome = worker.run_cell(cell.source)
            if isinstance(outcome, Failure):
                # What a cell said the first time counts: no hidden case was known then.
                self._failures.setdefault(cell, outcome)
                if outcome.fatal:
                    self._end(outcome)
                    return

    def _end(self, why: Failure) -> None:
        self._timed_out |= why.kind == "wall"
        self._stop()

    def _stop(self) -> None:
        if self._worker:
            self._worker.close()
            self._worker = None
