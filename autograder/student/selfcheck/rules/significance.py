"""Tests of whether draws follow the expected distribution, and the decision from all tests together.

Error rates. Every test has a p-value that is exact, or conservative, if the draws are right and independent. A
comparison combines its tests by Bonferroni's inequality and fails with probability at most `LEVEL`. A check fails only
if two comparisons with different keys fail one after the other: for a right answer this has probability at most `LEVEL`
squared, one in a million. The loss of power is small, because a wrong distribution fails both times.

Residuals. The expected distribution function is applied to each continuous draw. The result is uniform between 0 and 1
for every distribution, and independent between components (Rosenblatt 1952). So draws under many different parameters
can be tested together.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from .mismatch import Mismatch

LEVEL = 1e-3
MIN_VARIANCE = 100  # from this expected variance on, the normal approximation of a count is accurate enough
MIN_SIGNED_VARIANCE = 20  # the same for sums of terms of both signs, at most 1: their skewness nearly cancels


@dataclass(frozen=True)
class Finding:
    """P-values of one kind of test, and a function that explains a small p-value by its position."""

    p: np.ndarray
    says: Callable[[int], str]


def verdict(name: str, findings: list[Finding], *, level: float = LEVEL) -> Mismatch | None:
    """A mismatch if any test is significant at its share of `level` (Bonferroni); else None."""
    total = sum(finding.p.size for finding in findings)
    worst = min(findings, key=lambda finding: float(np.min(finding.p, initial=1.0)))
    smallest = float(np.min(worst.p, initial=1.0))
    if smallest * total >= level:
        return None
    says = worst.says(int(np.argmin(worst.p)))
    return Mismatch(
        "distribution",
        f"{name}: not distributed as expected",
        f"{name}: {says}. If all were right, so large a difference would come less than once in "
        f"{_in_words(smallest * total)} times",
        (name,),
    )


def residual_tests(residuals: np.ndarray, names: list[str]) -> list[Finding]:
    """Tests of residuals (R, D), which should be uniform and independent between columns."""
    rows, columns = residuals.shape
    residuals = np.clip(residuals, 0, 1)
    scores = scipy.stats.norm.ppf(np.clip(residuals, 1e-14, 1 - 1e-14))
    shift = np.sqrt(rows) * scores.mean(axis=0)
    squares = np.sum(scores**2, axis=0)
    spread = 2 * np.minimum(scipy.stats.chi2.cdf(squares, rows), scipy.stats.chi2.sf(squares, rows))
    shape = np.array([scipy.stats.kstest(residuals[:, d], "uniform")[1] for d in range(columns)])
    findings = [
        Finding(
            2 * scipy.stats.norm.sf(np.abs(shift)), lambda d: f"{names[d]} is too {_sign(shift[d], 'large', 'small')}"
        ),
        Finding(
            np.minimum(spread, 1),
            lambda d: f"{names[d]} is too {_sign(squares[d] - rows, 'spread out', 'concentrated')}",
        ),
        Finding(shape, lambda d: f"{names[d]} has another distribution"),
    ]
    if columns > 1:
        first, second = np.triu_indices(columns, 1)
        p = _correlation_p(_correlations(scores)[first, second], rows)
        findings.append(Finding(p, lambda d: f"{names[first[d]]} and {names[second[d]]} are not independent"))
    return findings


def categorical_tests(labels: np.ndarray, probabilities: np.ndarray) -> list[Finding]:
    """Tests of labels (R, N), which should have these probabilities (R, N, K) and be independent of each other."""
    rows, columns, k = probabilities.shape
    surprise = (labels[:, :, None] == np.arange(k)) - probabilities
    variance = probabilities * (1 - probabilities)
    centered = probabilities - probabilities.mean(axis=0)
    if np.max(np.abs(centered)) < 1e-12:
        counts = np.sum(labels[:, :, None] == np.arange(k), axis=0)
        odds = probabilities[0]
        p = 2 * np.minimum(scipy.stats.binom.cdf(counts, rows, odds), scipy.stats.binom.sf(counts - 1, rows, odds))
        findings = [
            Finding(
                np.minimum(p, 1).ravel(),
                lambda d: (
                    f"label {d % k} of observation {d // k} comes too "
                    + _sign(counts[d // k, d % k] - rows * odds[d // k, d % k], "often", "rarely")
                ),
            )
        ]
    else:
        findings = [
            # How often each label occurs, and whether it occurs when it is probable.
            _weighted_counts(surprise, variance, np.ones_like(probabilities), MIN_VARIANCE),
            _weighted_counts(
                surprise, variance, centered / np.maximum(np.abs(centered).max(axis=0), 1e-300), MIN_SIGNED_VARIANCE
            ),
            _against_the_odds(surprise, variance, probabilities),
        ]
    if columns > 1:
        # For each observation, the residual of the label with the largest variance.
        best = np.argmax(variance.sum(axis=0), axis=1)
        chosen = np.take_along_axis(surprise, best[None, :, None].repeat(rows, 0), axis=2)[:, :, 0]
        spread = np.take_along_axis(variance, best[None, :, None].repeat(rows, 0), axis=2)[:, :, 0]
        first, second = np.triu_indices(columns, 1)
        joint = np.sum(spread[:, first] * spread[:, second], axis=0)
        usable = joint >= MIN_SIGNED_VARIANCE
        first, second, joint = first[usable], second[usable], joint[usable]
        scores = np.sum(chosen[:, first] * chosen[:, second], axis=0) / np.sqrt(joint)
        findings.append(
            Finding(
                2 * scipy.stats.norm.sf(np.abs(scores)),
                lambda d: f"the labels of observations {first[d]} and {second[d]} are not independent",
            )
        )
    return findings


def _weighted_counts(surprise: np.ndarray, variance: np.ndarray, weight: np.ndarray, least: float) -> Finding:
    total, spread = np.sum(weight * surprise, axis=0), np.sum(weight**2 * variance, axis=0)
    usable = spread >= least
    scores, where = total[usable] / np.sqrt(spread[usable]), np.argwhere(usable)
    return Finding(
        2 * scipy.stats.norm.sf(np.abs(scores)),
        lambda d: f"label {where[d][1]} of observation {where[d][0]} comes too {_sign(scores[d], 'often', 'rarely')}",
    )


def _against_the_odds(surprise: np.ndarray, variance: np.ndarray, probabilities: np.ndarray) -> Finding:
    """One test of all labels that are rare or nearly certain."""
    likely = probabilities > 0.5
    rare = np.sum(variance, axis=0) < MIN_VARIANCE
    against = np.sum(np.where(likely, surprise < -0.5, surprise > 0.5) & rare)
    expected = np.sum(np.where(likely, 1 - probabilities, probabilities) * rare)
    # An event counts up to twice: for the label that occurred and for the label that did not.
    return Finding(
        np.array([_poisson_p(against / 2, expected / 2)]),
        lambda _: "labels that are very improbable come too often, or too rarely",
    )


def dirichlet_residuals(draws: np.ndarray, concentration: np.ndarray) -> np.ndarray:
    """Residuals (R, K - 1) by stick-breaking: each weight's share of the remaining stick has a beta distribution."""
    left = np.cumsum(draws[:, ::-1], axis=1)[:, ::-1]  # each weight plus all weights after it
    rest = np.cumsum(concentration[:, ::-1], axis=1)[:, ::-1]
    shares = draws[:, :-1] / np.maximum(left[:, :-1], 1e-300)
    return scipy.stats.beta.cdf(shares, concentration[:, :-1], rest[:, 1:])


def tabulated_residuals(draws: np.ndarray, log_nodes: np.ndarray, cdf: np.ndarray, pdf: np.ndarray) -> np.ndarray:
    """Residuals (R, K) of positive draws, by cubic interpolation between evenly spaced nodes of their logarithms."""
    step = log_nodes[1] - log_nodes[0]
    position = (np.log(np.maximum(draws, 1e-300)) - log_nodes[0]) / step
    position = np.clip(position, 0, len(log_nodes) - 1 - 1e-9)
    below = position.astype(int)
    t = position - below
    (low, high), (rise, end) = (
        [np.take_along_axis(table, (below + i)[..., None], axis=-1)[..., 0] for i in (0, 1)] for table in (cdf, pdf)
    )
    return (
        (1 + 2 * t) * (1 - t) ** 2 * low
        + t**2 * (3 - 2 * t) * high
        + step * (t * (1 - t) ** 2 * rise - t**2 * (1 - t) * end)
    )


def feature_tests(residuals: np.ndarray, features: np.ndarray) -> list[Finding]:
    """Tests of whether residuals (R, K) are independent of the values that the draws were conditioned on (R, F)."""
    varying = features[:, np.ptp(features, axis=0) > 1e-9]
    if not varying.size:
        return []
    scores = scipy.stats.norm.ppf(np.clip(residuals, 1e-14, 1 - 1e-14))
    columns = scores.shape[1]
    table = _correlations(np.concatenate([scores, varying], axis=1))[:columns, columns:]
    p = _correlation_p(table.ravel(), len(residuals))
    return [
        Finding(
            p, lambda d: f"component {d // varying.shape[1]} does not change with what it is drawn given as expected"
        )
    ]


def serial_tests(residuals: np.ndarray, labels: np.ndarray) -> list[Finding]:
    """A test of whether successive draws are independent."""
    scores = scipy.stats.norm.ppf(np.clip(residuals[:, 0], 1e-14, 1 - 1e-14))
    pairs = [np.stack([series[1:], series[:-1]], axis=1) for series in (scores, labels[:, 0])]
    p = _correlation_p(np.array([_correlations(pair)[0, 1] for pair in pairs]), len(labels) - 1)
    return [Finding(p, lambda _: "one draw depends on the one before")]


def _correlations(columns: np.ndarray) -> np.ndarray:
    """Correlations between all columns; 0 for a column that does not vary, which other tests find."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num(np.corrcoef(columns, rowvar=False))


def _correlation_p(correlation: np.ndarray, rows: int) -> np.ndarray:
    correlation = np.clip(correlation, -1 + 1e-12, 1 - 1e-12)
    return 2 * scipy.stats.t.sf(np.abs(correlation) * np.sqrt((rows - 2) / (1 - correlation**2)), rows - 2)


def _poisson_p(count: float, mean: float) -> float:
    if mean == 0:
        return 1.0 if count == 0 else 0.0
    return min(
        1.0, 2 * float(min(scipy.stats.poisson.cdf(count, mean), scipy.stats.poisson.sf(np.ceil(count) - 1, mean)))
    )


def _sign(number: float, positive: str, negative: str) -> str:
    return positive if number > 0 else negative


def _in_words(p: float) -> str:
    return f"{min(1 / max(p, 1e-12), 1e12):,.0f}"
