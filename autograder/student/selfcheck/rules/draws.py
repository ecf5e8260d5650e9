"""Rules for draws: their form, and whether they follow the expected distribution (`significance`)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from ..values import Plain
from .mismatch import Mismatch, describe
from .significance import (
    categorical_tests,
    dirichlet_residuals,
    residual_tests,
    serial_tests,
    verdict,
)

MIN_DRAWS = 100


@dataclass(frozen=True)
class Mixture:
    """A rule: draws of a whole mixture model, a dict of arrays whose first axis is the draws.

    The expected value is a dict with the priors "alpha", "loc", "scale", "shape" and "rate", (K,) each, and
    "num_observations". With `weighted`, the observations "x" are given, not drawn. Then the other draws must follow the
    prior, and "log_weights" must be the log density of x given each draw, up to a constant.
    """

    weighted: bool = False

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        k, n = len(expected["alpha"]), int(expected["num_observations"])
        shapes = {"pi": (k,), "mu": (k,), "sigma": (k,), "z": (n,)}
        shapes |= {"log_weights": ()} if self.weighted else {"x": (n,)}
        problem = dict_problem(value, shapes)
        if problem:
            return problem
        assert isinstance(value, dict)
        drawn = {name: np.asarray(value[name], float) for name in shapes}
        problem = (
            labels_problem(drawn["z"], k, "z")
            or simplex_problem(drawn["pi"], "pi")
            or positive_problem(drawn["sigma"], "sigma")
        )
        if problem:
            return problem
        label = drawn["z"].astype(int)
        mu, sigma = (np.take_along_axis(drawn[name], label, axis=1) for name in ("mu", "sigma"))
        residuals = {
            "pi": dirichlet_residuals(drawn["pi"], np.broadcast_to(expected["alpha"], drawn["pi"].shape)),
            "mu": scipy.stats.norm.cdf(drawn["mu"], expected["loc"], expected["scale"]),
            "sigma": scipy.stats.gamma.cdf(drawn["sigma"], expected["shape"], scale=1 / np.asarray(expected["rate"])),
        }
        if self.weighted:
            problem = _log_weights_problem(drawn["log_weights"], expected["x"], mu, sigma)
            if problem:
                return problem
        else:
            residuals["x"] = scipy.stats.norm.cdf(drawn["x"], mu, sigma)
        names = [f"{name}[{j}]" for name, columns in residuals.items() for j in range(columns.shape[1])]
        probabilities = np.broadcast_to(drawn["pi"][:, None, :], (len(label), n, k))
        tests = [
            *residual_tests(np.concatenate(list(residuals.values()), axis=1), names),
            *categorical_tests(drawn["z"], probabilities),
        ]
        return verdict("the draws", tests)


@dataclass(frozen=True)
class Emissions:
    """A rule: draws from a mixture with known parameters, a pair or a dict of arrays (R, ...): values, labels.

    The expected value is {"weights": (K,), "means": (K,), "stds": (K,)}.

    Attributes:
        names: the names of value and label; the keys, if a dict is returned.
    """

    names: tuple[str, str]

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        shape = tuple(map(int, expected["shape"]))
        if isinstance(value, np.ndarray) and value.ndim == len(shape) + 1 and len(value) == 2:
            value = tuple(value)
        if isinstance(value, tuple) and len(value) == 2:
            value = dict(zip(self.names, value, strict=True))
        if not isinstance(value, dict) or not set(self.names) <= set(value):
            wanted = " and ".join(self.names)
            return Mismatch("form", f"expected {wanted}", f"expected {wanted}; got {describe(value)}")
        for name in self.names:
            array = value[name]
            if not isinstance(array, np.ndarray) or array.shape != shape:
                return Mismatch(
                    "form",
                    f"{name}: another shape than expected",
                    f"{name} should be an array of shape {shape}, one number for each draw; got {describe(array)}",
                    (name,),
                )
            if not np.all(np.isfinite(array)):
                summary = f"{name}: there are values that are not finite"
                return Mismatch("not_finite", summary, f"{name}: there is NaN or infinity", (name,))
        numbers, labels = (np.asarray(value[name], float).reshape(-1, 1) for name in self.names)
        problem = labels_problem(labels, len(expected["weights"]), self.names[1])
        if problem:
            return problem
        label = labels.astype(int)
        residuals = scipy.stats.norm.cdf(numbers, expected["means"][label], expected["stds"][label])
        probabilities = np.broadcast_to(expected["weights"], (len(label), 1, len(expected["weights"])))
        tests = [*categorical_tests(labels, probabilities), *residual_tests(residuals, [self.names[0]])]
        return verdict("the draws", [*tests, *serial_tests(residuals, labels)])


@dataclass(frozen=True)
class Marginal:
    """A rule: rows of independent draws, (R, n), all from the same distribution.

    The expected value is {"nodes": (G,), "cdf": (G,), "num_draws": n}: the distribution function at G nodes.
    """

    name: str

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        n = int(expected["num_draws"])
        problem = draws_problem(value, (n,), self.name)
        if problem:
            return problem
        residuals = np.interp(np.asarray(value, float), expected["nodes"], expected["cdf"])
        return verdict(self.name, residual_tests(residuals, [f"draw {i}" for i in range(n)]))


@dataclass(frozen=True)
class Moves:
    """A rule: the states of a kernel after many steps from a fixed start, (R, K): it must move and spread out.

    The expected value is {"start": (K,), "spread": (K,)}: the start, and the standard deviation of the logarithm of
    independent draws.
    """

    name: str
    share: float = 0.2  # least share of that spread: independent draws have 1, a kernel that never moves has 0

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare states; None if the kernel moves."""
        del equal_nan
        problem = draws_problem(value, np.shape(expected["start"]), self.name, at_least=8) or positive_problem(
            np.asarray(value, float), self.name
        )
        if problem:
            return problem
        draws = np.log(np.asarray(value, float))
        for k, (start, spread) in enumerate(zip(np.log(expected["start"]), expected["spread"], strict=True)):
            if np.mean(np.abs(draws[:, k] - start) < 1e-4) > 0.5:
                says = f"{self.name}: component {k} hardly ever leaves its start within 50 steps"
                return Mismatch.same("movement", says, f"component {k}", "stays")
            if np.std(draws[:, k]) < self.share * spread:
                says = f"{self.name}: within 50 steps, component {k} explores only a small part of its range"
                return Mismatch.same("movement", says, f"component {k}", "explores little")
        return None


@dataclass(frozen=True)
class FreshKeys:
    """A rule: the same key gives the same draw, other keys give other draws, and no key is used twice.

    It judges the value that the probe `Keys` returns. There is no expected value.
    """

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare the results under several keys; None if keys are used correctly."""
        del expected, equal_nan
        match value:
            case {
                "first": dict() as first,
                "again": dict() as again,
                "others": dict() as others,
                "reused": np.ndarray() as reused,
            }:
                first, again, others = _flat(first), _flat(again), _each_flat(others)
            case _:
                return Mismatch.same("form", "the same call gives another kind of result every time", "varies")
        if first is None or again is None or others is None or not first.size:
            return Mismatch.same("form", "the result holds no numbers", "no numbers")
        if first.shape != again.shape or not np.allclose(first, again, rtol=1e-3, atol=1e-3, equal_nan=True):
            says = "the same key gives a different result the second time: all randomness must come from the key"
            return Mismatch.same("keys", says, "not from the key")
        if others.shape[1:] == first.shape and np.all(np.abs(others - first) < 1e-6):
            return Mismatch.same("keys", "different keys give the same result: the key is not used", "not used")
        if reused.any():
            return Mismatch.same("keys", "a key is used twice: split it, and use each part once", "used twice")
        return None


@dataclass(frozen=True)
class PlausiblePriors:
    """A rule: normal priors, locs (K,) and scales (K,), for means that lie in a range. Many answers are right."""

    low: float
    high: float
    reach: float = 2.5  # every level of the range must be within this many scales of some loc
    inside: float = 0.5  # least share of the mass of all components that must lie in the range

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare priors; None if they are plausible."""
        del equal_nan
        shape = tuple(map(int, expected["shape"]))
        if isinstance(value, np.ndarray) and value.ndim == 2:
            value = tuple(value)
        wanted = f"expected two values in this order: locs {shape}, scales {shape}"
        if not (isinstance(value, tuple) and len(value) == 2):
            return Mismatch("form", wanted, f"{wanted}; got {describe(value)}")
        if not all(isinstance(item, np.ndarray) and item.shape == shape for item in value):
            return Mismatch("form", wanted, f"{wanted}; got {describe(value)}")
        locs, scales = (np.asarray(item, float) for item in value)
        if not (np.all(np.isfinite(locs)) and np.all(np.isfinite(scales))):
            return Mismatch.same("not_finite", "there are values that are not finite")
        if np.any(scales <= 0):
            return Mismatch.same("support", "a scale is a standard deviation: it must be above 0", "scales")
        if np.any(locs < self.low) or np.any(locs > self.high):
            return Mismatch.same("range", f"a loc lies outside the range from {self.low:g} to {self.high:g}", "outside")
        levels = np.linspace(self.low, self.high, 301)
        away = np.min(np.abs(levels[:, None] - locs) / scales, axis=1)
        if np.max(away) > self.reach:
            return Mismatch(
                "range",
                f"too narrow: some level of the range is more than {self.reach:g} scales away from every loc",
                f"too narrow: {levels[np.argmax(away)]:.0f} is {np.max(away):.1f} scales away from the nearest loc; "
                f"nothing in the range should be more than {self.reach:g} away",
                ("too narrow",),
            )
        mass = np.mean(scipy.stats.norm.cdf(self.high, locs, scales) - scipy.stats.norm.cdf(self.low, locs, scales))
        if mass < self.inside:
            return Mismatch(
                "range",
                "too wide: most of the prior lies outside the range",
                f"too wide: only {mass:.0%} of the prior lies in the range from {self.low:g} to {self.high:g}",
                ("too wide",),
            )
        return None


def draws_problem(value: Plain, shape: tuple[int, ...], name: str, *, at_least: int = MIN_DRAWS) -> Mismatch | None:
    """The mismatch of draws whose form is not (R, *shape) with finite numbers, or None."""
    wanted = f"{name} should be {f'an array of shape {shape}' if shape else 'a single number'} at every call"
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return Mismatch("form", wanted, f"{wanted}; got {describe(value)}", (name,))
    if value.shape[1:] != shape:
        draw = f"an array of shape {value.shape[1:]}" if value.ndim > 1 else "a single number"
        return Mismatch("form", f"{wanted}; got another shape", f"{wanted}; got {draw}", (name, "shape"))
    if len(value) < at_least:
        return Mismatch("form", wanted, f"{wanted}; got only {len(value)} draws", (name,))
    if not np.all(np.isfinite(value)):
        return _not_finite(name)
    return None


def dict_problem(value: Plain, shapes: dict[str, tuple[int, ...]]) -> Mismatch | None:
    """The mismatch of a value that is not a dict of draws (R, *shape) with finite numbers, or None."""
    wanted = f"expected a dict with {', '.join(shapes)}"
    if not isinstance(value, dict):
        return Mismatch("form", wanted, f"{wanted}; got {describe(value)}")
    if not set(shapes) <= set(value):
        got = f"{wanted}; got {', '.join(sorted(value)) or 'none'}"
        return Mismatch("form", f"{wanted}; some are missing", got, ("missing",))
    lengths = set()
    for name, shape in shapes.items():
        array = value[name]
        form = ", ".join(["S", *map(str, shape)]) + ("," if not shape else "")
        if not isinstance(array, np.ndarray) or array.ndim == 0 or array.shape[1:] != shape:
            should = f"{name} should be an array of shape ({form})"
            return Mismatch("form", f"{should}; got another shape", f"{should}; got {describe(array)}", (name,))
        if not np.all(np.isfinite(array)):
            return _not_finite(name)
        lengths.add(len(array))
    if len(lengths) != 1 or lengths.pop() < MIN_DRAWS:
        return Mismatch.same("form", f"{', '.join(shapes)} should all have one row for each draw", "rows")
    return None


def labels_problem(labels: np.ndarray, num_components: int, name: str) -> Mismatch | None:
    """The mismatch of labels that are not whole numbers from 0 to K - 1, or None."""
    if np.any(labels != np.round(labels)) or np.any(labels < 0) or np.any(labels >= num_components):
        says = f"{name}: there are values other than the whole numbers 0 to {num_components - 1}"
        return Mismatch.same("labels", says, name)
    return None


def simplex_problem(weights: np.ndarray, name: str) -> Mismatch | None:
    """The mismatch of weights that are negative or do not sum to 1, or None."""
    if np.any(weights < 0) or np.any(np.abs(weights.sum(axis=-1) - 1) > 1e-3):
        return Mismatch.same("support", f"{name}: there are draws that are negative or do not sum to 1", name)
    return None


def positive_problem(stds: np.ndarray, name: str) -> Mismatch | None:
    """The mismatch of standard deviations that are not above 0, or None."""
    return (
        Mismatch.same("support", f"{name}: there are draws that are not above 0", name) if np.any(stds <= 0) else None
    )


def _not_finite(name: str) -> Mismatch:
    return Mismatch.same("not_finite", f"{name}: there are values that are not finite", name)


def _log_weights_problem(given: np.ndarray, x: np.ndarray, mu: np.ndarray, sigma: np.ndarray) -> Mismatch | None:
    right = np.sum(scipy.stats.norm.logpdf(np.asarray(x), mu, sigma), axis=1)
    off = given - right
    off = off - np.median(off)  # normalised weights are right too
    if np.all(np.abs(off) <= 1e-2 + 1e-4 * np.abs(right)):
        return None
    first = int(np.argmax(np.abs(off) > 1e-2 + 1e-4 * np.abs(right)))
    return Mismatch(
        "values",
        "log_weights: not the log density of x given the draws",
        f"log_weights: {given[first]:.6g} at draw {first}, where the log density of x given that draw's z, mu and "
        f"sigma is {right[first]:.6g}",
        ("log_weights",),
    )


def _flat(value: Plain) -> np.ndarray | None:
    """All numbers of a result in one row."""
    match value:
        case np.ndarray():
            return value.astype(float).ravel()
        case dict():
            parts = [_flat(value[name]) for name in sorted(value)]
        case tuple():
            parts = [_flat(item) for item in value]
        case _:
            return None
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if known and len(known) == len(parts) else None


def _each_flat(value: dict[str, Plain]) -> np.ndarray | None:
    """The numbers of several results, with a row for each result."""
    parts = [value[name] for name in sorted(value)]
    if not all(isinstance(part, np.ndarray) and part.ndim for part in parts):
        return None
    rows = [part.astype(float).reshape(len(part), -1) for part in parts if isinstance(part, np.ndarray)]
    return np.concatenate(rows, axis=1) if rows and len({len(part) for part in rows}) == 1 else None
