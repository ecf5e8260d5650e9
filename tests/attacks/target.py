"""The assignment that is attacked, and its grading."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from autograder.exercises import Aspect, Assignment, Exercise
from autograder.grading.judge import grade
from autograder.grading.results import Verdict
from autograder.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
from autograder.submissions.companions import Companions
from autograder.submissions.locate import Submission
from tests.autograder.toy import DOUBLE, RELEASED, TOY

# An attack is stopped soon. An honest submission has enough time even on a busy machine.
LIMITS = Limits(
    cell_seconds=1,
    wall_factor=2,
    total_cpu_seconds=8,
    memory_bytes=2**31,
    file_bytes=2**20,
    work_bytes=2**23,
    reply_bytes=2**20,
)
PATIENT = replace(LIMITS, cell_seconds=8, wall_factor=30)


def without_jax(aspect: Aspect) -> Aspect:
    """The same cases with tuples of numbers: a process that does not start XLA takes a tenth of the time."""
    visible, hidden = (
        {case.name: (tuple(map(float, case.args[0])),) for case in aspect.cases if case.visible == visible}
        for visible in (True, False)
    )
    return replace(aspect, visible=visible, hidden=hidden)


def toy(*, seconds: int) -> Assignment:
    aspects = tuple(map(without_jax, DOUBLE.aspects))
    double = replace(DOUBLE, truth=lambda x: 2 * np.asarray(x), aspects=aspects, seconds=seconds)
    return replace(TOY, exercises=(double, *TOY.exercises[1:]))


TARGET, PATIENT_TARGET = toy(seconds=1), toy(seconds=8)
MAX_SCORE = cast(Exercise, TARGET.exercises[0]).points


class Patient:
    """The same sandbox with longer time limits, for honest submissions."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.isolation = sandbox.isolation

    def start(self, beside: Companions = ()) -> Worker:
        worker = self._sandbox.start(beside)
        worker._limits = PATIENT
        return worker


def graded(path: Path, assignment: Assignment, sandbox: Sandbox | Patient) -> Verdict:
    return grade(Submission(path.stem, path), assignment, RELEASED, cast(Sandbox, sandbox))
