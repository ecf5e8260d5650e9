"""Grade the toy class of a course in a separate process that a test can kill; log each step.

python -m tests.autograder.grade_toy COURSE SUBMITTED LOG
"""

import os
import sys
from pathlib import Path

from autograder.commands import grade, runner
from autograder.commands.local import Local
from autograder.course import gradebook, verdicts
from autograder.course.folder import Course
from autograder.submissions import locate
from tests.autograder.toy import TOY


def main(course: Path, submitted: Path, log: Path) -> None:
    steps = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def told(function, step):
        def call(*args, **options):
            os.write(steps, f"{step(*args)}\n".encode())
            return function(*args, **options)

        return call

    runner.run = told(runner.run, lambda submission, *_: f"attempt {submission.student}")
    verdicts.keep = told(verdicts.keep, lambda _course, _name, submission, _verdict: f"keep {submission.student}")
    gradebook._enter = told(gradebook._enter, lambda grade, exercise: f"enter {exercise.name}")
    grade.grade_class(Course(course), TOY, locate.find([submitted], "toy"), Local(jobs=2))
    os.write(steps, b"end\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
