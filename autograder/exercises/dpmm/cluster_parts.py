"""The algebra of a cluster, with replaceable parts, for the known mistakes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm, t


class Updated(NamedTuple):
    """The parameters of the base after the observations of a cluster."""

    count: Any
    loc: Any
    shape: Any
    rate: Any


class Change(NamedTuple):
    """A mistake in the algebra; the defaults are right."""

    pull: float = 1.0  # factor of the distance between the mean of the data and loc
    squares: float = 0.5  # factor of the sum of squares
    lost: float = 0.0  # observations missing from the shape, if there are any
    inverse_rate: bool = False
    two_passes: bool = True
    guarded: bool = True  # guards against 0/0 without observations
    mean_of_the_data: bool = False  # in place of the updated location


RIGHT = Change()


def update(x, member, base, change: Change = RIGHT) -> Updated:
    """Update the base with the observations for which `member` (..., N) is 1."""
    n = member.sum(axis=-1)
    mean = (member * x).sum(axis=-1) / (jnp.maximum(n, 1) if change.guarded else n)
    if change.two_passes:
        squares = (member * (x - mean[..., None]) ** 2).sum(axis=-1)
    else:
        squares = (member * x**2).sum(axis=-1) - n * mean**2
    count = base.count + n
    loc = mean if change.mean_of_the_data else base.loc + n * (mean - base.loc) / count
    rate = 1 / base.rate if change.inverse_rate else base.rate
    rate += change.squares * squares + change.pull * base.count * n / count * (mean - base.loc) ** 2 / 2
    return Updated(count, loc, base.shape + (n - change.lost * (n > 0)) / 2, rate)


def student(x, cluster: Updated):
    """The right predictive log density."""
    return t.logpdf(x, 2 * cluster.shape, cluster.loc, wide(cluster))


def wide(cluster: Updated):
    """The scale of the next observation."""
    return jnp.sqrt(cluster.rate / cluster.shape * (cluster.count + 1) / cluster.count)


def narrow(x, cluster: Updated):
    """The predictive log density, with the mean taken for known."""
    return t.logpdf(x, 2 * cluster.shape, cluster.loc, jnp.sqrt(cluster.rate / cluster.shape))


def plugged_in(x, cluster: Updated):
    """The log density of a normal distribution at the updated parameters."""
    return norm.logpdf(x, cluster.loc, jnp.sqrt(cluster.rate / cluster.shape))


def normal_for_t(x, cluster: Updated):
    """The log density of a normal distribution with the right scale."""
    return norm.logpdf(x, cluster.loc, wide(cluster))


def degrees_halved(x, cluster: Updated):
    return t.logpdf(x, cluster.shape, cluster.loc, wide(cluster))


def not_rooted(x, cluster: Updated):
    return t.logpdf(x, 2 * cluster.shape, cluster.loc, wide(cluster) ** 2)


def reassigned(
    *,
    density: Callable[[Any, Updated], Any] = student,
    change: Change = RIGHT,
    without_i: bool = True,
    i_keeps_its_seat: bool = False,
    sizes: Callable[[Any], Any] = lambda n: n,
    new_weight: Callable[[Any, Any], Any] = lambda alpha, n: alpha,
    new_density: Callable[[Any], Any] = lambda log_density: log_density,
    likelihood: float = 1.0,
    place: Callable[[Any], Any] = lambda n: jnp.arange(len(n)) == jnp.argmax(n == 0),
    finish: Callable[[Any], Any] = jax.nn.softmax,
) -> Callable[..., Any]:
    """`reassignment_probabilities` with some parts replaced.

    `place` tells which labels belong to a new cluster: those that no other observation has, or with `i_keeps_its_seat`,
    no observation at all. `finish` turns log probabilities into probabilities.
    """

    def reassignment_probabilities(i, x, z, alpha, base):
        labels = jnp.arange(len(x))
        z = jnp.asarray(z)
        others = (labels[:, None] == z) * (labels != i)
        member = 1.0 * (others if without_i else labels[:, None] == z)
        n = member.sum(axis=1)
        seated = n if i_keeps_its_seat else others.sum(axis=1)
        logs = density(x[i], update(x, member, base, change))
        new = place(seated)
        new &= i_keeps_its_seat | (n == 0)
        logs = likelihood * jnp.where(new, new_density(logs), logs)
        weights = jnp.where(new, new_weight(alpha, n), jnp.where(n > 0, sizes(n), 0.0))
        return finish(jnp.log(weights) + logs)

    return reassignment_probabilities
