"""Known mistakes with three coffee blends, as wrong variants of the reference."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import Misconception
from autograder.exercises.bayesian_gmm.gibbs_mistakes import GIBBS, gibbs_variant
from autograder.exercises.bayesian_gmm.model_mistakes import easily_miswritten, program
from autograder.exercises.distributions import COFFEE_PRIOR

LOCS = (80.0, 120.0, 160.0)
SCALE = 20.0

COFFEE_GMM = (
    *easily_miswritten(LOCS, SCALE),
    Misconception(
        name="variance_for_std",
        says="Cups vary by sigma squared.",
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=program(LOCS, SCALE, emission=lambda sigma: sigma**2),
    ),
    Misconception(
        name="blends_reversed",
        says="The prior means are in descending order.",
        hint="Blend 0 is the one with little caffeine.",
        variant=program(LOCS[::-1], SCALE),
    ),
    Misconception(
        name="same_prior_for_all",
        says="All three means have the same prior.",
        hint="Their prior means are 80, 120 and 160 mg.",
        variant=program((120.0, 120.0, 120.0), SCALE),
    ),
    Misconception(
        name="scale_of_the_means_squared",
        says="The prior of mu has the scale 400.",
        hint="The second argument of `normal` is a standard deviation: 20 mg.",
        variant=program(LOCS, 400.0),
    ),
    Misconception(
        name="two_blends",
        says="There are two components.",
        hint="Three blends: K is 3.",
        variant=program((80.0, 160.0), SCALE),
    ),
)


def _priors(locs: Any, scales: Any) -> Callable[[], tuple[Any, Any]]:
    return lambda: (jnp.array(locs), jnp.array(scales))


CHOOSE_MEAN_PRIOR = (
    Misconception(
        name="too_narrow",
        says="The priors leave levels out that are possible.",
        hint="Every level from 50 to 200 mg should be within 2.5 scales of some loc.",
        variant=_priors(LOCS, (5.0, 5.0, 5.0)),
    ),
    Misconception(
        name="too_wide",
        says="Most of the prior lies where caffeine never is.",
        hint="Draw from the prior and look: how much lies between 50 and 200 mg?",
        variant=_priors((125.0, 125.0, 125.0), (1000.0, 1000.0, 1000.0)),
    ),
    Misconception(
        name="outside_the_range",
        says="A prior is centred where caffeine never is.",
        hint="Every loc should lie between 50 and 200 mg.",
        variant=_priors((0.0, 100.0, 250.0), (50.0, 50.0, 50.0)),
    ),
    Misconception(
        name="bounds_for_locs_and_scales",
        says="The two bounds of the range are no loc and scale.",
        hint="Three locs and three scales.",
        variant=lambda: (50.0, 200.0),
    ),
)


def _predictive(
    weights: Callable[[Any], Any] = lambda key: jax.random.dirichlet(key, jnp.ones(3)),
    spread: Callable[[Any], Any] = lambda sigma: sigma,
    mean_scale: Callable[[Any], Any] = lambda scales: scales,
    one_world: bool = False,
    pick: Callable[[Any, Any], Any] = lambda key, pi: jax.random.categorical(key, jnp.log(pi)),
) -> Callable[..., Any]:
    def prior_predictive(key, locs, scales, num_draws):
        world_key, draw_key = jax.random.split(key)

        def one(world_key, draw_key):
            pi_key, mu_key, sigma_key = jax.random.split(world_key, 3)
            z_key, x_key = jax.random.split(draw_key)
            pi = weights(pi_key)
            mu = locs + mean_scale(scales) * jax.random.normal(mu_key, (3,))
            sigma = jax.random.gamma(sigma_key, 2.0, (3,))
            z = pick(z_key, pi)
            return mu[z] + spread(sigma)[z] * jax.random.normal(x_key)

        worlds = jax.random.split(world_key, num_draws)
        worlds = jnp.broadcast_to(world_key, worlds.shape) if one_world else worlds
        return jax.vmap(one)(worlds, jax.random.split(draw_key, num_draws))

    return prior_predictive


def _of_the_means(key, locs, scales, num_draws):
    z_key, mu_key = jax.random.split(key)
    z = jax.random.randint(z_key, (num_draws,), 0, 3)
    return locs[z] + scales[z] * jax.random.normal(mu_key, (num_draws,))


def _average_blend(key, locs, scales, num_draws):
    mu_key, sigma_key, x_key = jax.random.split(key, 3)
    mu = locs + scales * jax.random.normal(mu_key, (num_draws, 3))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_draws, 3))
    return mu.mean(axis=1) + sigma.mean(axis=1) * jax.random.normal(x_key, (num_draws,))


PRIOR_PREDICTIVE = (
    Misconception(
        name="one_world",
        says="All draws come from one world: they share pi, mu and sigma.",
        hint="Each draw starts with parameters of its own.",
        variant=_predictive(one_world=True),
    ),
    Misconception(
        name="means_not_drawn",
        says="The means are fixed at their locs.",
        hint="mu is uncertain: draw it from its prior.",
        variant=_predictive(mean_scale=jnp.zeros_like),
    ),
    Misconception(
        name="variance_for_std",
        says="A cup varies by sigma squared.",
        hint="sigma is a standard deviation already.",
        variant=_predictive(spread=lambda sigma: sigma**2),
    ),
    Misconception(
        name="scales_squared",
        says="The means vary by the square of their scales.",
        hint="A scale is a standard deviation.",
        variant=_predictive(mean_scale=lambda scales: scales**2),
    ),
    Misconception(
        name="first_blend_only",
        says="Every cup is of the first blend.",
        hint="Draw z from pi.",
        variant=_predictive(pick=lambda key, pi: 0),
    ),
    Misconception(
        name="weights_as_logits",
        says="The logarithm of pi is missing, or too much.",
        hint="Each of the three blends should come equally often, seen over all worlds.",
        variant=_predictive(pick=lambda key, pi: jax.random.categorical(key, jnp.array([2.0, 1.0, 0.0]) * pi)),
    ),
    Misconception(
        name="average_blend",
        says="A cup is an average of all three blends.",
        hint="A cup is of one blend: draw z, then use mu[z] and sigma[z].",
        variant=_average_blend,
    ),
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

FIT_COFFEE = (
    *(
        Misconception(name=one.name, says=one.says, hint=one.hint, variant=_fit(one.variant))
        for one in GIBBS
        if one.name not in _HARMLESS
    ),
    Misconception(
        name="no_burn_in_from_afar",
        says="The chain starts far from the data, and the way there is among the draws.",
        hint="Start near the data, and throw the first sweeps away.",
        variant=_fit(gibbs_variant(burn_in=0, start=_far)),
    ),
    Misconception(
        name="prior_as_proposal",
        says="The prior was the proposal of importance sampling: hardly any of its draws explains the cups.",
        hint="Look at the effective sample size. A chain, or a proposal near the posterior, does better.",
        variant=_prior_importance,
    ),
)
