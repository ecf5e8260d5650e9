"""Replies of a student's functions that are kept, so that the same notebook can be judged again without running it."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from autograder import fingerprint
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import Session
from autograder.student.selfcheck import codec
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.probes import CALL, Probe
from autograder.student.worker import wire
from autograder.submissions.cells import Cell, Work

type Reply = Returned | Failure
type Message = dict[str, Any]


@dataclass
class Replies:
    """The replies of one notebook to questions: calls of its functions, and what running its cells has told.

    Attributes:
        frames: the replies as frames (`wire`), by the hash of the question.
        asked: the questions that were asked, known or not.
        complete: whether they may be kept. A reply that took too long says more about the machine.
        more: whether some were added since they were read.
    """

    frames: dict[str, bytes] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    complete: bool = True
    more: bool = False

    def get(self, question: str) -> Message | None:
        """The reply to a question; None if it is not known."""
        self.asked.add(question)
        return wire.unframe(self.frames[question]) if question in self.frames else None

    def put(self, question: str, reply: Message) -> None:
        """Keep a reply."""
        self.more = True
        with suppress(TypeError):  # what cannot be written is asked again next time
            self.frames[question] = wire.encode(reply)


def key(work: Work, sandbox: Sandbox) -> str:
    """The hash of a notebook, and of everything that runs with it. With the same hash, the replies are the same."""
    digest = hashlib.sha256(f"{fingerprint.running()} {sandbox.isolation} {sandbox.limits}".encode())
    for part in (*work.cells, *work.companions):
        digest.update(repr(part).encode(errors="replace") + b"\0")
    return digest.hexdigest()


class KeptSession:
    """A session that answers from kept replies. It opens a real session for the first question without a reply.

    It has the interface of a `Session`. If all replies are known, no student code runs.
    """

    def __init__(self, sandbox: Sandbox, work: Work, places: Iterable[int], replies: Replies) -> None:
        self._sandbox = sandbox
        self._work = work
        self._places = frozenset(places)
        self._replies = replies
        self._session: Session | None = None
        self._calls: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: object, *more: object) -> None:
        if self._session:
            if error is None:
                self._told()
            self._replies.complete &= error is None and not self._session.timed_out
            self._session.__exit__(error, *more)

    @property
    def end(self) -> int:
        """The last place: after all cells."""
        return len(self._work.cells)

    @property
    def failures(self) -> dict[Cell, tuple[Failure, ...]]:
        """The failures of the cells, by cell, in the order of the notebook."""
        told = self._told()["failures"]
        return {self._work.cells[int(i)]: tuple(Failure(**one) for one in found) for i, found in told.items()}

    @property
    def timed_out(self) -> bool:
        """Whether a cell or a call has reached its wall-clock limit."""
        return self._session is not None and self._session.timed_out

    def acts_after(self, place: int) -> bool:
        """Whether a cell after the place may have changed an object or a setting, which going back cannot undo."""
        return any(i >= place for i in self._told()["acting"])

    def call(
        self, function: str, args: tuple[Any, ...], *, cpu_seconds: int, probe: Probe = CALL, place: int | None = None
    ) -> Reply:
        """Call a function as it was at a place; see `Session.call`."""
        at = self.end if place is None else place
        question = self._question("call", function, args, cpu_seconds, codec.encode_probe(probe), at)
        if known := self._replies.get(question):
            return Failure(**known["failure"]) if "failure" in known else Returned(known["value"], known["output"])
        reply = self._opened().call(function, args, cpu_seconds=cpu_seconds, probe=probe, place=at)
        failed = isinstance(reply, Failure)
        told: Message = {"failure": asdict(reply)} if failed else {"value": reply.value, "output": reply.output}
        self._replies.put(question, told)
        return reply

    def differ(self, function: str, first: int, second: int) -> bool:
        """Whether a function, or a function that it uses, has changed between two places."""
        question = self._question("differ", function, first, second)
        if known := self._replies.get(question):
            return known["differ"]
        found = self._opened().differ(function, first, second)
        self._replies.put(question, {"differ": found})
        return found

    def _told(self) -> Message:
        """What running the cells has told. If a session is open, it tells; else it is known, or all cells run."""
        question = self._hash("cells")
        known = self._replies.get(question)
        if known and self._session is None:
            return known
        session = self._opened()
        session.run_cells()
        failures = {str(i): tuple(map(asdict, failed)) for i, failed in session.failures.items()}
        told: Message = {"failures": failures, "acting": tuple(sorted(session.acting))}
        self._replies.put(question, told)
        return told

    def _opened(self) -> Session:
        if self._session is None:
            self._session = Session(self._sandbox, self._work, self._places).__enter__()
        return self._session

    def _question(self, *words: Any) -> str:
        """The hash of a call. A function may reply differently when it is called again, so equal calls are counted."""
        asked = self._hash(*words)
        self._calls[asked] += 1
        return self._hash(asked, self._calls[asked])

    def _hash(self, *words: Any) -> str:
        # With fewer cells or with other places, it is another notebook.
        places = tuple(sorted(self._places))
        return hashlib.sha256(wire.encode({"cells": self.end, "places": places, "words": words})).hexdigest()
