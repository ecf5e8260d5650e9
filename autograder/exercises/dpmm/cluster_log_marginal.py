"""The density of one cluster, its parameters integrated out."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax.scipy.special import gammaln
from jax.scipy.stats import norm

from autograder.exercises import (
    Arrays,
    Aspect,
    Exercise,
    KnownMistake,
    Part,
    catalogue,
    f32,
)
from autograder.exercises.dpmm import cluster_parts
from autograder.exercises.dpmm.cluster_parts import RIGHT, Change
from autograder.exercises.dpmm.data import (
    FIVE,
    FIVE_LIGHT,
    FOUR_HEAVY,
    HEAVY,
    LIGHT,
    OTHER,
    SIX,
)
from reference import dpmm as reference

CLUSTER_LOG_MARGINAL = Exercise(
    "cluster_log_marginal",
    truth=reference.cluster_log_marginal,
    rule=Arrays((Part("log p(x)", "()"),)),
    aspects=(
        Aspect(
            "any number of observations",
            points=2,
            hint="Compute c_n, a_n and b_n first, each on a line of its own, and check them with one observation by "
            "hand. With no observation nothing changes, and the logarithm is 0.",
            closer="With one observation the marginal is a Student t with 2 shape degrees of freedom around loc; its"
            " scale is the root of rate (count + 1) / (shape count). Compare with `jax.scipy.stats.t.logpdf`."
            " Then add a second observation.",
            visible={
                "three observations": (SIX.x[:3], SIX.base),
                "one observation": (f32(2.25), SIX.base),
                "no observation": (f32(), SIX.base),
            },
            hidden={
                "three observations, another base": (f32(-0.5, 1.75, 2), OTHER),
                "five observations": (FIVE.x, FIVE.base),
                "one observation, another base": (f32(-3.5), OTHER),
                "no observation, another base": (f32(), OTHER),
            },
        ),
        Aspect(
            "bentos",
            points=1,
            hint="Near 500 g a difference of two large numbers has few digits left in float32. Subtract the mean "
            "first, "
            "then square.",
            visible={"four bentos": (FOUR_HEAVY, HEAVY)},
            hidden={"five bentos": (FIVE_LIGHT, LIGHT), "three bentos": (f32(499.55, 501.3, 500.7), HEAVY)},
        ),
    ),
)


def _marginal(change: Change = RIGHT, *, constant: float = 1.0, counts: float = 0.5) -> Callable[..., Any]:
    """The reference with some parts replaced."""

    def cluster_log_marginal(x, base):
        n = len(x)
        _, _, shape, rate = cluster_parts.update(x, jnp.ones(n), base, change)
        first = 1 / base.rate if change.inverse_rate else base.rate
        return (
            gammaln(shape)
            - gammaln(base.shape)
            + base.shape * jnp.log(first)
            - shape * jnp.log(rate)
            + counts * (jnp.log(base.count) - jnp.log(base.count + n))
            - constant * n / 2 * jnp.log(2 * jnp.pi)
        )

    return cluster_log_marginal


def _plugged_in(x, base):
    """The likelihood at the parameters after all observations."""
    cluster = cluster_parts.update(x, jnp.ones(len(x)), base)
    return norm.logpdf(x, cluster.loc, jnp.sqrt(cluster.rate / cluster.shape)).sum()


def _each_on_its_own(x, base):
    """The product of each observation's density under the base alone."""
    return cluster_parts.student(x, cluster_parts.update(x[:0], jnp.ones(0), base)).sum()


CLUSTER_LOG_MARGINAL.add(
    catalogue.NORMAL_AT_ESTIMATES.here(
        hint="The data were used twice: to estimate, and to judge. Integrate the mean and the variance out instead.",
        variant=_plugged_in,
    ),
    KnownMistake(
        name="each_on_its_own",
        says="The observations were treated as if they came from clusters of their own.",
        hint="They share one mean and one variance, so they are not independent once these are integrated out.",
        variant=_each_on_its_own,
    ),
    KnownMistake(
        name="divided_by_n_minus_1",
        says="The shape grows by (n - 1)/2.",
        hint="By n/2: there is nothing to correct for.",
        variant=_marginal(Change(lost=1.0)),
    ),
    catalogue.PULL_OF_THE_PRIOR_FORGOTTEN.here(
        hint="Data far from where the base expects them make a large variance more probable. Which term of b_n says "
        "so?",
        variant=_marginal(Change(pull=0.0)),
    ),
    catalogue.RATE_INVERTED.here(
        hint="b is the rate of the gamma distribution of 1 / s^2, so it is the scale of s^2 itself.",
        variant=_marginal(Change(inverse_rate=True)),
    ),
    KnownMistake(
        name="squares_not_halved",
        says="The squares are in the rate without the factor 1/2.",
        hint="b_n = b + S/2 + ...",
        variant=_marginal(Change(squares=1.0)),
        forms=(_marginal(Change(squares=1.0, pull=2.0)),),
    ),
    KnownMistake(
        name="constant_missing",
        says="The term with 2 pi is missing.",
        hint="Each observation brings -log(2 pi)/2. Without it clusters of different sizes cannot be compared.",
        variant=_marginal(constant=0.0),
    ),
    KnownMistake(
        name="counts_upside_down",
        says="The ratio of c and c_n stands upside down.",
        hint="Its logarithm is negative: the mean was integrated over, which costs something.",
        variant=_marginal(counts=-0.5),
    ),
    KnownMistake(
        name="counts_not_rooted",
        says="The ratio of c and c_n lacks the square root.",
        hint="1/2 log(c / c_n).",
        variant=_marginal(counts=1.0),
    ),
    catalogue.ZERO_BY_ZERO.here(
        hint="The mean of nothing is NaN, and NaN times 0 is NaN.", variant=_marginal(Change(guarded=False))
    ),
    catalogue.DIGITS_LOST.here(
        hint="Subtract the mean first, then square: near 500 g, float32 has few digits left otherwise.",
        variant=_marginal(Change(two_passes=False)),
        rounding=True,
    ),
)
