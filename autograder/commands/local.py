"""Run submissions on this machine, several at a time."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module

from autograder import machine
from autograder.commands.parallel import in_parallel
from autograder.commands.runner import TimedOut, judge_work
from autograder.course import replies as kept
from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.exercises.truth import keep, prepare
from autograder.grading.results import Verdict
from autograder.grading.run import Unreadable, read
from autograder.sandbox import replies
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.locate import Submission

USUAL_BYTES = 2**30  # the memory that a submission's process usually needs at most


@dataclass(frozen=True, kw_only=True)
class Local:
    """Runs submissions on this machine.

    Attributes:
        jobs: how many run at the same time; fewer if memory is short.
        server: a fork server that was started already; it is closed afterwards.
        unsafe: run them even if they cannot be isolated.
    """

    jobs: int
    server: ForkServer | None = None
    unsafe: bool = False

    def judge_all(
        self, course: Course, assignment: Assignment, submitted: list[Submission]
    ) -> Generator[tuple[Submission, Verdict | Exception]]:
        """Yield each submission, in any order, with its verdict or with the error that the grader raised.

        Raises:
            IsolationError: student code cannot be isolated; raised before anything runs.
        """
        release = course.released_cells(assignment.name)
        with ExitStack() as stack:
            bundle, libraries = course.release(assignment.name), assignment.libraries
            sandbox = stack.enter_context(
                Sandbox(bundle=bundle, server=self.server, preload=libraries, unsafe=self.unsafe)
            )
            # While the first notebooks run, compute the expected values and import what judging needs later.
            meanwhile = stack.enter_context(ThreadPoolExecutor(1))
            truths = meanwhile.submit(prepare, assignment)
            meanwhile.submit(import_module, "matplotlib.pyplot")
            meanwhile.submit(import_module, "autograder.course.gradebook")

            def judge_one(submission: Submission, *, alone: bool = False) -> Verdict | Exception | TimedOut:
                try:
                    work = read(submission, release, assignment.name)
                    if isinstance(work, Unreadable):
                        return judge_work(submission, work, assignment, sandbox, alone=alone)
                    path, key = course.replies(assignment.name, submission.student), replies.key(work, sandbox)
                    known = kept.read(path, key)
                    verdict = judge_work(
                        submission,
                        work,
                        assignment,
                        sandbox,
                        alone=alone,
                        before_judging=truths.result,
                        replies=known,
                    )
                    kept.write(path, key, known)
                    return verdict
                except Exception as error:  # a fault of the kit must not cost the rest of the class their marks
                    return error

            def room(fresh: int) -> bool:
                return machine.available_memory() >= sandbox.limits.memory_bytes + fresh * USUAL_BYTES

            again = []
            for submission, outcome in in_parallel(judge_one, submitted, jobs=self.jobs, room=room):
                if isinstance(outcome, TimedOut):
                    again.append(submission)
                else:
                    yield submission, outcome
            for submission in again:
                outcome = judge_one(submission, alone=True)
                assert not isinstance(outcome, TimedOut)
                yield submission, outcome
        keep(assignment)
