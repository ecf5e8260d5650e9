"""Exact posteriors of small mixtures: a sum over every assignment, mu integrated analytically, sigma by quadrature.

Given the assignments, the components are independent, and a component's factor depends only on the set of its
observations. So the posterior is computed from a table over subsets of the observations, and a sum over assignments.
mu_k given sigma_k is normal. log sigma_k is integrated by the trapezoid rule, which is accurate to 1e-12 here, because
the integrand vanishes smoothly at both ends (a test doubles the grid to show this).

There are only label-invariant summaries. With exchangeable priors, other summaries have no meaning, and samplers do not
switch between the labellings of well separated data (Stephens 2000, section 2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
import scipy
from scipy.special import gammaln, logsumexp, ndtr

from reference.conditionals import log_std_range

NODES = 401
EXTREME = 1e-9  # the probability of a draw beyond one of the `Extremes`


class Extremes(NamedTuple):
    """The lowest and the highest mu and sigma of any component; beyond each, the probability is about `EXTREME`."""

    mu_low: float
    mu_high: float
    sigma_low: float
    sigma_high: float


class Draws(NamedTuple):
    """Independent draws from a posterior: pi, mu, sigma (S, K), z (S, N)."""

    pi: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray
    z: np.ndarray


def all_assignments(num_observations: int, num_components: int) -> np.ndarray:
    """Every assignment: (K^N, N)."""
    return np.array(list(product(range(num_components), repeat=num_observations)))


def grouped_assignments(groups, num_components: int) -> np.ndarray:
    """Every assignment in which no component has observations of two groups.

    Use it if the groups are so far apart that assignments with such a component have no mass.

    Args:
        groups: the group of each observation, integers 0 to G - 1, shape (N,).

    Returns:
        Assignments (A, N).
    """
    groups = np.asarray(groups, int)
    num_groups = groups.max() + 1
    rows = []
    for owner in product(range(num_groups), repeat=num_components):  # the group of each component
        if len(set(owner)) == num_groups:
            choices = [[k for k in range(num_components) if owner[k] == group] for group in groups]
            rows.append(np.array(list(product(*choices))))
    return np.unique(np.concatenate(rows), axis=0)  # a component without observations may belong to any group


@dataclass(frozen=True, eq=False)
class Posterior:
    """The posterior of a mixture given x, over a list of assignments.

    Attributes:
        assignments: the assignments, (A, N).
        probability: their posterior probabilities, (A,), which sum to 1.
        log_evidence: log p(x).
        subsets: the distinct sets of observations of a component, as 0 and 1, (U, N).
        owns: the index of the subset of component k in each assignment, (A, K).
        log_nodes: the nodes of log sigma, (G,).
        node_weights: the posterior of log sigma_k on the nodes, given the subset, (K, U, G).
        mu_mean, mu_std: the mean and standard deviation of mu_k given sigma_k and the subset, (K, U, G).
    """

    x: np.ndarray
    prior: tuple[np.ndarray, ...]
    assignments: np.ndarray
    probability: np.ndarray
    log_evidence: float
    subsets: np.ndarray
    owns: np.ndarray
    log_nodes: np.ndarray
    node_weights: np.ndarray
    mu_mean: np.ndarray
    mu_std: np.ndarray

    def mean(self, table: np.ndarray) -> np.ndarray:
        """The expectation (K, ...) of a quantity of each component, from its values for each subset: (K, U, ...)."""
        return np.stack([np.tensordot(self.probability, table[k][self.owns[:, k]], axes=1) for k in range(len(table))])

    def over_nodes(self, values: np.ndarray) -> np.ndarray:
        """Integrate values (K, U, G) at the nodes over sigma: (K, U)."""
        return np.sum(values * self.node_weights, axis=-1)

    def draw(self, rng: np.random.Generator, num_draws: int) -> Draws:
        """Independent draws from the posterior."""
        alpha = self.prior[0]
        chosen = rng.choice(len(self.probability), num_draws, p=self.probability)
        z = self.assignments[chosen]
        counts = (z[:, :, None] == np.arange(len(alpha))).sum(axis=1)
        pi = rng.standard_gamma(alpha + counts)
        pi /= pi.sum(axis=1, keepdims=True)
        mu, sigma = np.empty((2, num_draws, len(alpha)))
        for k in range(len(alpha)):
            own = self.owns[chosen, k]
            for subset in np.unique(own):
                rows = np.flatnonzero(own == subset)
                log_sigma = np.interp(rng.uniform(size=len(rows)), *_log_std_table(self, k, int(subset)))
                sigma[rows, k] = np.exp(log_sigma)
                mean = np.interp(log_sigma, self.log_nodes, self.mu_mean[k, subset])
                std = np.interp(log_sigma, self.log_nodes, self.mu_std[k, subset])
                mu[rows, k] = mean + std * rng.standard_normal(len(rows))
        return Draws(pi, mu, sigma, z)

    def restricted(self, keep: np.ndarray) -> "Posterior":
        """The posterior given that the assignment is one of those to keep: `keep` (A,) booleans."""
        probability = self.probability[keep] / self.probability[keep].sum()
        return Posterior(
            **{
                **vars(self),
                "assignments": self.assignments[keep],
                "owns": self.owns[keep],
                "probability": probability,
                "log_evidence": self.log_evidence + float(np.log(self.probability[keep].sum())),
            }
        )

    def extremes(self) -> Extremes:
        """The `Extremes` of all components together."""
        std = self.mu_std
        sigma = np.exp(self.log_nodes)

        def mu_below(level: float) -> float:
            return float(np.sum(self.mean(self.over_nodes(ndtr((level - self.mu_mean) / std)))))

        def mu_above(level: float) -> float:
            return float(np.sum(self.mean(self.over_nodes(ndtr((self.mu_mean - level) / std)))))

        def sigma_below(level: float) -> float:
            return float(np.sum(self.mean(self.over_nodes(np.broadcast_to(sigma < level, std.shape)))))

        def sigma_above(level: float) -> float:
            return float(np.sum(self.mean(self.over_nodes(np.broadcast_to(sigma > level, std.shape)))))

        far = 9 * std.max()  # not so far that a probability underflows
        low, high = self.mu_mean.min() - far, self.mu_mean.max() + far
        middle = float(np.median(self.mu_mean))
        return Extremes(
            _root(lambda level: np.log(mu_below(level) / EXTREME), low, middle),
            _root(lambda level: np.log(mu_above(level) / EXTREME), middle, high),
            float(sigma[np.argmax([sigma_below(level) > EXTREME for level in sigma]) - 1]),
            float(sigma[np.argmax([sigma_above(level) < EXTREME for level in sigma])]),
        )


def posterior(x, prior, assignments=None, *, nodes: int = NODES) -> Posterior:
    """The exact posterior of a mixture.

    Args:
        x: observations, shape (N,).
        prior: (alpha, loc, scale, shape, rate), each (K,): pi ~ Dirichlet(alpha), mu_k ~ Normal(loc_k,
            scale_k), sigma_k ~ Gamma(shape_k, rate_k).
        assignments: all assignments that have mass, (A, N); by default all K^N.
        nodes: the number of nodes of log sigma in the quadrature.
    """
    x = np.asarray(x, np.float64)
    alpha, loc, scale, shape, rate = prior = tuple(np.asarray(array, np.float64) for array in prior)
    num_components = len(alpha)
    if assignments is None:
        assignments = all_assignments(len(x), num_components)
    member = assignments[:, :, None] == np.arange(num_components)  # (A, N, K)
    subsets, owns = np.unique(
        member.transpose(0, 2, 1).reshape(-1, len(x)), axis=0, return_inverse=True
    )  # (U, N), (A * K,)
    owns = owns.reshape(len(assignments), num_components)
    counts = subsets.sum(axis=1)  # (U,)
    center = (subsets @ x) / np.maximum(counts, 1)
    squares = np.sum(subsets * (x - center[:, None]) ** 2, axis=1)

    log_nodes = np.linspace(*log_std_range(float(np.ptp(x)), shape, rate), nodes)
    variance = np.exp(2 * log_nodes)
    n, m, v = counts[None, :, None], center[None, :, None], variance[None, None, :]
    prior_mean, prior_variance = loc[:, None, None], scale[:, None, None] ** 2
    precision = 1 / prior_variance + n / v
    mu_mean = prior_mean + n / v * (m - prior_mean) / precision
    # log p(own observations given sigma), with mu integrated out. The prior density is of log sigma: the Jacobian makes
    # the exponent shape instead of shape - 1.
    log_likelihood = (
        -n / 2 * np.log(2 * np.pi * v)
        - squares[None, :, None] / (2 * v)
        - np.log(prior_variance * precision) / 2
        - n * (m - prior_mean) ** 2 / (2 * (v + n * prior_variance))
    )
    log_prior = scipy.stats.gamma.logpdf(np.exp(log_nodes), shape[:, None], scale=1 / rate[:, None]) + log_nodes
    log_joint = log_likelihood + log_prior[:, None, :]  # (K, U, G)
    log_total = np.asarray(logsumexp(log_joint, axis=-1))
    log_marginal = log_total + np.log(log_nodes[1] - log_nodes[0])  # (K, U); the ends are negligible

    sizes = member.sum(axis=1)  # (A, K)
    log_assigned = (
        gammaln(alpha.sum()) - gammaln(alpha.sum() + len(x)) + np.sum(gammaln(alpha + sizes) - gammaln(alpha), axis=1)
    )
    log_each = log_assigned + np.sum(log_marginal[np.arange(num_components), owns], axis=1)
    log_evidence = float(np.logaddexp.reduce(log_each))
    return Posterior(
        x=x,
        prior=prior,
        assignments=assignments,
        probability=np.exp(log_each - log_evidence),
        log_evidence=log_evidence,
        subsets=subsets,
        owns=owns,
        log_nodes=log_nodes,
        node_weights=np.exp(log_joint - log_total[..., None]),
        mu_mean=np.broadcast_to(mu_mean, log_joint.shape),
        mu_std=np.broadcast_to(1 / np.sqrt(precision), log_joint.shape),
    )


def summaries(posterior: Posterior, levels, watched) -> np.ndarray:
    """Exact expectations (F,) of the label-invariant summaries by which draws are judged.

    Let c and s be the mean and standard deviation of x, u_k = (mu_k - c) / s and v_k = sigma_k / s. The summaries are,
    in this order:

    - sums over the components of u, u^2, v, v^2, u v, pi^2, pi u, pi u^2, pi v
    - P(x_new <= level) for each level
    - P(z_i = z_j) for each pair of neighbours in `watched`
    - for each watched observation: pi, u and v of its own component

    Args:
        levels: in the unit of x, (L,).
        watched: indices of observations, (W,).
    """
    x, (alpha, *_) = posterior.x, posterior.prior
    center, spread = x.mean(), x.std()
    u = (posterior.mu_mean - center) / spread
    v = np.broadcast_to(np.exp(posterior.log_nodes) / spread, u.shape)
    over = posterior.over_nodes
    tables = {
        "u": over(u),
        "uu": over(u**2 + (posterior.mu_std / spread) ** 2),
        "v": over(v),
        "vv": over(v**2),
        "uv": over(u * v),
    }
    # pi given z is Dirichlet, independent of mu and sigma.
    sizes = posterior.subsets.sum(axis=1)[posterior.owns]  # (A, K)
    total = alpha.sum() + len(x)
    pi = (alpha + sizes) / total
    pi_squared = pi * (alpha + sizes + 1) / (total + 1)

    def each(table: np.ndarray) -> np.ndarray:  # (A, K)
        return table[np.arange(len(alpha)), posterior.owns]

    p, z = posterior.probability, posterior.assignments[:, watched]
    wide = np.hypot(posterior.mu_std, np.exp(posterior.log_nodes))
    below = [p @ np.sum(pi * each(over(ndtr((t - posterior.mu_mean) / wide))), axis=1) for t in levels]
    own = [np.take_along_axis(values, z, axis=1) for values in (pi, each(tables["u"]), each(tables["v"]))]
    return np.concatenate(
        [
            [p @ np.sum(each(tables[name]), axis=1) for name in ("u", "uu", "v", "vv", "uv")],
            [p @ np.sum(pi_squared, axis=1)],
            [p @ np.sum(pi * each(tables[name]), axis=1) for name in ("u", "uu", "v")],
            below,
            p @ (z[:, 1:] == z[:, :-1]),
            *(p @ values for values in own),
        ]
    )


@lru_cache(maxsize=4096)  # more draws from the same posterior are cheap
def _log_std_table(posterior: Posterior, component: int, subset: int) -> tuple[np.ndarray, np.ndarray]:
    """The distribution function and the nodes of log sigma, on a finer grid than the grid of the integrals."""
    fine = np.linspace(posterior.log_nodes[0], posterior.log_nodes[-1], 4000)
    log_density = np.log(np.maximum(posterior.node_weights[component, subset], 1e-300))
    density = np.exp(scipy.interpolate.CubicSpline(posterior.log_nodes, log_density)(fine))
    cdf = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return cdf / cdf[-1], fine


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(scipy.optimize.brentq(function, low, high))  # pyright: ignore[reportArgumentType]
