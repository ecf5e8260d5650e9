"""How a class did: its scores, its exercises, and the time that grading took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from autograder.exercises import Assignment
from autograder.grading.results import Verdict

FEW = 5  # with fewer marks, a correlation means nothing
NORMAL_975 = 1.959964  # the quantile of the normal distribution for 95 % intervals
MOST_BINS = 12
SECONDS = (0, *(figure * 10**power for power in range(7) for figure in (1, 2, 5)))


@dataclass(frozen=True, kw_only=True)
class Bin:
    """The number of values from `low` up to `high`, without `high` itself except in the last bin."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The numbers at the top of the report.

    Attributes:
        handed_in: submissions, readable or not.
        absent: students of the course without a submission.
        waiting: notebooks with a written answer that has no mark yet and counts as 0.
        reachable: the points of the exercises that have at least one mark.
        scores: the scores of the readable notebooks, ascending, after late penalties.
        quartiles: lower quartile, median and upper quartile; None without a readable notebook.
    """

    handed_in: int
    unreadable: int
    absent: tuple[str, ...]
    waiting: int
    points: float
    reachable: float
    scores: tuple[float, ...]
    quartiles: tuple[float, float, float] | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """A correlation with its 95 % interval, by Fisher's transformation."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Difficulty:
    """How an exercise went.

    Attributes:
        marked: how many readable notebooks have a mark for it.
        mean: the mean share of its points; None without a mark.
        full: the share of full marks among these; None without a mark.
        discrimination: the correlation of its marks with the total of the other exercises, or why there is none.
    """

    name: str
    points: float
    marked: int
    mean: float | None
    full: float | None
    discrimination: Correlation | str


@dataclass(frozen=True, kw_only=True)
class Time:
    """The seconds that grading took for each readable notebook."""

    median: float
    longest: float
    total: float
    bins: tuple[Bin, ...]


def summary(assignment: Assignment, verdicts: Sequence[Verdict], *, absent: Iterable[str] = ()) -> Summary:
    """The numbers at the top of the report."""
    readable = [verdict for verdict in verdicts if verdict.status == "graded"]
    marked = {result.name for verdict in readable for result in verdict.exercises if result.score is not None}
    reachable = sum(exercise.points for exercise in assignment.exercises if exercise.name in marked)
    scores = tuple(sorted(verdict.final_score for verdict in readable))
    return Summary(
        handed_in=len(verdicts),
        unreadable=len(verdicts) - len(readable),
        absent=tuple(sorted(absent)),
        waiting=sum(any(result.score is None for result in verdict.exercises) for verdict in readable),
        points=assignment.points,
        reachable=reachable,
        scores=scores,
        quartiles=quartiles(scores),
        bins=score_bins(scores, reachable),
    )


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """Lower quartile, median and upper quartile, interpolated linearly; None without values."""
    if not values:
        return None
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(median), float(high)


def score_bins(scores: Sequence[float], reachable: float) -> tuple[Bin, ...]:
    """Scores in bins of whole points, few enough to tell them apart; they cover at least 0 to all points."""
    top = max([reachable, 1, *scores])
    width = int(np.ceil(top / MOST_BINS))
    return _counted(scores, range(0, int(np.ceil(top / width)) * width + 1, width))


def time_bins(seconds: Sequence[float]) -> tuple[Bin, ...]:
    """Seconds in bins that about double (1, 2, 5, 10, …), from the first used one to the last."""
    bins = _counted(seconds, SECONDS)
    used = [number for number, bin_ in enumerate(bins) if bin_.count]
    return bins[used[0] : used[-1] + 1]


def time(seconds: Sequence[float]) -> Time | None:
    """How long grading took; None without a readable notebook."""
    if not seconds:
        return None
    return Time(
        median=float(np.median(seconds)), longest=max(seconds), total=float(np.sum(seconds)), bins=time_bins(seconds)
    )


def _counted(values: Sequence[float], edges: Sequence[float]) -> tuple[Bin, ...]:
    counts, _ = np.histogram(values, edges)
    return tuple(
        Bin(low=low, high=high, count=int(count)) for (low, high), count in zip(pairwise(edges), counts, strict=True)
    )


def difficulties(assignment: Assignment, readable: Sequence[Verdict]) -> tuple[Difficulty, ...]:
    """How each exercise went, in the order of the notebook.

    Discrimination is the corrected item-total correlation: an exercise's marks against the total of the others,
    so that it is not compared with itself (Crocker & Algina, Introduction to Classical and Modern Test Theory, chapter
    14). The total leaves out exercises that some students have no mark for.
    """
    names = [exercise.name for exercise in assignment.exercises]
    scores = np.array([_scores(verdict, names) for verdict in readable], float).reshape(len(readable), len(names))
    complete = ~np.isnan(scores).any(axis=0)
    stats = []
    for number, exercise in enumerate(assignment.exercises):
        own = scores[:, number]
        marked = ~np.isnan(own)
        others = complete & (np.arange(len(names)) != number)
        count = int(marked.sum())
        stats.append(
            Difficulty(
                name=exercise.name,
                points=exercise.points,
                marked=count,
                mean=float(own[marked].mean() / exercise.points) if count else None,
                full=float((own[marked] >= exercise.points).mean()) if count else None,
                discrimination=discrimination(own[marked], scores[marked][:, others]),
            )
        )
    return tuple(stats)


def discrimination(own: np.ndarray, others: np.ndarray) -> Correlation | str:
    """The correlation of an exercise's marks (n,) with the total of the others (n, k), or why it has none."""
    if len(own) < FEW:
        return f"undefined: fewer than {FEW} marks"
    if not others.shape[1]:
        return "undefined: no other exercise has all its marks"
    rest = others.sum(axis=1)
    if _equal(own):
        return "undefined: all have the same mark"
    if _equal(rest):
        return "undefined: all have the same total elsewhere"
    return correlation(own, rest)


def correlation(x: np.ndarray, y: np.ndarray) -> Correlation:
    """Pearson's correlation of values that differ."""
    x, y = (values - values.mean() for values in (x, y))
    value = float(np.clip(np.sum(x * y) / np.sqrt(np.sum(x**2) * np.sum(y**2)), -1, 1))
    # The transformation of a perfect correlation is infinite.
    bounded = np.clip(value, -1 + 1e-12, 1 - 1e-12)
    low, high = np.tanh(np.arctanh(bounded) + np.array([-1, 1]) * NORMAL_975 / np.sqrt(len(x) - 3))
    return Correlation(value=value, low=float(low), high=float(high))


def _scores(verdict: Verdict, names: Sequence[str]) -> list[float]:
    """A student's marks in the order of the names; NaN without a mark."""
    scores = {exercise.name: exercise.score for exercise in verdict.exercises}
    return [np.nan if (score := scores.get(name)) is None else score for name in names]


def _equal(values: np.ndarray) -> bool:
    return bool(np.ptp(values) <= 1e-9 * np.abs(values).max())
