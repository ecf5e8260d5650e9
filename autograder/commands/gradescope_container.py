"""The commands that run in Gradescope's container: once when its image is built, then for each submission.

    python -m autograder.commands.gradescope_container prepare|grade ROOT

On Gradescope, ROOT is `/autograder`.
"""

import json
import sys
import time
import traceback
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import nbformat

from autograder import computing, exercises
from autograder.course.release import write_release
from autograder.errors import IsolationError
from autograder.exercises import truth
from autograder.files import write_atomically
from autograder.grading import judge
from autograder.grading.results import Verdict
from autograder.notebooks import released
from autograder.publish.gradescope import results
from autograder.sandbox import isolation
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.sandbox import Sandbox
from autograder.student.worker.isolation import strongest
from autograder.submissions import locate

NOT_ISOLATED = "it could not be isolated from the grader on this machine"
FAILED = "the grader itself failed"


@dataclass(frozen=True)
class Container:
    """Gradescope's folders, below its root."""

    root: Path

    @property
    def source(self) -> Path:
        """The content of the zip."""
        return self.root / "source"

    def release(self, assignment: str) -> Path:
        """The released folder, as students receive it."""
        return self.source / "release" / assignment

    @property
    def submission(self) -> Path:
        return self.root / "submission"

    @property
    def results(self) -> Path:
        return self.root / "results" / "results.json"

    def settings(self) -> dict[str, Any]:
        """What the instructor chose when the zip was made."""
        return json.loads((self.source / "settings.json").read_text(encoding="utf-8"))


def prepare(container: Container) -> None:
    """Compute what every submission needs, once, and log how well the container can isolate student code."""
    assignment = exercises.load(container.settings()["assignment"])
    write_release(assignment, container.release(assignment.name).parent)
    for exercise in assignment.graded:
        for mistake in (*exercise.mistakes, *exercise.together):
            for variant, case in product(mistake.variants, filter(exercise.determined, exercise.cases)):
                truth.given_by(exercise, variant, case)
    truth.keep(assignment)
    print(f"Isolation of student code here: {strongest(isolation.probe())}")


def grade(container: Container) -> None:
    """Write Gradescope's results for the submission, whatever happens."""
    started = time.monotonic()
    try:
        verdict = _verdict(container)
        written = results.results(verdict, seconds=time.monotonic() - started)
        print(f"Isolation of student code: {verdict.isolation}")
    except Exception as error:  # nobody watches the run: the log informs the instructor, the results inform the student
        traceback.print_exc()
        why = NOT_ISOLATED if isinstance(error, IsolationError) else FAILED
        written = results.not_graded(why, seconds=time.monotonic() - started)
    write_atomically(container.results, json.dumps(written, indent=1, ensure_ascii=False))


def _verdict(container: Container) -> Verdict:
    settings = container.settings()
    with ForkServer() as server:  # it loads the libraries while this process loads the assignment
        assignment = exercises.load(settings["assignment"])
        submission = locate.of_student("submission", container.submission, assignment.name)
        folder, unsafe = container.release(assignment.name), settings["unsafe"]
        with Sandbox(bundle=folder, server=server, preload=assignment.libraries, unsafe=unsafe) as sandbox:
            truth.prepare(assignment)
            release = released.read(nbformat.read(folder / f"{assignment.name}.ipynb", as_version=4))
            return judge.grade(submission, assignment, release, sandbox)


if __name__ == "__main__":
    computing.set_up()
    {"prepare": prepare, "grade": grade}[sys.argv[1]](Container(Path(sys.argv[2])))
