"""What runs in Gradescope's container: once when its image is made, then for each submission.

    python -m autograder.exports.container prepare|grade ROOT

ROOT is `/autograder` there.
"""

import json
import sys
import time
import traceback
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from autograder import build, exercises, expected, isolation, released
from autograder.beside.worker.isolation import strongest
from autograder.exercises import Exercise
from autograder.exports import report
from autograder.grading import attempt, judge
from autograder.parent import Parent
from autograder.results import Verdict, write_atomically
from autograder.sandbox import IsolationError, Sandbox
from autograder.submissions import Submission

NOT_ISOLATED = "it could not be isolated from the grader on this machine"
FAILED = "the grader itself failed"


@dataclass(frozen=True)
class Container:
    """Gradescope's folders, beneath its root."""

    root: Path

    @property
    def source(self) -> Path:
        """What the zip held."""
        return self.root / "source"

    @property
    def bundle(self) -> Path:
        """What a student has beside the notebook."""
        return self.source / "bundle"

    @property
    def submission(self) -> Path:
        return self.root / "submission"

    @property
    def results(self) -> Path:
        return self.root / "results" / "results.json"

    def settings(self) -> dict[str, Any]:
        """What the instructor said when the zip was made."""
        return json.loads((self.source / "settings.json").read_text(encoding="utf-8"))


def prepare(container: Container) -> None:
    """Compute once and keep what every submission needs, and say in the log of the image how well it can isolate."""
    assignment = exercises.load(container.settings()["assignment"])
    build.write_bundle(assignment, container.bundle)
    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise):
            for mistake in (*exercise.misconceptions, *exercise.together):
                for variant, case in product(mistake.variants, filter(exercise.determined, exercise.cases)):
                    expected.given_by(exercise, variant, case)
    expected.keep(assignment)
    print(f"Isolation of student code here: {strongest(isolation.probe())}")


def grade(container: Container) -> None:
    """Write Gradescope's results for the submission. Whatever happens, there are some."""
    started = time.monotonic()
    try:
        verdict = _verdict(container)
        written = report.results(verdict, seconds=time.monotonic() - started)
        print(f"Isolation of student code: {verdict.isolation}")
    except Exception as error:  # nobody is there to see it: the log tells the instructor, the results the student
        traceback.print_exc()
        why = NOT_ISOLATED if isinstance(error, IsolationError) else FAILED
        written = report.not_graded(why, seconds=time.monotonic() - started)
    write_atomically(container.results, json.dumps(written, indent=1, ensure_ascii=False))


def find(folder: Path, assignment: str) -> Path:
    """The notebook that counts: the one with the assignment's name, else the only one, in whatever folder.

    A path that cannot be read where there is none, or where several might be meant.
    """
    found = [
        path
        for path in sorted(folder.rglob("*.ipynb"))
        if not any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
    ]
    named = [path for path in found if path.stem == assignment]
    for candidates in (named, found):
        if len(candidates) == 1:
            return candidates[0]
    return folder / f"{assignment}.ipynb"


def _verdict(container: Container) -> Verdict:
    settings = container.settings()
    with Parent() as parent:  # it loads the libraries while this process loads the assignment
        assignment = exercises.load(settings["assignment"])
        submission = Submission("submission", find(container.submission, assignment.name))
        bundle, unsafe = container.bundle, settings["unsafe"]
        with Sandbox(bundle=bundle, parent=parent, preload=assignment.libraries, unsafe=unsafe) as sandbox:
            expected.prepare(assignment)
            release = released.read(build.source_notebook(assignment))
            return judge(attempt(submission, assignment, release, sandbox), assignment)


if __name__ == "__main__":
    {"prepare": prepare, "grade": grade}[sys.argv[1]](Container(Path(sys.argv[2])))
