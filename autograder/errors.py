"""The kit's errors. Each message says what went wrong and what to do; the command line shows it without a traceback.

KitError                    you can put it right
├── SubmissionError         the paths given do not name submissions
├── BuildError              an assignment's text and its exercises do not match
├── AnswerError             a script of right answers cannot be used
├── CourseError             the course folder cannot be used
│   ├── SettingsError       course.toml cannot be used
│   ├── RosterError         roster.csv, or a class list from elsewhere, cannot be used
│   ├── GradebookError      the gradebook's database cannot be used
│   └── VerdictError        a stored verdict cannot be read
├── SandboxError            student code cannot run on this machine
│   └── IsolationError      this machine lacks the isolation that you asked for
├── ClusterError            the cluster cannot be used
├── NotAllGraded            the grader itself failed on some submissions
├── ExplainError            there is nothing to explain
├── SolutionError           a solution does not run or does not earn full marks
├── NoVerdict               a student's work has not been graded
├── NoNotebook              a student's notebook cannot be read, or is no longer there
├── ExportError             marks cannot be exported
├── DownloadError           the download of a learning management system cannot be used
├── IdentityError           two submissions of one student have two names, or two students have the same name
├── ReturnError             there are no pages to return
└── DemoError               the demo cannot run here
UnreadableNotebook          a student's file is not a notebook: the student reads why, and loses the points
ArchiveError                a student's archive, or a file in it, cannot be read
"""

from typing import Any, Literal


class KitError(Exception):
    """The person who ran the command can put this right; the message says how."""


class SubmissionError(KitError):
    """The paths given do not name submissions; the message says what was expected."""


class BuildError(KitError):
    """The text of an assignment and its exercises do not match; the message names the exercise."""


class AnswerError(KitError):
    """A script of right answers cannot be used; the message names its file and says why."""


class CourseError(KitError):
    """The course folder cannot be used; the message says what to do."""


class SettingsError(CourseError):
    """The settings of the course cannot be used; the message says why."""


class RosterError(CourseError):
    """The roster of the course, or a class list from elsewhere, cannot be used; the message says why."""


class GradebookError(CourseError):
    """The database of the gradebook cannot be used; the message says why."""


class VerdictError(CourseError):
    """A verdict on disk cannot be read; the message says what to do."""


class SandboxError(KitError):
    """Student code cannot run on this machine."""


class IsolationError(SandboxError):
    """Student code would run with less isolation than you asked for."""


class ClusterError(KitError):
    """The cluster cannot be used; the message says why."""


class NotAllGraded(KitError):
    """The grader itself failed on some submissions. The others have their marks.

    Attributes:
        verdicts: the verdicts of the submissions that were graded.
    """

    def __init__(self, message: str, verdicts: list[Any]) -> None:
        super().__init__(message)
        self.verdicts = verdicts


class ExplainError(KitError):
    """There is nothing to explain; the message says why."""


class SolutionError(KitError):
    """The solution does not run or does not earn full marks, so it is not published."""


class NoVerdict(KitError):
    """The student's work has not been graded."""


class NoNotebook(KitError):
    """The student's notebook cannot be read, or is no longer there; the message says why."""


class ExportError(KitError):
    """Marks cannot be exported; the message says what to do."""


class DownloadError(KitError):
    """The download of a learning management system cannot be read or used; the message names the fault."""


class IdentityError(KitError):
    """One student has two names, or two students have the same name; the message says what to do."""


class ReturnError(KitError):
    """There are no pages to return; the message says what to do."""


class DemoError(KitError):
    """The demo cannot run here; the message says why."""


type UnreadableKind = Literal[
    "absent",
    "not_opened",
    "too_large",
    "empty",
    "another_format",
    "archive",  # an archive that cannot be unpacked
    "not_text",
    "broken",
    "no_cells",
    "too_many_cells",
]


class UnreadableNotebook(Exception):
    """A submitted file is not a notebook; the message tells its author why.

    Attributes:
        kind: the reason, for programs.
    """

    def __init__(self, kind: UnreadableKind, message: str) -> None:
        super().__init__(kind, message)
        self.kind: UnreadableKind = kind

    def __str__(self) -> str:
        return self.args[1]


class ArchiveError(Exception):
    """An archive, or a file in it, cannot be read; the message gives its name and the reason."""
