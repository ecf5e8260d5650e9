"""The rule for draws from a posterior: label-invariant summaries are compared with exact expectations.

Any correct method passes. Labels may have another meaning in every draw or chain (Stephens 2000), so the compared
summaries do not depend on labels. The standard error of an average comes from the averages of 20 batches of successive
draws, which accounts for autocorrelation (Flegal and Jones 2010); the t distribution has 19 degrees of freedom.
Weighted draws are averaged by a ratio estimator (Owen 2013, section 9.2). Effective sample size and R-hat are ArviZ's
(Vehtari et al. 2021).

If the data are well separated, samplers do not switch between labellings, and with informative priors the expectations
differ a little between labellings. So an expectation may be an interval, from the lowest to the highest of any
labelling. Only a deviation from the interval counts.

Identities hold in every labelling, and in every part of the posterior that a chain may be slow to leave. A parameter
minus its expectation given all others is 0 on average (iterated expectations). The slope of a log density is 0 on
average (Stein 1972). A chain that settles in the wrong place violates them.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import scipy

from ..values import Plain
from .draws import labels_problem, positive_problem, simplex_problem
from .mismatch import Mismatch, describe
from .significance import Finding, verdict

BATCHES = 20
MIN_ESS = 20
MAX_RHAT = 1.5
RARE = 0.02  # events with a probability below this, or above 1 minus this, are not averaged
DIAGNOSED = (0, 2, 5, 6)  # positions in the summaries: the sums of mu, of sigma, of pi squared, of pi times mu
PARAMETERS = ("pi", "mu", "sigma")


@dataclass(frozen=True)
class Posterior:
    """A rule: posterior draws from a few chains, a dict of arrays (C, S, ...).

    The expected value is a dict:

    - "x" (N,): the observations
    - "num_samples": S
    - "alpha", "loc", "scale", "shape", "rate" (K,): the priors
    - "levels", "watched": arguments of `summaries`
    - "low", "high" (F,): the exact expectations of the summaries
    - "extremes" (4,): the lowest and highest mu, and the lowest and highest sigma, that any component may have
    """

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        x, k, num_samples = np.asarray(expected["x"]), len(expected["alpha"]), int(expected["num_samples"])
        problem = _form(value, num_samples, k, len(x))
        if problem:
            return problem
        assert isinstance(value, dict)
        draws = {name: np.asarray(value[name], float) for name in (*PARAMETERS, "z")}
        problem = (
            labels_problem(draws["z"], k, "z")
            or simplex_problem(draws["pi"], "pi")
            or positive_problem(draws["sigma"], "sigma")
        )
        if problem:
            return problem
        log_weights = np.asarray(value.get("log_weights", np.zeros(draws["z"].shape[:2])), float)
        names, table, indicators = summaries(draws, x, expected["levels"], expected["watched"])
        weighted = bool(np.ptp(log_weights) > 0)
        weights = np.exp(log_weights - log_weights.max())
        problem = worth(table[..., DIAGNOSED], weights, weighted=weighted) or (
            None if weighted else _extremes(draws, expected["extremes"])
        )
        if problem:
            return problem
        claims, zeros = identities(draws, x, expected)
        nothing = np.zeros(len(claims))
        rare = indicators & is_rare(expected["low"], expected["high"])
        tests = [
            averages(names, table, weights, expected["low"], expected["high"], without=rare),
            averages(claims, zeros, weights, nothing, nothing),
        ]
        return verdict("the draws", tests)


class Summaries(NamedTuple):
    """Functions of each draw: their names (F,), `values` (C, S, F), and which of them are always 0 or 1 (F,)."""

    names: list[str]
    values: np.ndarray
    indicators: np.ndarray


def summaries(draws: dict[str, np.ndarray], x: np.ndarray, levels: Any, watched: Any) -> Summaries:
    """Label-invariant functions of each draw.

    The reference's `exact.summaries` has their expectations, in the same order.
    """
    center, spread = x.mean(), x.std()
    pi, u, v = draws["pi"], (draws["mu"] - center) / spread, draws["sigma"] / spread
    z = draws["z"].astype(int)[..., np.asarray(watched, int)]
    sums = {
        "the means mu": u,
        "the squared means mu": u**2,
        "the standard deviations sigma": v,
        "the squared standard deviations": v**2,
        "mu times sigma": u * v,
        "the squared weights pi": pi**2,
        "pi times mu": pi * u,
        "pi times mu squared": pi * u**2,
        "pi times sigma": pi * v,
    }
    columns = {f"the sum of {name}": term.sum(axis=-1) for name, term in sums.items()}
    for level in np.asarray(levels):
        below = scipy.special.ndtr((level - draws["mu"]) / draws["sigma"])
        columns[f"P(x <= {level:g}) of a new observation"] = np.sum(pi * below, axis=-1)
    together = {
        f"how often observations {first} and {second} are together": (z[..., i] == z[..., i + 1]).astype(float)
        for i, (first, second) in enumerate(pairwise(watched))
    }
    columns |= together
    for name, parameter in {"pi": pi, "mu": u, "sigma": v}.items():
        own = np.take_along_axis(parameter, z, axis=-1)
        columns |= {f"{name} of the component of observation {n}": own[..., i] for i, n in enumerate(watched)}
    indicators = np.array([name in together for name in columns])
    return Summaries(list(columns), np.stack(list(columns.values()), axis=-1), indicators)


def identities(draws: dict[str, np.ndarray], x: np.ndarray, expected: Any) -> tuple[list[str], np.ndarray]:
    """Functions of each draw whose expectation is 0 in every part of the posterior: names (F,), values (C, S, F)."""
    alpha, loc, scale, shape, rate = (np.asarray(expected[name]) for name in ("alpha", "loc", "scale", "shape", "rate"))
    pi, mu, sigma = (draws[name] for name in PARAMETERS)
    member = (draws["z"][..., None] == np.arange(len(alpha))).astype(float)  # (C, S, N, K)
    counts = member.sum(axis=-2)
    deviation = x[:, None] - mu[..., None, :]
    with np.errstate(divide="ignore"):
        log_joint = np.log(pi / sigma)[..., None, :] - (deviation / sigma[..., None, :]) ** 2 / 2
    joint = np.exp(log_joint - log_joint.max(axis=-1, keepdims=True))
    surprise = member - joint / joint.sum(axis=-1, keepdims=True)
    center, spread = x.mean(), x.std()
    columns = {}
    for name, value in {"pi": pi, "mu": (mu - center) / spread, "sigma": sigma / spread}.items():
        own = np.sum(surprise * value[..., None, :], axis=-1)[..., np.asarray(expected["watched"], int)]
        columns |= {
            f"z of observation {n} against pi, mu and sigma of its draw ({name})": own[..., i]
            for i, n in enumerate(expected["watched"])
        }
    for name, value in {"log pi": np.log(np.maximum(pi, 1e-30))[..., None, :], "log density": log_joint}.items():
        columns[f"z against the {name} of its component"] = np.sum(
            surprise * np.maximum(value - value.max(axis=-1, keepdims=True), -20), axis=(-1, -2)
        )
    total = alpha.sum() + len(x)
    mean = (alpha + counts) / total
    columns["pi against its mean given z"] = np.sum(counts * (pi - mean), axis=-1)
    columns["pi squared against its mean given z"] = np.sum(pi**2 - mean * (alpha + counts + 1) / (total + 1), axis=-1)
    precision = 1 / scale**2 + counts / sigma**2
    pulled = (loc / scale**2 + np.sum(member * x[:, None], axis=-2) / sigma**2) / precision
    score = (mu - pulled) * np.sqrt(precision)
    columns["mu against its mean given z and sigma"] = score.sum(axis=-1)
    columns["mu of large components against its mean given z and sigma"] = np.sum(counts * score, axis=-1)
    columns["the variance of mu given z and sigma"] = np.sum(score**2 - 1, axis=-1)
    squares = np.sum(member * deviation**2, axis=-2)
    slope = shape - counts - rate * sigma + squares / sigma**2  # of the log density of log sigma
    columns["sigma against its distribution given z and mu"] = slope.sum(axis=-1)
    columns["sigma of large components against its distribution given z and mu"] = np.sum(counts * slope, axis=-1)
    columns["sigma times itself against its distribution given z and mu"] = (
        np.sum(sigma * (slope + 1), axis=-1) / spread
    )
    return list(columns), np.stack(list(columns.values()), axis=-1)


def _form(value: Plain, num_samples: int, k: int, n: int) -> Mismatch | None:
    wanted = "expected a dict of draws with pi, mu, sigma and z"
    if not isinstance(value, dict):
        return Mismatch("form", wanted, f"{wanted}; got {describe(value)}")
    if not {*PARAMETERS, "z"} <= set(value):
        got = f"{wanted}; got {', '.join(sorted(value)) or 'none'}"
        return Mismatch("form", f"{wanted}; some are missing", got, ("missing",))
    shapes: dict[str, tuple[int, ...]] = {"pi": (k,), "mu": (k,), "sigma": (k,), "z": (n,)}
    if "log_weights" in value:
        shapes["log_weights"] = ()
    for name, shape in shapes.items():
        array = value[name]
        form = f"{name} should be an array of shape {(num_samples, *shape)}"
        if (
            not isinstance(array, np.ndarray)
            or array.ndim != 2 + len(shape)
            or array.shape[1:] != (num_samples, *shape)
        ):
            got = f"an array of shape {array.shape[1:]}" if isinstance(array, np.ndarray) else describe(array)
            return Mismatch("form", f"{name} should have another shape", f"{form}; got {got}", (name,))
        if not np.all(np.isfinite(array)):
            return Mismatch.same("not_finite", f"{name}: there are values that are not finite", name)
    return None


def worth(table: np.ndarray, weights: np.ndarray, *, weighted: bool) -> Mismatch | None:
    """The mismatch of draws with too small an effective sample size, or of chains that do not agree; else None.

    Args:
        table: a few functions of each draw, (C, S, F).
        weights: the weights of the draws, (C, S).
        weighted: whether the weights differ.
    """
    if weighted:
        flat = weights.ravel()
        return _too_few(float(flat.sum() ** 2 / np.sum(flat**2)), "its weights")
    from arviz_stats.base.array import array_stats

    def diagnosed(diagnostic: Any, chains: np.ndarray) -> np.ndarray:
        return np.asarray(diagnostic(chains[..., varying], chain_axis=0, draw_axis=1), float)

    moves = np.ptp(table, axis=1).max(axis=0) > 1e-9 * (1 + np.abs(table).max(axis=(0, 1)))
    varying = np.flatnonzero(moves)
    if not varying.size:
        return Mismatch.same("mixing", "the chain never moves: all draws are the same", "never moves")
    together = float(diagnosed(array_stats.ess, table).min())
    rhat = float(diagnosed(array_stats.rhat, table).max())
    if together >= MIN_ESS and rhat <= MAX_RHAT:
        return None
    # Chains that hardly move do not agree either. The message gives the cause: each chain alone is checked first.
    apart = np.nansum([diagnosed(array_stats.ess, chain[None]) for chain in table], axis=0).min()
    if together < MIN_ESS and apart < MIN_ESS:
        return _too_few(together, "their autocorrelation")
    return Mismatch(
        "mixing",
        "chains from different keys do not agree with each other",
        f"chains from different keys do not agree with each other: R-hat is {rhat:.2f}",
        ("disagree",),
    )


def _too_few(ess: float, because: str) -> Mismatch | None:
    if ess >= MIN_ESS:
        return None
    text = f"the draws are worth fewer than {MIN_ESS} independent ones"
    return Mismatch(
        "mixing", text, f"{text}: given {because}, their effective sample size is {ess:.1f}", ("effective size",)
    )


def _extremes(draws: dict[str, np.ndarray], extremes: Any) -> Mismatch | None:
    mu_low, mu_high, sigma_low, sigma_high = map(float, extremes)
    for name, low, high in (("mu", mu_low, mu_high), ("sigma", sigma_low, sigma_high)):
        outside = (draws[name] < low) | (draws[name] > high)
        if np.any(outside):
            _, draw, _ = np.argwhere(outside)[0]
            text = f"{name}: there are draws where the posterior has practically no mass"
            first = draws[name][outside][0]
            detail = f"{text}, first {first:.4g} at draw {draw} (is the burn-in left in?)"
            return Mismatch("mass", text, detail, (name,))
    return None


def is_rare(low: Any, high: Any) -> np.ndarray:
    """Which indicators, given their expectations (F,), are almost always 0 or almost always 1.

    The standard error of such an indicator cannot be estimated.
    """
    return (np.asarray(high) < RARE) | (np.asarray(low) > 1 - RARE)


def averages(
    names: list[str], table: np.ndarray, weights: np.ndarray, low: Any, high: Any, *, without: np.ndarray | bool = False
) -> Finding:
    """Tests of whether functions of each draw, (C, S, F), lie between `low` and `high`, (F,), on average.

    Args:
        weights: the weights of the draws, (C, S).
        without: which functions are left out, (F,).
    """
    chains, num_samples, _ = table.shape
    per_chain = max(1, round(BATCHES / chains))
    length = num_samples // per_chain
    w = weights[:, : per_chain * length].reshape(chains * per_chain, length)
    f = table[:, : per_chain * length].reshape(chains * per_chain, length, -1)
    average = np.einsum("bl,blf->f", w, f) / w.sum()
    # The deviations of a ratio estimator: each batch's share of the weighted sum of f - average.
    deviation = np.einsum("bl,blf->bf", w, f - average) / w.sum() * len(w)
    error = deviation.std(axis=0, ddof=1) / np.sqrt(len(w))
    off = np.where(average < low, low - average, np.where(average > high, average - high, 0.0))
    floor = 1e-5 + 1e-5 * np.abs(average)  # the rounding of float32
    scores = off / np.maximum(error, floor)
    p = np.where(without, 1.0, 2 * scipy.stats.t.sf(scores, len(w) - 1))
    return Finding(p, lambda i: f"{names[i]} is on average {average[i]:.4g}, expected {_wanted(low[i], high[i])}")


def _wanted(low: float, high: float) -> str:
    return f"{low:.4g}" if high - low <= 1e-3 * (1 + abs(low)) else f"between {low:.4g} and {high:.4g}"
