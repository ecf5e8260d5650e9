"""The rule for draws of one parameter given the others, for several families of distributions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from ..values import Plain
from .draws import draws_problem, labels_problem, positive_problem, simplex_problem
from .mismatch import Mismatch
from .significance import (
    Finding,
    categorical_tests,
    dirichlet_residuals,
    feature_tests,
    residual_tests,
    tabulated_residuals,
    verdict,
)

type Parameters = dict[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Family:
    """The properties of a family of distributions that the rule needs."""

    axes: dict[str, int]
    """The parameters, each with its number of axes if it is the same for all draws."""
    length: Callable[[Parameters], int]
    """The length of one draw, given the parameters with a row for each draw."""
    problem: Callable[[np.ndarray, Parameters, str], Mismatch | None]
    """The mismatch of draws (R, K) with values that the distribution does not allow, or None; the str is the
    parameter's name."""
    tests: Callable[[np.ndarray, Parameters], list[Finding]]
    """Tests of whether draws (R, K) follow the distribution."""


def _residuals(residuals: np.ndarray, features: np.ndarray) -> list[Finding]:
    names = [f"component {k}" for k in range(residuals.shape[1])]
    return [*residual_tests(residuals, names), *feature_tests(residuals, features)]


def _normal_tests(draws: np.ndarray, given: Parameters) -> list[Finding]:
    features = np.concatenate([given["loc"], np.log(given["scale"])], axis=1)
    return _residuals(scipy.stats.norm.cdf(draws, given["loc"], given["scale"]), features)


def _tabulated_tests(draws: np.ndarray, given: Parameters) -> list[Finding]:
    medians = np.argmax(given["cdf"] > 0.5, axis=-1)
    return _residuals(tabulated_residuals(draws, given["log_nodes"], given["cdf"], given["pdf"]), medians)


FAMILIES = {
    "categorical": Family(
        axes={"probabilities": 2},
        length=lambda given: given["probabilities"].shape[-2],
        problem=lambda draws, given, name: labels_problem(draws, given["probabilities"].shape[-1], name),
        tests=lambda draws, given: [*categorical_tests(draws, given["probabilities"])],
    ),
    "dirichlet": Family(
        axes={"concentration": 1},
        length=lambda given: given["concentration"].shape[-1],
        problem=lambda draws, given, name: simplex_problem(draws, name),
        tests=lambda draws, given: _residuals(
            dirichlet_residuals(draws, given["concentration"]), given["concentration"]
        ),
    ),
    "normal": Family(
        axes={"loc": 1, "scale": 1},
        length=lambda given: given["loc"].shape[-1],
        problem=lambda draws, given, name: None,
        tests=_normal_tests,
    ),
    "tabulated": Family(
        axes={"cdf": 2, "pdf": 2},
        length=lambda given: given["cdf"].shape[-2],
        problem=lambda draws, given, name: positive_problem(draws, name),
        tests=_tabulated_tests,
    ),
}


@dataclass(frozen=True)
class Conditional:
    """A rule: draws (R, ...) of one parameter, from a distribution of a family.

    The expected value is a dict of parameters. Each parameter is the same for all draws, or has a row for each draw:

    - "categorical": {"probabilities": (N, K)}
    - "dirichlet": {"concentration": (K,)}
    - "normal": {"loc": (K,), "scale": (K,)}
    - "tabulated": {"log_nodes": (G,), "cdf": (K, G), "pdf": (K, G)}, the distribution of the logarithm

    Attributes:
        family: the name of the family.
        name: the name of the parameter in messages.

    Raises:
        ValueError: there is no such family.
    """

    family: str
    name: str

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"no family {self.family!r}; there are: {', '.join(FAMILIES)}")

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        family = FAMILIES[self.family]
        problem = draws_problem(value, (family.length(expected),), self.name)
        if problem:
            return problem
        draws = np.asarray(value, float)
        given = {name: _rows(item, len(draws), family.axes.get(name)) for name, item in expected.items()}
        return family.problem(draws, given, self.name) or verdict(self.name, family.tests(draws, given))


def _rows(values: np.ndarray, rows: int, axes: int | None) -> np.ndarray:
    """Parameters with a row for each draw. Without a number of axes they are returned unchanged."""
    if axes is None:
        return values
    values = np.asarray(values, float)
    return np.broadcast_to(values, (rows, *values.shape)) if values.ndim == axes else values[:rows]
