"""Measure how often the checks fail a right answer, and how often they catch a wrong one, over fresh seeds.

Right answers are the reference and the scripts of right students. Each of their statistical comparisons is made with
seeds that grading never uses. A check fails only if two comparisons fail, so its false-fail rate is the square of the
rate counted here; the square is too small to count. Wrong answers are judged as in grading, with a second seed, case by
case until a case is lost. Anything that is not random is tried once; right answers are then tried in float32 and in
float64.
"""

import json
import os
import platform
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Literal

import jax
import numpy as np
import scipy

from autograder import computing, fingerprint, paths
from autograder.exercises import Case, Exercise, load
from autograder.exercises.truth import compute, expected, make_room
from autograder.files import write_atomically
from autograder.notebooks import answers
from autograder.student.selfcheck.rules.draws import FreshKeys
from autograder.student.selfcheck.rules.significance import LEVEL

SEED = 1000  # the first fresh seed: grading uses 0 and 1
CHUNK = 1000  # comparisons for each job
OTHERS_SHARE = 0.05  # of the replicates, for all right answers but the first
OTHERS_SECONDS = 6.0  # at most, for each of these answers on each case
TOGETHER = "all right answers"
IN_FLOAT64 = ", float64"
KEYS_SHARE = 0.002  # of the replicates, for checks of keys
CONFIDENCE = 0.99
PUBLISHED = paths.ROOT / "benchmarks" / "results" / "audit" / "audit.json"
ALARM = 1e-4  # significance level at which a rate counts as too high


@dataclass(frozen=True)
class Job:
    """Some trials of one answer to one exercise."""

    assignment: str
    exercise: str
    kind: Literal["right", "wrong"]
    variant: str
    first_seed: int
    replicates: int
    seconds: float | None = None


@dataclass(frozen=True)
class Count:
    """The result on a case: `hits` of `trials` failed. For a wrong answer, `case` lists the cases that caught it."""

    case: str
    random: bool
    trials: int
    hits: int
    seconds: float


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


def run(
    names: Iterable[str],
    *,
    nulls: int,
    detections: int,
    jobs: int,
    journal: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Line]:
    """Count in parallel. If an earlier run with the same journal was interrupted, continue from there.

    Args:
        names: the assignments.
        nulls: comparisons of right answers for each random case.
        detections: trials of each wrong answer.
        journal: a file of finished jobs. Jobs of another version of the checks or of the answers are done again.
    """
    planned = [job for name in names for job in plan(name, nulls=nulls, detections=detections)]
    done = _finished(journal)
    # Jobs are interleaved, so that every check has some counts early.
    remaining = sorted((job for job in planned if job not in done), key=lambda job: job.first_seed)
    finished = len(planned) - len(remaining)
    on_progress(finished, len(planned))
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("a", encoding="utf-8") as file:
        if file.tell():
            file.write("\n")  # the last line may be incomplete
        for number, (job, counts) in enumerate(_count_all(remaining, jobs=jobs), finished + 1):
            done[job] = counts
            entry = {
                "checks": fingerprint.checks(job.assignment),
                "answers": answers.digest(job.assignment),
                "job": asdict(job),
                "counts": [asdict(count) for count in counts],
            }
            file.write(json.dumps(entry) + "\n")
            file.flush()
            on_progress(number, len(planned))
    return summarise(planned, done)


def plan(name: str, *, nulls: int, detections: int) -> Iterator[Job]:
    """All the jobs of an assignment."""
    for exercise in load(name).graded:
        first, *others = answers.names(name, exercise.name)
        if any(case.seeded for case in exercise.cases):
            for start in range(0, nulls, CHUNK):
                yield Job(name, exercise.name, "right", first, SEED + start, min(CHUNK, nulls - start))
            share = max(1, round(nulls * OTHERS_SHARE))
            for other in others:
                yield Job(name, exercise.name, "right", other, SEED, share, OTHERS_SECONDS)
        else:
            for right in (first, *others):
                yield Job(name, exercise.name, "right", right, SEED, 1)
                yield Job(name, exercise.name, "right", right + IN_FLOAT64, SEED, 1)
        for mistake in exercise.mistakes:
            yield Job(name, exercise.name, "wrong", mistake.name, SEED, detections)


def _count_all(planned: list[Job], *, jobs: int) -> Iterator[tuple[Job, list[Count]]]:
    """Do jobs in several processes; yields each with its counts."""
    if planned:
        # A process grows with what it compiles, so it ends after some jobs; to start one takes seconds.
        with get_context("spawn").Pool(min(jobs, len(planned)), _begin, maxtasksperchild=16) as pool:
            yield from pool.imap_unordered(_counted, planned)
            pool.close()  # the processes end by themselves: one that is still starting may not notice that it shall end
            pool.join()


def count(job: Job) -> list[Count]:
    """Do one job."""
    warnings.simplefilter("ignore")
    exercise = load(job.assignment)[job.exercise]
    function = _variant(job, exercise)
    seeds = range(job.first_seed, job.first_seed + job.replicates)
    with np.errstate(all="ignore"):
        if job.kind == "wrong":
            return _caught(exercise, function, seeds)
        return [_failed(exercise, case, function, seeds, job.seconds) for case in exercise.cases]


def _begin() -> None:
    computing.set_up()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the audit's own process is gone, for example killed, and end this one too.

    The kernel can do this as well, but it ends a process together with the thread that started it. A pool starts
    processes in a thread that ends before they do.
    """
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _counted(job: Job) -> tuple[Job, list[Count]]:
    jax.config.update("jax_disable_most_optimizations", False)  # a job compiles once and runs often
    counts = count(job)
    make_room()
    return job, counts


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


def _failed(exercise: Exercise, case: Case, function: Callable[..., Any], seeds: range, seconds: float | None) -> Count:
    """How many comparisons a right answer fails on one case."""
    started, trials, hits = time.process_time(), 0, 0
    if not case.seeded:
        seeds = range(1)
    elif isinstance(exercise.rule_of(case), FreshKeys):
        # There is no p-value here: the comparison always passes or always fails.
        seeds = seeds[: max(1, round(len(seeds) * KEYS_SHARE))]
    for seed in seeds:
        hits += not _passes(exercise, case, function, seed)
        trials += 1
        if seconds is not None and time.process_time() - started > seconds:
            break
    return Count(case.name, case.seeded is not None, trials, hits, time.process_time() - started)


def _caught(exercise: Exercise, function: Callable[..., Any], seeds: range) -> list[Count]:
    """The cases on which a wrong answer is lost, counted over seeds."""
    fixed = [case for case in exercise.cases if not case.seeded]
    started = time.process_time()
    for case in fixed:
        if not _passes(exercise, case, function, 0):
            return [Count(case.name, False, 1, 1, time.process_time() - started)]
    # Hidden cases first: they are designed to reveal mistakes.
    random = sorted((case for case in exercise.cases if case.seeded), key=lambda case: case.visible)
    hits = dict.fromkeys((case.name for case in random), 0)
    for seed in seeds:
        for case in random:
            # Two seeds, as in grading; no seed is used twice.
            if not any(_passes(exercise, case, function, 2 * seed + again) for again in range(case.seeds)):
                hits[case.name] += 1
                break
    trials = len(seeds) if random else 1
    seconds = time.process_time() - started
    return [Count(name, True, trials, number, seconds / max(len(hits), 1)) for name, number in hits.items()] or [
        Count("", False, 1, 0, seconds)
    ]


def _passes(exercise: Exercise, case: Case, function: Callable[..., Any], seed: int) -> bool:
    args = case.arguments(seed)
    try:
        value = exercise.aspect_of(case).probe(function, args)
    except (MemoryError, jax.errors.JaxRuntimeError):
        raise  # no evidence about the answer
    except Exception:  # an answer that raises is lost, as in grading
        return False
    # If only the key differs, the distribution is the same; other truths are used once and not cached.
    same = all(item is first for item, first in zip(args[1:], _first(case)[1:], strict=True))
    truth = expected(exercise, case) if same else compute(exercise, case, seed)
    return exercise.rule_of(case).compare(value, truth) is None


@lru_cache
def _first(case: Case) -> tuple[Any, ...]:
    return case.arguments()


def _variant(job: Job, exercise: Exercise) -> Callable[..., Any]:
    if job.kind == "wrong":
        return exercise.known(job.variant).variant
    right = answers.answer(job.assignment, job.variant.removesuffix(IN_FLOAT64), job.exercise)
    return answers.in_float64(right) if job.variant.endswith(IN_FLOAT64) else right


def _finished(journal: Path) -> dict[Job, list[Count]]:
    if not journal.exists():
        return {}
    done = {}
    for text in journal.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(text)
        except json.JSONDecodeError:  # empty, or incomplete because a run was interrupted
            continue
        job = Job(**entry["job"])
        known = fingerprint.checks(job.assignment), answers.digest(job.assignment)
        if (entry["checks"], entry.get("answers")) == known:
            done[job] = [Count(**count) for count in entry["counts"]]
    return done
