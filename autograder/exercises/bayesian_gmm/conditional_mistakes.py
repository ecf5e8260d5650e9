"""Known mistakes in the conditional distributions that a Gibbs sampler draws from."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

from autograder.exercises import Misconception


def assignments_variant(
    prior: Callable[[Any], Any] = jnp.log, power: float = 1.0, temper: float = 1.0, normalisation: bool = True
) -> Callable[..., Any]:
    def sample_assignments(key, x, pi, mu, sigma):
        stds = sigma**power
        density = -0.5 * ((x[:, None] - mu) / stds) ** 2 - (jnp.log(stds) if normalisation else 0.0)
        return jax.random.categorical(key, temper * (prior(pi) + density), axis=1)

    return sample_assignments


def argmax_assignments(key, x, pi, mu, sigma):
    return jnp.argmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)


def pi_shadowed(key, x, pi, mu, sigma):
    log_density = -0.5 * jnp.log(2 * pi * sigma**2) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    return jax.random.categorical(key, jnp.log(pi) + log_density, axis=1)


def _probabilities_as_logits(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1), axis=1)


def _shared_uniform(key, x, pi, mu, sigma):
    probabilities = jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)
    u = jax.random.uniform(key)
    return jnp.sum(jnp.cumsum(probabilities, axis=1)[:, :-1] < u, axis=1)


def _same_key_for_each(key, x, pi, mu, sigma):
    def one(x_i):
        return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(x_i, mu, sigma))

    return jax.vmap(one)(x)


SAMPLE_ASSIGNMENTS = (
    Misconception(
        name="pi_shadowed",
        says="The density has the mixing proportions where it needs the number 3.14159...",
        hint="Inside this function, `pi` is an argument. Which `pi` does 2 pi sigma^2 mean?",
        variant=pi_shadowed,
    ),
    Misconception(
        name="most_probable",
        says="The most probable component was taken, not drawn.",
        hint="`argmax` is always the same; a draw is sometimes the other one.",
        variant=argmax_assignments,
    ),
    Misconception(
        name="weights_ignored",
        says="pi plays no part.",
        hint="Bayes' rule: prior times likelihood.",
        variant=assignments_variant(prior=jnp.zeros_like),
    ),
    Misconception(
        name="weights_as_logits",
        says="pi was added to log densities.",
        hint="Only logarithms add up.",
        variant=assignments_variant(prior=lambda pi: pi),
    ),
    Misconception(
        name="variance_for_std",
        says="sigma squared stands where a standard deviation belongs.",
        hint="sigma is a standard deviation already.",
        variant=assignments_variant(power=2.0),
    ),
    Misconception(
        name="std_for_variance",
        says="The root of sigma stands where a standard deviation belongs.",
        hint="sigma is a standard deviation already.",
        variant=assignments_variant(power=0.5),
    ),
    Misconception(
        name="normalisation_dropped",
        says="The density lacks its factor 1/sigma.",
        hint="It differs between the components, so it does not cancel.",
        variant=assignments_variant(normalisation=False),
    ),
    Misconception(
        name="probabilities_as_logits",
        says="`categorical` was given probabilities.",
        hint="It takes logits.",
        variant=_probabilities_as_logits,
    ),
    Misconception(
        name="prior_only",
        says="The observations play no part.",
        hint="P(z = k given x) needs the density of x.",
        variant=lambda key, x, pi, mu, sigma: jax.random.categorical(key, jnp.log(pi), shape=x.shape),
    ),
    Misconception(
        name="one_uniform_for_all",
        says="All observations share one random number, so they move together.",
        hint="Given the parameters, observations are independent: draw for each one anew.",
        variant=_shared_uniform,
    ),
    Misconception(
        name="one_key_for_all",
        says="Every observation was drawn with the same key, so they move together.",
        hint="Split the key, one for each observation, or draw all at once with `axis=1`.",
        variant=_same_key_for_each,
    ),
    Misconception(
        name="tempered",
        says="The probabilities are flatter than they should be.",
        hint="Is there a factor of one half too many?",
        variant=assignments_variant(temper=0.5),
    ),
)


def _weights(concentration: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def sample_weights(key, z, alpha):
        counts = jax.nn.one_hot(z, len(alpha)).sum(axis=0)
        return jax.random.dirichlet(key, concentration(counts, alpha))

    return sample_weights


SAMPLE_WEIGHTS = (
    Misconception(
        name="prior_for_posterior",
        says="pi was drawn from its prior.",
        hint="The assignments say something about pi: what do the counts do to alpha?",
        variant=_weights(lambda counts, alpha: alpha),
    ),
    Misconception(
        name="alpha_ignored",
        says="alpha plays no part: the concentration is the counts plus 1.",
        hint="Add alpha, whatever it is.",
        variant=_weights(lambda counts, alpha: counts + 1),
    ),
    Misconception(
        name="counts_alone",
        says="alpha was left out.",
        hint="A component without observations can still come back: alpha stays.",
        variant=_weights(lambda counts, alpha: counts + 1e-3),
    ),
    Misconception(
        name="one_too_few",
        says="The concentration is 1 too small.",
        hint="The exponent of the density is alpha - 1; its parameter is alpha.",
        variant=_weights(lambda counts, alpha: jnp.maximum(counts + alpha - 1, 1e-2)),
    ),
    Misconception(
        name="one_too_many",
        says="The concentration is 1 too large.",
        hint="alpha plus counts, nothing else.",
        variant=_weights(lambda counts, alpha: counts + alpha + 1),
    ),
    Misconception(
        name="average",
        says="The mean of the conditional came back, not a draw.",
        hint="A Gibbs step draws.",
        variant=lambda key, z, alpha: _weights_mean(z, alpha),
    ),
    Misconception(
        name="counts_reversed",
        says="The counts belong to other components.",
        hint="Entry k counts the observations with z = k.",
        variant=_weights(lambda counts, alpha: counts[::-1] + alpha),
    ),
)


def _weights_mean(z, alpha):
    concentration = alpha + jax.nn.one_hot(z, len(alpha)).sum(axis=0)
    return concentration / concentration.sum()


def means_variant(
    prior_precision: Callable[[Any], Any] = lambda scale: 1 / scale**2,
    data_precision: Callable[[Any, Any], Any] = lambda counts, sigma: counts / sigma**2,
    spread: Callable[[Any], Any] = lambda precision: 1 / jnp.sqrt(precision),
    center: Callable[[Any], Any] = lambda loc: loc,
    shared: bool = False,
) -> Callable[..., Any]:
    def sample_means(key, x, z, sigma, loc, scale):
        member = jax.nn.one_hot(z, len(loc))
        counts = member.sum(axis=0)
        average = (member * x[:, None]).sum(axis=0) / jnp.maximum(counts, 1)
        before, seen = prior_precision(scale), data_precision(counts, sigma)
        precision = before + seen
        mean = (before * center(loc) + seen * average) / precision
        noise = jax.random.normal(key) if shared else jax.random.normal(key, loc.shape)
        return mean + spread(precision) * noise

    return sample_means


SAMPLE_MEANS = (
    Misconception(
        name="prior_mean_ignored",
        says="The prior pulls towards 0, not towards loc.",
        hint="The precision of the prior weighs loc.",
        variant=means_variant(center=jnp.zeros_like),
    ),
    Misconception(
        name="prior_ignored",
        says="The prior plays no part.",
        hint="Its precision adds to that of the data.",
        variant=means_variant(prior_precision=lambda scale: 1e-6 * jnp.ones_like(scale)),
    ),
    Misconception(
        name="prior_for_posterior",
        says="mu was drawn from its prior.",
        hint="Observations of the component add precision.",
        variant=means_variant(data_precision=lambda counts, sigma: 0 * counts),
    ),
    Misconception(
        name="counts_missing",
        says="The data count as one observation.",
        hint="n_k observations have n_k times the precision of one.",
        variant=means_variant(data_precision=lambda counts, sigma: (counts > 0) / sigma**2),
    ),
    Misconception(
        name="std_for_variance_of_data",
        says="The precision of an observation is 1/sigma.",
        hint="Precision is one over the variance.",
        variant=means_variant(data_precision=lambda counts, sigma: counts / sigma),
    ),
    Misconception(
        name="std_for_variance_of_prior",
        says="The precision of the prior is 1/scale.",
        hint="Precision is one over the variance.",
        variant=means_variant(prior_precision=lambda scale: 1 / scale),
    ),
    Misconception(
        name="variance_for_std",
        says="The draws vary by the variance of the conditional, not by its root.",
        hint="The standard deviation is the root of one over the precision.",
        variant=means_variant(spread=lambda precision: 1 / precision),
    ),
    Misconception(
        name="precision_for_std",
        says="The draws vary by the root of the precision.",
        hint="More data means less spread: one over it.",
        variant=means_variant(spread=jnp.sqrt),
    ),
    Misconception(
        name="average",
        says="The mean of the conditional came back, not a draw.",
        hint="A Gibbs step draws.",
        variant=means_variant(spread=jnp.zeros_like),
    ),
    Misconception(
        name="shared_noise",
        says="All components share one random number, so they move together.",
        hint="Given z and sigma, components are independent: draw one number for each.",
        variant=means_variant(shared=True),
    ),
    Misconception(
        name="first_prior_for_all",
        says="All components have the prior of the first one.",
        hint="loc and scale are arrays: entry k belongs to component k.",
        variant=means_variant(
            prior_precision=lambda scale: 1 / scale[0] ** 2 + 0 * scale, center=lambda loc: loc[0] + 0 * loc
        ),
    ),
)
