"""Measure how many wrong answers are named or described, and whether any right answer is.

    uv run python -m tests.naming
    uv run python -m tests.naming --outside

The wrong answers are those of `wrong_answers`; the right ones are the reference and the scripts of right students. With
`--outside`, both are answers by people who had not seen the checks (`tests/autograder/exercises/outside`), and shares
have 95 % confidence intervals. Each answer is graded in this process, on visible and hidden cases.
"""

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import jax
import matplotlib.pyplot as plt
import numpy as np
import scipy
from rich.console import Console
from rich.table import Column, Table

from autograder.exercises import Assignment, Exercise, load
from autograder.grading.judge import judge
from autograder.grading.results import ExerciseResult
from autograder.grading.run import Run, State, try_case
from autograder.notebooks import answers
from autograder.paths import ASSIGNMENTS
from autograder.sandbox.replies import KeptSession
from autograder.student.selfcheck.outcomes import Failure, Returned, outcome_of
from autograder.student.selfcheck.probes import Probe
from autograder.student.selfcheck.rules.arrays import Arrays, Named
from autograder.submissions.locate import Submission
from tests.autograder.exercises.outside import Outside, outside
from tests.naming.wrong_answers import WRONG

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "naming.json"
OUTSIDE_RESULTS = RESULTS.with_name("naming_outside.json")
OUTCOMES = {
    "named": "a known mistake is named",
    "told": "a sentence says what differs",
    "check": "neither, but the check of draws, of a figure or of a choice says what is wrong",
    "neither": "neither: which values are wrong, and a hint",
    "passed": "not noticed: full marks",
}


class _Here:
    """A replacement for a session: it calls the function in this process."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def call(
        self, name: str, args: tuple[Any, ...], *, cpu_seconds: int, probe: Probe, place: int | None
    ) -> Returned | Failure:
        del name, cpu_seconds, place
        try:
            return outcome_of(probe, self._function, args)
        finally:
            plt.close("all")


def grade(exercise: Exercise, function: Callable[..., Any]) -> ExerciseResult:
    """Grade one function; return the result."""
    session = cast(KeptSession, _Here(function))
    trials = {case.name: try_case(exercise, case, session) for case in exercise.cases}
    assignment = Assignment(name="one", title="One", exercises=(exercise,))
    return judge(Run(Submission("one", Path()), 0.0, {exercise.name: (State(trials),)}), assignment).exercises[0]


def outcome(exercise: Exercise, result: ExerciseResult) -> str:
    """The key of `OUTCOMES` that fits a result."""
    if result.passed:
        return "passed"
    if result.misconception:
        return "named"
    if result.difference:
        return "told"
    failed = {check.name for check in result.checks if not check.passed}
    rules = [exercise.rule_of(case) for case in exercise.cases if case.name in failed]
    return "neither" if any(isinstance(rule, (Arrays, Named)) for rule in rules) else "check"


def right_answers(assignment: str, exercise: Exercise) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every known right answer, by name."""
    for name in answers.names(assignment, exercise.name):
        yield name, answers.answer(assignment, name, exercise.name)


def share(hits: int, count: int) -> dict[str, Any]:
    """A share with its 95 % Wilson interval."""
    interval = scipy.stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return {"hits": hits, "of": count, "from": round(float(interval.low), 3), "to": round(float(interval.high), 3)}


def _graded(answer: Outside) -> dict[str, Any]:
    result = grade(answer.exercise, answer.function)
    says = next((check.message for check in result.checks if not check.passed), None)
    jax.clear_caches()
    return {
        "answer": f"{answer.assignment}: {answer.name}",
        "outcome": outcome(answer.exercise, result),
        "misconception": result.misconception,
        "difference": result.difference,
        "says": says,
    }


def of_others() -> None:
    """Grade the answers by other people; write and print the shares."""
    started = time.process_time()
    console = Console()
    wrong = [_graded(answer) for answer in outside("wrong", "categorization", "em")]
    right = [_graded(answer) for answer in outside("right", "categorization", "em", "applications")]
    noticed = [row for row in wrong if row["outcome"] != "passed"]
    hits = {key: sum(row["outcome"] == key for row in noticed) for key in OUTCOMES}
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": "uv run python -m tests.naming --outside",
        "versions": {package: version(package) for package in ("jax", "genjax", "numpy", "scipy")},
        "cpu_seconds": round(time.process_time() - started),
        "outcomes": OUTCOMES,
        "not_noticed": len(wrong) - len(noticed),
        "named": share(hits["named"], len(noticed)),
        "named_or_told": share(hits["named"] + hits["told"] + hits["check"], len(noticed)),
        "right_but_named_or_told": share(sum(row["outcome"] != "passed" for row in right), len(right)),
        "wrong": wrong,
        "right": right,
    }
    OUTSIDE_RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in (*wrong, *right):
        told = row["misconception"] or row["difference"] or row["says"] or ""
        console.print(f"{row['answer']}: [bold]{row['outcome']}[/] {told}")
    for key in ("named", "named_or_told", "right_but_named_or_told"):
        console.print(key, report[key])


def main() -> None:
    warnings.simplefilter("ignore")
    started = time.process_time()
    console = Console()
    wrong, right = [], []
    for assignment in ASSIGNMENTS:
        exercises = [exercise for exercise in load(assignment).exercises if isinstance(exercise, Exercise)]
        for exercise in exercises:
            where = {"assignment": assignment, "exercise": exercise.name}
            for function in WRONG.get(assignment, {}).get(exercise.name, ()):
                name = getattr(function, "__name__", None) or function.source.value.__name__
                result = grade(exercise, function)
                row = where | {
                    "answer": name,
                    "outcome": outcome(exercise, result),
                    "misconception": result.misconception,
                    "difference": result.difference,
                    "says": next((check.message for check in result.checks if not check.passed), None),
                }
                wrong.append(row)
                console.print(
                    f"{name}: [bold]{row['outcome']}[/] {result.misconception or result.difference or row['says']}"
                )
            for name, function in right_answers(assignment, exercise):
                result = grade(exercise, function)
                said = result.misconception or result.difference or (None if result.passed else "marked wrong")
                right.append(where | {"answer": name, "said": said})
                if said:
                    console.print(f"[red]{exercise.name}: {name} is right[/] {said}")
            jax.clear_caches()  # a process runs out of memory after compiling too much
    counts = {
        assignment: {
            key: sum(row["outcome"] == key for row in wrong if assignment in (row["assignment"], "all"))
            for key in OUTCOMES
        }
        for assignment in (*ASSIGNMENTS, "all")
    }
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": "uv run python -m tests.naming",
        "versions": {package: version(package) for package in ("jax", "genjax", "numpy", "scipy")},
        "cpu_seconds": round(time.process_time() - started),
        "outcomes": OUTCOMES,
        "wrong": counts,
        "right": {"graded": len(right), "named_or_told": sum(row["said"] is not None for row in right)},
        "answers": wrong,
        "right_answers": [f"{row['exercise']}: {row['answer']}" for row in right],
    }
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = Table(Column("wrong answers"), *(Column(key, justify="right") for key in OUTCOMES))
    for assignment, numbers in counts.items():
        table.add_row(assignment, *map(str, numbers.values()))
    console.print(table)
    console.print(f"{len(right)} right answers, of which {report['right']['named_or_told']} are named or told.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outside", action="store_true", help="grade the answers of others")
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"):
        of_others() if parser.parse_args().outside else main()
