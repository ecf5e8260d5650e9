"""The numbers of the given pictures of the three coffee blends, from their exact posterior."""

from typing import Any

import numpy as np
from scipy.special import softmax
from scipy.stats import norm

from autograder.exercises.distributions import COFFEE_PRIOR, exact_posterior
from autograder.exercises.numpy_gaussian import joint, log_joint
from reference import exact
from reference.data import COFFEES

PRIOR = tuple(tuple(map(float, row)) for row in COFFEE_PRIOR)
DRAWS = 2000
GROUPS = np.digitize(COFFEES, [100, 140])  # low, medium, high


def numbers() -> dict[str, dict[str, Any]]:
    """What each picture is drawn from, by its name."""
    return {
        "cups": {"x": COFFEES},
        "priors": _priors(),
        "predictive": _predictive(),
        "between": _between(),
    }


def _priors() -> dict[str, Any]:
    """The priors of the three means."""
    x = np.linspace(0, 240, 241, dtype=np.float32)
    return {"x": x, "densities": norm.pdf(x[:, None], COFFEE_PRIOR.loc, COFFEE_PRIOR.scale).astype(np.float32)}


def draws() -> exact.Draws:
    """Independent draws from the exact posterior given the 30 cups."""
    return exact_posterior(tuple(map(float, COFFEES)), PRIOR).draw(np.random.default_rng(0), DRAWS)


def _predictive() -> dict[str, Any]:
    """The density of the next cup: averaged over draws from the posterior."""
    x = np.linspace(60, 180, 361)
    posterior = draws()
    density = np.mean(
        [joint(x, *one).sum(axis=1) for one in zip(posterior.pi, posterior.mu, posterior.sigma, strict=True)], axis=0
    )
    return {"cups": COFFEES, "x": x.astype(np.float32), "density": density.astype(np.float32)}


def _between() -> dict[str, Any]:
    """P(low blend) of a cup between the low and the medium one: exact, and with the parameters held at their means."""
    x = np.linspace(94, 104, 81)
    posterior = draws()
    order = np.argsort(posterior.mu, axis=1)
    means = [np.take_along_axis(part, order, axis=1).mean(axis=0) for part in posterior[:3]]
    held = softmax(log_joint(x, *means), axis=1)[:, 0]
    return {"x": x, "exact": np.array([_low(cup) for cup in x]), "held": held}


def _low(cup: float) -> float:
    """The probability that a cup beside the 30 is of the low blend."""
    rows = exact.grouped_assignments(GROUPS, 3)
    rows = np.concatenate([np.insert(rows, len(COFFEES), k, axis=1) for k in range(3)])
    posterior = exact.posterior(np.append(COFFEES, cup), COFFEE_PRIOR, rows)
    return float(posterior.probability @ (rows[:, -1] == rows[:, 0]))
