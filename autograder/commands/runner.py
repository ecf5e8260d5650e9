"""Where submissions are run: on this machine, or by the workers of a cluster."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.grading.judge import decide
from autograder.grading.results import Verdict
from autograder.grading.run import Unreadable, run
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission


class Runner(Protocol):
    """Runs and judges submissions."""

    def judge_all(
        self, course: Course, assignment: Assignment, submitted: list[Submission]
    ) -> Generator[tuple[Submission, Verdict | Exception]]:
        """For each submission, in any order, the verdict, or what went wrong with the grader itself.

        Raises:
            IsolationError: student code cannot be isolated, and may not run without.
        """
        ...


@dataclass(frozen=True)
class TimedOut:
    """The clock ended something of a submission, which may have waited for others: it is to be run again, alone."""


def judge_work(
    submission: Submission,
    work: Work | Unreadable,
    assignment: Assignment,
    sandbox: Sandbox,
    *,
    alone: bool,
    before_judging: Callable[[], object] = lambda: None,
) -> Verdict | TimedOut:
    """Run and judge one submission.

    Args:
        alone: no other submission runs meanwhile, so that what the clock ends counts.
        before_judging: waits for what judging needs.
    """
    done = run(submission, work, assignment, sandbox)
    if done.timed_out and not alone:
        return TimedOut()
    before_judging()
    return decide(done, work, assignment, sandbox)[0]
