"""The check that a notebook calls: it tries a function on the public cases and shows the result."""

from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import Any

from . import bundle, codec, settings
from .diagnosis.differences import pairs_of
from .diagnosis.known import named, returns_nothing
from .diagnosis.naming import NOTHING_RETURNED
from .display import arguments
from .display.aside import unless_it_fails
from .display.plot import plot
from .display.report import Case, Report, framed_progress, progress_text
from .display.table import Table, table
from .judge import diagnose
from .outcomes import Returned, outcome_of
from .probes import Call
from .programs import version
from .rules.arrays import Arrays
from .trial import Trial, arguments_by_name, run_case, unwritten

NEEDS_CHECK = "This cell uses `{0}`. Write `{0}` and run its check first; after a restart, run both cells again."
NEEDS_RIGHT = (
    "This cell uses `{0}`, and the last check of `{0}` failed. Write or repair it, run its check, then this cell."
)
NEAR = 0.5  # share of the limit from which the student gets a warning


class CheckFailed(AssertionError):
    """A public case is wrong; the message is the whole report, in plain text."""

    def __init__(self, report: Report, *, shown: bool) -> None:
        super().__init__(str(report))
        self._lines = [report.headline] if shown else str(report).splitlines()

    def _render_traceback_(self) -> list[str]:
        """The lines that Jupyter shows: only those that it has not shown yet, and no frames of the kit's code."""
        return self._lines


class Checks:
    """The public checks of one assignment. Displayed in a notebook, the object shows your progress.

    It changes JAX's settings: JAX then compiles quickly, so that a check takes about a second, and multiplies float32
    matrices in full precision on a GPU or TPU too (`settings`).

    Args:
        assignment: its name, such as `em`; the file `em.json` must be in the working directory.

    Raises:
        FileNotFoundError: the file does not exist; the message says what to do.
    """

    def __init__(self, assignment: str) -> None:
        settings.use()
        self._exercises = bundle.read(assignment)["exercises"]
        self._progress: dict[str, bool | None] = dict.fromkeys(self._exercises)
        self._failures = dict.fromkeys(self._exercises, 0)  # the number of failed checks in this session

    def passed(self, name: str) -> bool:
        """Whether the last check of exercise `name` in this session passed on every public case."""
        return self._progress.get(name) is True

    def needs(self, *names: str) -> bool:
        """Whether the checks of all these exercises have passed in this session. If not, print what to do.

        A cell that uses the student's functions begins with this call. After a restart of the kernel, no check has run.
        """
        for name in names:
            if not self.passed(name):
                print(NEEDS_RIGHT.format(name) if self._progress[name] is False else NEEDS_CHECK.format(name))
        return all(map(self.passed, names))

    def __call__(self, name: str, function: Callable[..., Any]) -> None:
        """Try a function on the public cases of exercise `name`, and show the result.

        From the second failed check of an exercise in this session on, closer hints are shown too.

        Raises:
            CheckFailed: a case is wrong; the message has the case, the expected value, and a hint.
            KeyError: the assignment has no exercise of this name.
        """
        if name not in self._exercises:
            raise KeyError(f"no exercise {name!r}; there are: {', '.join(self._exercises)}")
        exercise = self._exercises[name]
        returned: set[type] = set()
        with version(object()):  # a function that it calls may have been written again since the last check
            trials = [_run(name, function, case, returned) for case in exercise["cases"]]
        self._progress[name] = all(trial.passed for trial in trials)
        if not (self._progress[name] or unwritten(trials)):
            self._failures[name] += 1
        report = _report(
            name, function, exercise, trials, self._progress, again=self._failures[name] > 1, lists=list in returned
        )
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
    """Display a report with IPython. Return whether IPython is running."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        return False
    if get_ipython() is None:
        return False
    display(report)
    return True


def _report(
    name: str,
    function: Callable[..., Any],
    exercise: dict[str, Any],
    trials: list[Trial],
    progress: dict[str, bool | None],
    *,
    again: bool,
    lists: bool,
) -> Report:
    found = diagnose(trials, partial(named, exercise))
    hints = [*found.hints[:1]]  # one thing at a time: the next check gives the next hint
    some_returned = any(trial.returned for trial in trials)  # else the arguments are not the cause
    nothing = found.mistake is not None and NOTHING_RETURNED in found.mistake.mistakes
    if nothing and unless_it_fails(False, returns_nothing, function):
        hints.append(f"There is no `return` in {name}.")
    return Report(
        exercise=name,
        cases=tuple(
            Case(
                trial.case,
                trial.message or None,
                unless_it_fails(None, _numbers, trial) if trial.wrong else None,
                unless_it_fails(None, arguments.code, trial.arguments) if some_returned else None,
            )
            for trial in trials
        ),
        difference=found.difference,
        hints=tuple(hints),
        closer=found.closer[:1] if again else (),
        more=bool(found.closer) and not again,
        plot=unless_it_fails(None, plot, [trial for trial in trials if not trial.seeded]),
        progress=dict(progress),
        remarks=tuple(_remarks(name, exercise["seconds"], trials, lists=lists)),
    )


def _remarks(name: str, limit: float, trials: list[Trial], *, lists: bool) -> Iterator[tuple[str, str]]:
    """Warnings: a call used much of the time that it may use while grading; a list is not an array."""
    if (seconds := max(map(_seconds, trials))) >= limit * NEAR:
        yield (
            "Slow",
            f"{name} used {seconds:.0f} seconds of processor time. When it is graded, one call may use {limit} seconds "
            "on a machine that may be slower. Is there a loop that array operations could replace?",
        )
    if lists:
        yield (
            "A list",
            f"{name} returns a list. That is accepted here. But if you use the result in another function, "
            "`a - b` and `a > b` do something else with lists than with arrays: `return jnp.array(...)` is safer.",
        )


def _numbers(trial: Trial) -> Table | None:
    return table(pairs_of(trial))


def _seconds(trial: Trial) -> float:
    return trial.outcome.seconds if isinstance(trial.outcome, Returned) else 0.0


def _run(name: str, function: Callable[..., Any], case: dict[str, Any], returned: set[type]) -> Trial:
    """Try a public case, and return the trial that counts. Add the type of a single returned array to `returned`."""
    probe, rule, seeds = codec.decode_probe(case["probe"]), codec.decode_rule(case["rule"]), case["seeds"]
    one_array = isinstance(rule, Arrays) and len(rule.parts) == 1 and isinstance(probe, Call)
    tried = _noting(function, returned) if one_array else function

    def trial_with(seed: int) -> Trial:
        given = codec.decode(seeds[seed]["args"])
        return Trial(
            function=name,
            case=case["name"],
            hint=case["hint"],
            closer=case["closer"],
            rule=rule,
            arguments=arguments_by_name(function, given),
            outcome=outcome_of(probe, tried, given),
            truth=partial(codec.decode, seeds[seed]["expected"]),
            seeded=len(seeds) > 1,
            seed=seed,
        )

    return run_case(len(seeds), trial_with)


def _noting(function: Callable[..., Any], returned: set[type]) -> Callable[..., Any]:
    """The function; each call adds the type of its result to `returned`."""

    @wraps(function)
    def call(*args: Any) -> Any:
        result = function(*args)
        returned.add(type(result))
        return result

    return call
