"""The report of an audit: counts are summed to rates with intervals and compared with the targets."""

import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import scipy

from autograder import fingerprint, paths
from autograder.files import write_atomically
from autograder.notebooks import answers
from autograder.student.selfcheck.rules.significance import LEVEL

from .trials import SEED, Count, Job

TOGETHER = "all right answers"
CONFIDENCE = 0.99
ALARM = 1e-4  # significance level at which a rate counts as too high
PUBLISHED = paths.ROOT / "benchmarks" / "results" / "audit" / "audit.json"


@dataclass(frozen=True)
class Line:
    """One line of the report: a right answer on a case, or a wrong answer on its exercise."""

    assignment: str
    exercise: str
    kind: Literal["right", "wrong"]
    variant: str
    case: str
    random: bool
    trials: int
    hits: int
    rate: float
    low: float
    high: float
    seconds_per_trial: float
    met: bool


def summarise(planned: list[Job], done: dict[Job, list[Count]]) -> list[Line]:
    """Sum the counts of each right answer on each case, of all right answers together, and of each wrong answer."""
    totals: dict[tuple[str, ...], list[Count]] = {}
    for job in planned:
        counts = done[job]
        if job.kind == "wrong":
            caught = sum(count.hits for count in counts)
            trials, seconds = max(count.trials for count in counts), sum(count.seconds for count in counts)
            where = ", ".join(count.case for count in counts if count.hits)
            whole = Count(where, any(count.random for count in counts), trials, caught, seconds)
            totals[job.assignment, job.exercise, "wrong", job.variant, where] = [whole]
            continue
        for count in counts:
            for variant in (job.variant, TOGETHER):
                totals.setdefault((job.assignment, job.exercise, "right", variant, count.case), []).append(count)
    return [_line(key, counts) for key, counts in totals.items()]


def _line(key: tuple[str, ...], counts: list[Count]) -> Line:
    assignment, exercise, kind, variant, case = key
    trials, hits = sum(count.trials for count in counts), sum(count.hits for count in counts)
    random = any(count.random for count in counts)
    interval = scipy.stats.binomtest(hits, trials).proportion_ci(CONFIDENCE, method="exact")
    if kind == "wrong":
        met = hits >= 0.99 * trials
    elif random:
        met = scipy.stats.binomtest(hits, trials, LEVEL, alternative="greater").pvalue > ALARM
    else:
        met = hits == 0
    return Line(
        assignment=assignment,
        exercise=exercise,
        kind="wrong" if kind == "wrong" else "right",
        variant=variant,
        case=case,
        random=random,
        trials=trials,
        hits=hits,
        rate=hits / trials,
        low=float(interval.low),
        high=float(interval.high),
        seconds_per_trial=round(sum(count.seconds for count in counts) / trials, 4),
        met=bool(met),  # JSON has no NumPy numbers
    )


def write_report(path: Path, lines: list[Line], *, command: str, nulls: int, detections: int) -> None:
    """Write the report as JSON, with everything that is needed to repeat it."""
    names = dict.fromkeys(line.assignment for line in lines)
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
        "checks": {name: fingerprint.checks(name) for name in names},
        "answers": {name: answers.digest(name) for name in names},
        "first_seed": SEED,
        "comparisons_of_right_answers": nulls,
        "trials_of_wrong_answers": detections,
        "level_of_a_comparison": LEVEL,
        "level_of_a_check": LEVEL**2,
        "confidence": CONFIDENCE,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("jax", "genjax", "numpy", "scipy", "arviz-stats")},
        "lines": [asdict(line) for line in lines],
    }
    write_atomically(path, json.dumps(report, indent=1) + "\n")


def published(names: Iterable[str]) -> dict[str, bool]:
    """Tell for each assignment whether the audit that the kit comes with is of the present checks and answers."""
    report = json.loads(PUBLISHED.read_text(encoding="utf-8")) if PUBLISHED.exists() else {"checks": {}, "answers": {}}
    return {
        name: report["checks"].get(name) == fingerprint.checks(name)
        and report["answers"].get(name) == answers.digest(name)
        for name in names
    }
