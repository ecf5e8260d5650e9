"""The check that a notebook calls: it tries a function on the public cases and shows how it did."""

import inspect
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import bundle, codec, xla
from .answers import Answer
from .diagnosis.differences import difference, pairs_of
from .diagnosis.hints import helpful
from .diagnosis.known import named, returns_nothing
from .diagnosis.naming import NOTHING_RETURNED
from .display.aside import unless_it_fails
from .display.plot import plot
from .display.report import Case, Report, framed_progress, progress_text
from .display.table import Table, table
from .probes import Probe
from .rules import Rule

NEEDS_CHECK = "This cell uses `{0}`. Write `{0}` and run its check first; after a restart, run both cells again."
NEEDS_RIGHT = "This cell uses `{0}`. The last check of `{0}` found a mistake: repair it, run the check, then this cell."
NEAR = 0.5  # of the limit: from there on a student is warned


class CheckFailed(AssertionError):
    """A public case is wrong; the message is the whole report, in plain text."""

    def __init__(self, report: Report, *, shown: bool) -> None:
        super().__init__(str(report))
        self._lines = [report.headline] if shown else str(report).splitlines()

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows: what it has not shown yet, without frames that are not the student's."""
        return self._lines


class Checks:
    """The public checks of one assignment. Shown in a notebook, it tells how far one is.

    From then on JAX compiles quickly: a check shall take less than a second.

    Args:
        assignment: its name; `assignment.json` lies in the working directory.

    Raises:
        FileNotFoundError: the file is not there; the message says what to do.
    """

    def __init__(self, assignment: str) -> None:
        xla.compile_quickly()
        self._exercises = bundle.read(assignment)["exercises"]
        self._progress: dict[str, bool | None] = dict.fromkeys(self._exercises)

    def passed(self, name: str) -> bool:
        """Whether the last check of exercise `name` in this session found every public case right."""
        return self._progress.get(name) is True

    def needs(self, *names: str) -> bool:
        """Whether the checks of all these exercises have passed in this session; says what to do where not.

        A cell that uses answers of the student begins with it. After a restart of the kernel no check has run yet.
        """
        for name in names:
            if not self.passed(name):
                print(NEEDS_RIGHT.format(name) if self._progress[name] is False else NEEDS_CHECK.format(name))
        return all(map(self.passed, names))

    def __call__(self, name: str, function: Callable[..., Any]) -> None:
        """Try a function on the public cases of exercise `name`, and show how it did.

        Raises:
            CheckFailed: a case is wrong; says which, what was expected, and a hint.
        """
        if name not in self._exercises:
            raise KeyError(f"no exercise {name!r}; there are: {', '.join(self._exercises)}")
        exercise = self._exercises[name]
        tried = [_try(name, function, case) for case in exercise["cases"]]
        self._progress[name] = not any(one.problem for one in tried)
        report = _report(name, function, exercise, tried, self._progress)
        shown = _show(report)
        if not report.passed:
            raise CheckFailed(report, shown=shown)
        if not shown:
            print(report)

    def __repr__(self) -> str:
        return progress_text(self._progress)

    def _repr_html_(self) -> str:
        return framed_progress(self._progress)


def _show(report: Report) -> bool:
    """Show a report where there is IPython to show it; whether there is."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        return False
    if get_ipython() is None:
        return False
    display(report)
    return True


@dataclass(frozen=True)
class _Tried:
    """One public case, tried. `answer` is what came back, if it did.

    `problem` says what is wrong, if anything is; `words` say so without numbers.
    """

    case: str
    hint: str
    problem: str | None
    words: str = ""
    answer: Answer | None = None
    unwritten: bool = False
    seconds: float = 0.0


def _report(
    name: str,
    function: Callable[..., Any],
    exercise: dict[str, Any],
    tried: list[_Tried],
    progress: dict[str, bool | None],
) -> Report:
    # What a known mistake draws is not beside the notebook: it would be too much.
    answers = [one.answer for one in tried if one.answer and not one.answer.random]
    known = unless_it_fails(None, named, exercise, answers)
    # A hint for a cell that nobody has written in yet would only give away a thought.
    lost: dict[str, list[str]] = {one.hint: [] for one in tried if one.problem and not one.unwritten}
    for one in tried:
        if one.hint in lost:
            lost[one.hint] += [one.words] if one.problem else []
    hints = [known.sentence] if known else unless_it_fails([*lost], helpful, lost)
    if known and NOTHING_RETURNED in known.mistakes and unless_it_fails(False, returns_nothing, function):
        hints.append(f"There is no `return` in {name}.")
    return Report(
        exercise=name,
        cases=tuple(
            Case(
                one.case,
                one.problem,
                unless_it_fails(None, _numbers, one.answer) if one.problem and one.answer else None,
            )
            for one in tried
        ),
        difference=None if known else unless_it_fails(None, difference, answers),
        hints=tuple(hints),
        plot=unless_it_fails(None, plot, answers),
        progress=dict(progress),
        slow=_slow(name, max(one.seconds for one in tried), exercise["seconds"]),
    )


def _slow(name: str, seconds: float, limit: float) -> str | None:
    """A warning where a call has used much of the time that it has when it is graded."""
    if seconds < limit * NEAR:
        return None
    return (
        f"{name} used {seconds:.0f} seconds of processor time. When it is graded, one call may use {limit} seconds "
        "on a machine that may be slower. Is there a loop that array operations could replace?"
    )


def _numbers(answer: Answer) -> Table | None:
    return table(pairs_of(answer))


def _try(name: str, function: Callable[..., Any], case: dict[str, Any]) -> _Tried:
    """Try a case. One whose result is random and fails is tried once more, with other keys."""
    probe, rule = codec.decode_probe(case["probe"]), codec.decode_rule(case["rule"])
    first, *more = (partial(_try_once, name, function, case, attempt, probe, rule) for attempt in case["attempts"])
    tried = first()
    for again in more:
        if tried.problem and tried.answer:
            tried = again()
    return tried


def _try_once(
    name: str, function: Callable[..., Any], case: dict[str, Any], attempt: dict[str, Any], probe: Probe, rule: Rule
) -> _Tried:
    args, expected = codec.decode(attempt["args"]), codec.decode(attempt["expected"])
    known = (case["name"], case["hint"])
    started = time.process_time()
    try:
        value = probe(function, args)
    except NotImplementedError:
        return _Tried(*known, f"{name} is not written yet", unwritten=True)
    except Exception as error:
        return _Tried(*known, _what_was_raised(name, error), words=f"{name} raised {type(error).__name__}")
    seconds = time.process_time() - started
    mismatch = rule.compare(value, expected)
    answer = Answer(
        case=case["name"],
        rule=rule,
        value=value,
        expected=expected,
        given=_named_arguments(function, args),
        random=len(case["attempts"]) > 1,
    )
    words = mismatch.summary if mismatch else ""
    return _Tried(*known, mismatch and mismatch.detail, words, answer, seconds=seconds)


def _named_arguments(function: Callable[..., Any], args: tuple[Any, ...]) -> dict[str, Any]:
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # not every callable tells
        names = []
    if len(names) != len(args):
        names = [f"argument {number}" for number, _ in enumerate(args, start=1)]
    return dict(zip(names, args, strict=True))


def _what_was_raised(name: str, error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    # The last line that stands in the notebook, not in a library.
    inside = [frame for frame in frames if "ipykernel" in frame.filename or frame.filename.startswith("<")]
    where = f" at `{inside[-1].line}`" if inside and inside[-1].line else ""
    return f"{name} raised {type(error).__name__}{where}: {error}"
