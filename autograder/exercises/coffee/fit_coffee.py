"""Draws from the posterior of the coffees."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import (
    Aspect,
    Chains,
    Exercise,
    KnownMistake,
    Posterior,
    distributions,
    f32,
    key_aspect,
    keyed,
)
from autograder.exercises.coffee.data import BETWEEN, DENSE, LOCS
from autograder.exercises.distributions import COFFEE_PRIOR
from autograder.exercises.gibbs_mistakes import MISTAKES, gibbs_variant
from reference.data import COFFEES

UNBALANCED = f32(77, 121, 80, 119, 158, 122, 81, 118, 83, 120, 117)  # one cup of the third blend

FIT_COFFEE = Exercise(
    "fit_coffee",
    truth=distributions.coffee_posterior,
    rule=Posterior(),
    aspects=(
        Aspect(
            "three clear blends",
            points=3,
            hint="The draws have to explain the cups, and vary as much as the posterior does. Start near the data, "
            "throw the first draws away, and look at the effective sample size.",
            closer="Run four chains from different keys and put the components of each draw in order. The averages "
            "of mu must agree with each other and be near 81, 119 and 157 mg, and sigma and pi must move, "
            "too.",
            probe=Chains(),
            visible={"the thirty cups": keyed(COFFEES, 500)},
            hidden={"eleven cups, the blends unbalanced": keyed(UNBALANCED, 500)},
        ),
        Aspect(
            "cups in between",
            points=3,
            hint="Where cups could be of two blends, the chain must go back and forth: assignments are drawn, not "
            "decided, and pi, mu and sigma follow them.",
            closer="Take the cups of this case, and plot z of one cup in between over the draws: it should go back "
            "and forth. If it never does, is it drawn, or decided? If it does, do pi and sigma enter where it"
            " is drawn?",
            probe=Chains(),
            visible={"seven cups in between": keyed(BETWEEN, 500)},
            hidden={"eight cups in between": keyed(DENSE, 1000)},
        ),
        key_aspect(1, BETWEEN, 500, hidden=(DENSE[1:], 500), short=3),
    ),
    seconds=300,
)


def _fit(sampler: Callable[..., Any]) -> Callable[..., Any]:
    prior = type(COFFEE_PRIOR)(*map(jnp.asarray, COFFEE_PRIOR))

    def fit_coffee(key, x, num_samples):
        return sampler(key, x, prior, num_samples)

    return fit_coffee


def _far(x, k):
    return jnp.full(k, 1000.0)


@partial(jax.jit, static_argnames="num_samples")
def _prior_importance(key, x, num_samples):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    pi = jax.random.dirichlet(pi_key, jnp.ones(3), (num_samples,))
    mu = jnp.array(LOCS) + 20 * jax.random.normal(mu_key, (num_samples, 3))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_samples, 3))
    z = jax.random.categorical(z_key, jnp.log(pi)[:, None], axis=2, shape=(num_samples, len(x)))
    own_mu, own_sigma = jnp.take_along_axis(mu, z, axis=1), jnp.take_along_axis(sigma, z, axis=1)
    log_weights = jax.scipy.stats.norm.logpdf(x, own_mu, own_sigma).sum(axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


# What changes nothing here, and is looked for in `gibbs`: alpha and the rates are 1, prior means 40 mg apart keep the
# components in their order, and 20 mg are so wide a scale that its prior hardly shows. The start from afar is another.
_HARMLESS = {
    "alpha_ignored",
    "means_sorted_alone",
    "no_burn_in_from_afar",
    "prior_of_the_means_ignored",
    "scale_for_rate",
    "sorted_in_the_chain",
}

FIT_COFFEE.add(
    *(replace(one, variant=_fit(one.variant)) for one in MISTAKES if one.name not in _HARMLESS),
    KnownMistake(
        name="no_burn_in_from_afar",
        says="The chain starts far from the data, and the way there is among the draws.",
        hint="Start near the data, and throw the first sweeps away.",
        variant=_fit(gibbs_variant(burn_in=0, start=_far)),
    ),
    KnownMistake(
        name="prior_as_proposal",
        says="The prior was the proposal of importance sampling: hardly any of its draws explains the cups.",
        hint="Look at the effective sample size. A chain, or a proposal near the posterior, does better.",
        variant=_prior_importance,
    ),
)
