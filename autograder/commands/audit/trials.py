"""The trials of one answer to one exercise: how often the checks fail it, or catch it.

Each statistical comparison of a right answer is made with seeds that grading never uses. Wrong answers are judged as in
grading, with a second seed, case by case until a case is lost. Anything that is not random is tried once.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import jax
import numpy as np

from autograder.exercises import Case, Exercise, load
from autograder.exercises.truth import compute, expected
from autograder.notebooks import answers
from autograder.student.selfcheck.rules.draws import FreshKeys

SEED = 1000  # the first fresh seed: grading uses 0 and 1
IN_FLOAT64 = ", float64"
KEYS_SHARE = 0.002  # of the replicates, for checks of keys


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


def _variant(job: Job, exercise: Exercise) -> Callable[..., Any]:
    if job.kind == "wrong":
        return exercise.known(job.variant).variant
    right = answers.answer(job.assignment, job.variant.removesuffix(IN_FLOAT64), job.exercise)
    return answers.in_float64(right) if job.variant.endswith(IN_FLOAT64) else right


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
