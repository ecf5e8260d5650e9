"""Find out whether two answers to a question with many right answers are wrong in the same way.

Draws are alike if two-sample tests find no difference: in each column, Kolmogorov and Smirnov's test and Levene's test
for numbers, Pearson's test for labels; and Fisher's test for the correlation of each pair of columns. Draws of a chain
depend on each other: for them, Welch's test compares averages of batches. All tests of a pair of answers share one
level.
"""

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import scipy

from ..rules import (
    Conditional,
    Emissions,
    Marginal,
    Mixture,
    PartitionChains,
    Partitions,
    Posterior,
    Rule,
    Sticks,
    partitions,
)
from ..rules.posterior import BATCHES, PARAMETERS, summaries
from ..values import Plain

LEVEL = 1e-3
MAX_LABELS = 20
MAX_PAIRED = 10  # only this many columns are compared in pairs
MIXED = {"distribution", "mass"}  # the kinds of mismatch that chains can have only if they mix
RARE = 5  # labels with a smaller expected count are not compared


def alike(rule: Rule, value: Plain, other: Plain, expected: Any, *, by_draws: bool = False) -> bool:
    """Whether two values both pass, or both fail for the same reason and no test finds a difference.

    Args:
        value: the returned value.
        other: the value of a known mistake.
        expected: the expected value of the rule.
        by_draws: compare only draws, and ignore the reasons; values that are not draws are never alike.
    """
    problem, its_problem = rule.compare(value, expected), rule.compare(other, expected)
    if problem is None or its_problem is None:
        return problem is its_problem
    one_reason = problem.reason == its_problem.reason
    if isinstance(rule, (Posterior, PartitionChains)) and {problem.kind, its_problem.kind} <= MIXED:
        # Which of the two kinds is found first may depend on chance.
        one_reason |= problem.kind != its_problem.kind
        same = _same_chains(_summaries(rule, value, expected), _summaries(rule, other, expected))
        return same and (by_draws or one_reason)
    if not one_reason:
        return False
    if isinstance(rule, Partitions):
        return _same_draws(_events(value, expected), _events(other, expected))
    if isinstance(rule, (Conditional, Emissions, Marginal, Mixture, Sticks)):
        return _same_draws(dict(_columns(value)), dict(_columns(other)))
    return not by_draws


def identical(value: Plain, other: Plain) -> bool:
    """Whether two values have the same numbers, except for rounding."""
    columns, others = dict(_columns(value)), dict(_columns(other))
    return columns.keys() == others.keys() and all(
        column.shape == others[name].shape and np.allclose(column, others[name], rtol=1e-4, equal_nan=True)
        for name, column in columns.items()
    )


def _same_draws(columns: dict[str, np.ndarray], others: dict[str, np.ndarray]) -> bool:
    if columns.keys() != others.keys():
        return False
    if not columns:
        return True
    p = [p for name, column in columns.items() for p in _column_tests(column, others[name])]
    for first, second in combinations(list(columns)[:MAX_PAIRED], 2):
        p.append(_correlation_p((columns[first], columns[second]), (others[first], others[second])))
    return min(p) * len(p) >= LEVEL


def _same_chains(table: np.ndarray, other: np.ndarray) -> bool:
    """Whether two tables of functions of each draw, (C, S, F), agree. If only one has weights, they do not."""
    if table.shape[-1] != other.shape[-1]:
        return False
    (averages, theirs) = (_batches(table), _batches(other))
    error = np.sqrt((averages.var(axis=0, ddof=1) + theirs.var(axis=0, ddof=1)) / BATCHES)
    off = np.abs(averages.mean(axis=0) - theirs.mean(axis=0))
    p = 2 * scipy.stats.t.sf(off / np.maximum(error, 1e-6 * (1 + np.abs(averages).max(axis=0))), BATCHES - 1)
    return p.min() * p.size >= LEVEL


def _batches(table: np.ndarray) -> np.ndarray:
    """Averages (B, F) of successive draws of a chain."""
    chains, draws, _ = table.shape
    length = draws * chains // BATCHES
    return table[:, : BATCHES // chains * length].reshape(BATCHES, length, -1).mean(axis=1)


def _summaries(rule: Rule, value: Plain, expected: Any) -> np.ndarray:
    if isinstance(rule, PartitionChains):
        return partitions.summaries(np.asarray(value).astype(int), expected)[0].values
    assert isinstance(value, dict)
    draws = {name: np.asarray(value[name], float) for name in (*PARAMETERS, "z", "log_weights") if name in value}
    table = summaries(draws, np.asarray(expected["x"]), expected["levels"], expected["watched"]).values
    if "log_weights" in draws:
        table = np.concatenate([table, draws["log_weights"][..., None]], axis=-1)
    return table


def _events(value: Plain, expected: Any) -> dict[str, np.ndarray]:
    """Label-invariant properties of each draw of a partition. For arrays that are not labels, their numbers."""
    n = len(expected["num_clusters"])
    if not isinstance(value, np.ndarray) or value.shape[1:] != (n,) or not np.all(np.isin(value, np.arange(n))):
        return dict(_columns(value))
    names, happened, _ = partitions.events(value.astype(int), expected)
    return dict(zip(names, happened.T.astype(float), strict=True))


def _columns(value: Plain, name: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Each number of a draw, over all draws, with its name in the value."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _columns(item, f"{name}/{key}")
        case tuple():
            for i, item in enumerate(value):
                yield from _columns(item, f"{name}/{i}")
        case np.ndarray() if value.dtype.kind in "biuf":
            rows = len(value) if value.ndim else 1
            draws = np.nan_to_num(np.asarray(value, float)).reshape(rows, math.prod(value.shape[1:]))
            yield from ((f"{name}/{value.shape[1:]}[{j}]", draws[:, j]) for j in range(draws.shape[1]))
        case _:
            yield f"{name}: {type(value).__name__}", np.zeros(1)


def _column_tests(column: np.ndarray, other: np.ndarray) -> list[float]:
    """P-values: of one test for labels; of two tests for numbers, for the distribution and for the spread."""
    if not len(column) or not len(other):
        return [float(len(column) == len(other))]
    labels = np.unique(np.concatenate([column, other]))
    if len(labels) > MAX_LABELS:
        tests: list[Any] = [scipy.stats.ks_2samp(column, other, method="asymp"), scipy.stats.levene(column, other)]
        return [float(test.pvalue) for test in tests]
    counts = np.array([[np.sum(draws == label) for label in labels] for draws in (column, other)])
    counts = counts[:, counts.sum(axis=0) * min(len(column), len(other)) >= RARE * (len(column) + len(other))]
    if counts.shape[1] and not counts.sum(axis=1).all():
        return [0.0]  # the columns have no value in common
    test: Any = scipy.stats.chi2_contingency(counts, correction=False) if counts.shape[1] > 1 else None
    return [float(test.pvalue)] if test else [1.0]


def _correlation_p(pair: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> float:
    if any(len(a) != len(b) or len(a) < 2 for a, b in (pair, other)):
        return 1.0  # the columns do not have the same rows
    with np.errstate(invalid="ignore", divide="ignore"):
        (first, n), (second, m) = ((np.nan_to_num(np.corrcoef(a, b)[0, 1]), len(a)) for a, b in (pair, other))
    scores = np.arctanh(np.clip([first, second], -1 + 1e-9, 1 - 1e-9))
    return float(2 * scipy.stats.norm.sf(abs(scores[0] - scores[1]) / np.sqrt(1 / max(n - 3, 1) + 1 / max(m - 3, 1))))
