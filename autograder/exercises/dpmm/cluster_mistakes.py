"""Known mistakes in the algebra of one cluster."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax.scipy.special import gammaln
from jax.scipy.stats import norm

from autograder.exercises import Misconception
from autograder.exercises.dpmm import wrong_clusters as wrong
from autograder.exercises.dpmm.wrong_clusters import RIGHT, Change


def _marginal(change: Change = RIGHT, *, constant: float = 1.0, counts: float = 0.5) -> Callable[..., Any]:
    """The reference with parts exchanged."""

    def cluster_log_marginal(x, base):
        n = len(x)
        _, _, shape, rate = wrong.update(x, jnp.ones(n), base, change)
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
    cluster = wrong.update(x, jnp.ones(len(x)), base)
    return norm.logpdf(x, cluster.loc, jnp.sqrt(cluster.rate / cluster.shape)).sum()


def _each_on_its_own(x, base):
    """The product of what the base alone predicts."""
    return wrong.student(x, wrong.update(x[:0], jnp.ones(0), base)).sum()


CLUSTER_LOG_MARGINAL = (
    Misconception(
        name="plugged_in",
        says="This is the likelihood at estimated parameters.",
        hint="The data were used twice: to estimate, and to judge. Integrate the mean and the variance out instead.",
        variant=_plugged_in,
    ),
    Misconception(
        name="each_on_its_own",
        says="The observations were treated as if they came from clusters of their own.",
        hint="They share one mean and one variance, so they are not independent once these are integrated out.",
        variant=_each_on_its_own,
    ),
    Misconception(
        name="divided_by_n_minus_1",
        says="The shape grows by (n - 1)/2.",
        hint="By n/2: there is nothing to correct for.",
        variant=_marginal(Change(lost=1.0)),
    ),
    Misconception(
        name="pull_of_the_prior_forgotten",
        says="The distance between the mean of the data and loc is missing from the rate.",
        hint="Data far from where the base expects them make a large variance more probable. Which term of b_n says "
        "so?",
        variant=_marginal(Change(pull=0.0)),
    ),
    Misconception(
        name="scale_for_rate",
        says="The rate was taken for its inverse, a scale.",
        hint="b is the rate of the gamma distribution of 1 / s^2, so it is the scale of s^2 itself.",
        variant=_marginal(Change(inverse_rate=True)),
    ),
    Misconception(
        name="squares_not_halved",
        says="The squares are in the rate without the factor 1/2.",
        hint="b_n = b + S/2 + ...",
        variant=_marginal(Change(squares=1.0)),
        forms=(_marginal(Change(squares=1.0, pull=2.0)),),
    ),
    Misconception(
        name="constant_missing",
        says="The term with 2 pi is missing.",
        hint="Each observation brings -log(2 pi)/2. Without it clusters of different sizes cannot be compared.",
        variant=_marginal(constant=0.0),
    ),
    Misconception(
        name="counts_upside_down",
        says="The ratio of c and c_n stands upside down.",
        hint="Its logarithm is negative: the mean was integrated over, which costs something.",
        variant=_marginal(counts=-0.5),
    ),
    Misconception(
        name="counts_not_rooted",
        says="The ratio of c and c_n lacks the square root.",
        hint="1/2 log(c / c_n).",
        variant=_marginal(counts=1.0),
    ),
    Misconception(
        name="zero_by_zero",
        says="With no observation, 0 is divided by 0.",
        hint="The mean of nothing is NaN, and NaN times 0 is NaN.",
        variant=_marginal(Change(guarded=False)),
    ),
    Misconception(
        name="digits_lost",
        says="The squares were computed as a difference of two large numbers.",
        hint="Subtract the mean first, then square: near 500 g, float32 has few digits left otherwise.",
        variant=_marginal(Change(two_passes=False)),
        rounding=True,
    ),
)


def _predicted(density: Callable[..., Any] = wrong.student, change: Change = RIGHT) -> Callable[..., Any]:
    """The reference with parts exchanged."""

    def predictive_log_density(x_new, x, base):
        return density(x_new, wrong.update(x, jnp.ones(len(x)), base, change))

    return predictive_log_density


PREDICTIVE_LOG_DENSITY = (
    Misconception(
        name="plugged_in",
        says="This is a normal density at the updated parameters.",
        hint="Neither the mean nor the variance is known: a Student t, and a wider one.",
        variant=_predicted(wrong.plugged_in),
    ),
    Misconception(
        name="normal_for_t",
        says="The density is normal, where it should be a Student t.",
        hint="The variance is not known exactly: the tails are wider.",
        variant=_predicted(wrong.normal_for_t),
    ),
    Misconception(
        name="mean_taken_for_known",
        says="The factor (c_n + 1)/c_n is missing.",
        hint="A new observation varies around a mean that is itself uncertain.",
        variant=_predicted(wrong.narrow),
    ),
    Misconception(
        name="degrees_of_freedom_halved",
        says="The degrees of freedom are a_n.",
        hint="The shape of an inverse gamma is half the degrees of freedom.",
        variant=_predicted(wrong.degrees_halved),
    ),
    Misconception(
        name="variance_for_std",
        says="The squared scale stands where the scale belongs.",
        hint="`t.logpdf` takes a scale, like a standard deviation.",
        variant=_predicted(wrong.not_rooted),
    ),
    Misconception(
        name="pull_of_the_prior_forgotten",
        says="The distance between the mean of the data and loc is missing from the rate.",
        hint="Which term of b_n knows where the base expected the data?",
        variant=_predicted(change=Change(pull=0.0)),
    ),
    Misconception(
        name="scale_for_rate",
        says="The rate was taken for its inverse, a scale.",
        hint="b is the rate of the gamma distribution of 1 / s^2, so it is the scale of s^2 itself.",
        variant=_predicted(change=Change(inverse_rate=True)),
    ),
    Misconception(
        name="mean_of_the_data",
        says="The density is centred at the mean of the data.",
        hint="The base counts too, like c observations at m. What is left of it with no data at all?",
        variant=_predicted(change=Change(mean_of_the_data=True, guarded=False)),
        forms=(_predicted(change=Change(mean_of_the_data=True)),),
    ),
    Misconception(
        name="zero_by_zero",
        says="With no observation, 0 is divided by 0.",
        hint="The mean of nothing is NaN, and NaN times 0 is NaN.",
        variant=_predicted(change=Change(guarded=False)),
    ),
    Misconception(
        name="logarithm_forgotten",
        says="This is the density, not its logarithm.",
        hint="`logpdf`, not `pdf`.",
        variant=lambda x_new, x, base: jnp.exp(_predicted()(x_new, x, base)),
    ),
)
