"""What runs the submissions: this machine, or the workers of a cluster."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.grading.judge import decide
from autograder.grading.results import Verdict
from autograder.grading.run import Unreadable, run
from autograder.sandbox.replies import Replies
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission


class Runner(Protocol):
    """Runs and judges submissions."""

    def judge_all(
        self, course: Course, assignment: Assignment, submitted: list[Submission]
    ) -> Generator[tuple[Submission, Verdict | Exception]]:
        """Yield each submission, in any order, with its verdict or with the error that the grader raised.

        Raises:
            IsolationError: student code cannot be isolated, and must not run without isolation.
        """
        ...


@dataclass(frozen=True)
class TimedOut:
    """A cell or call hit its wall-clock limit, possibly because the machine was busy: run it again, alone."""


def judge_work(
    submission: Submission,
    work: Work | Unreadable,
    assignment: Assignment,
    sandbox: Sandbox,
    *,
    alone: bool,
    before_judging: Callable[[], object] = lambda: None,
    replies: Replies | None = None,
) -> Verdict | TimedOut:
    """Run and judge one submission.

    Args:
        alone: whether no other submission runs at the same time, so that wall-clock limits count.
        before_judging: called between the run and the judging; waits for what judging needs.
        replies: known replies of this notebook, which are not asked again; the others are added.
    """
    done = run(submission, work, assignment, sandbox, replies=replies)
    if done.timed_out and not alone:
        return TimedOut()
    before_judging()
    return decide(done, work, assignment, sandbox, replies=replies)[0]
