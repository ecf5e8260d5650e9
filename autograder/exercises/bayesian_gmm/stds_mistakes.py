"""Known mistakes in the step that a Gibbs sampler takes in the standard deviations."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import Misconception


def stds_variant(
    exponent: Callable[[Any, Any], Any] = lambda shape, counts: shape - counts,
    prior_rate: Callable[[Any], Any] = lambda rate: rate,
    squares_factor: float = 0.5,
    squares_power: float = 2.0,
    shared_accept: bool = False,
    always: bool = False,
    linear: bool = False,
    never: bool = False,
    center: bool = True,
    accept: Callable[[Any, Any], Any] = lambda u, log_ratio: jnp.log(u) < log_ratio,
) -> Callable[..., Any]:
    def sample_stds(key, x, z, mu, sigma, shape, rate):
        member = jax.nn.one_hot(z, len(mu))
        counts = member.sum(axis=0)
        squares = (member * (x[:, None] - (mu if center else x.mean())) ** 2).sum(axis=0)

        def log_target(s):
            likelihood = -squares_factor * squares / s**squares_power
            return exponent(shape, counts) * jnp.log(s) - prior_rate(rate) * s + likelihood

        step_key, accept_key = jax.random.split(key)
        noise = jax.random.normal(step_key, mu.shape)
        proposed = jnp.abs(sigma + 0.5 * noise) if linear else sigma * jnp.exp(0.7 * noise)
        u = jax.random.uniform(accept_key) if shared_accept else jax.random.uniform(accept_key, mu.shape)
        ratio = log_target(proposed) - log_target(sigma)
        ratio = ratio.sum() if shared_accept else ratio
        accepted = accept(u, ratio) | always
        return jnp.where(accepted & (not never), proposed, sigma)

    return sample_stds


def _sigma_from_prior(key, x, z, mu, sigma, shape, rate):
    return jax.random.gamma(key, shape) / rate


def _sample_std(key, x, z, mu, sigma, shape, rate):
    """No draw at all; where a component has not two observations, there is no such thing."""
    member = jax.nn.one_hot(z, len(mu))
    counts = member.sum(axis=0)
    means = (member * x[:, None]).sum(axis=0) / jnp.maximum(counts, 1)
    squares = (member * (x[:, None] - means) ** 2).sum(axis=0)
    return jnp.where(counts > 1, jnp.sqrt(squares / jnp.maximum(counts, 1)), sigma)


def _variance_gibbs(key, x, z, mu, sigma, shape, rate):
    """The conjugate step of another prior: an inverse gamma of the variance."""
    member = jax.nn.one_hot(z, len(mu))
    squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
    precision = jax.random.gamma(key, shape + member.sum(axis=0) / 2) / (rate + squares / 2)
    return 1 / jnp.sqrt(precision)


SAMPLE_STDS = (
    Misconception(
        name="jacobian_missing",
        says="The walk is in log sigma, but its target lacks the Jacobian.",
        hint="The density of log sigma is that of sigma times sigma.",
        variant=stds_variant(exponent=lambda shape, counts: shape - 1 - counts),
    ),
    Misconception(
        name="jacobian_without_a_log",
        says="The walk is in sigma itself, but its target has a Jacobian.",
        hint="It belongs to a walk in log sigma only.",
        variant=stds_variant(linear=True),
    ),
    Misconception(
        name="prior_dropped",
        says="The ratio lacks the prior of sigma.",
        hint="The target is prior times likelihood.",
        variant=stds_variant(exponent=lambda shape, counts: 1 - counts, prior_rate=lambda rate: 1e-3 + 0 * rate),
    ),
    Misconception(
        name="scale_for_rate",
        says="The gamma's rate was taken for a scale.",
        hint="A large rate means small values: its density falls as exp(-rate sigma).",
        variant=stds_variant(prior_rate=lambda rate: 1 / rate),
    ),
    Misconception(
        name="shape_off_by_one",
        says="The exponent of the prior is one too large.",
        hint="The density of a gamma has sigma to the power of shape - 1.",
        variant=stds_variant(exponent=lambda shape, counts: shape + 1 - counts),
    ),
    Misconception(
        name="likelihood_missing",
        says="The observations play no part.",
        hint="sigma_k has to explain the deviations of its observations.",
        variant=stds_variant(exponent=lambda shape, counts: shape, squares_factor=0.0),
    ),
    Misconception(
        name="normalisation_dropped",
        says="The likelihood lacks its factor 1/sigma for every observation.",
        hint="sigma changes, so it does not cancel.",
        variant=stds_variant(exponent=lambda shape, counts: shape),
    ),
    Misconception(
        name="half_missing",
        says="The squares are not halved.",
        hint="A normal density has the squares over twice the variance.",
        variant=stds_variant(squares_factor=1.0),
    ),
    Misconception(
        name="std_for_variance",
        says="The squares are divided by sigma, not by its square.",
        hint="A normal density has the squares over twice the variance.",
        variant=stds_variant(squares_power=1.0),
    ),
    Misconception(
        name="always_accepted",
        says="Every proposal was accepted.",
        hint="Only with a probability of the ratio of the target densities.",
        variant=stds_variant(always=True),
    ),
    Misconception(
        name="log_forgotten",
        says="A uniform number was compared with the logarithm of the ratio.",
        hint="Compare like with like: put both sides on the same scale, the ratio's or its logarithm's.",
        variant=stds_variant(accept=lambda u, log_ratio: u < log_ratio),
    ),
    Misconception(
        name="ratio_upside_down",
        says="The ratio is upside down: worse proposals are accepted, better ones refused.",
        hint="A proposal of higher density than the current sigma must always be accepted. Is it here?",
        variant=stds_variant(accept=lambda u, log_ratio: jnp.log(u) < -log_ratio),
    ),
    Misconception(
        name="sample_std",
        says="sigma is the standard deviation of the observations, not a draw.",
        hint="A point estimate knows neither the prior nor its own uncertainty. What is random in this step?",
        variant=_sample_std,
    ),
    Misconception(
        name="never_moves",
        says="sigma never changes.",
        hint="A step that stays leaves every distribution unchanged, and is of no use.",
        variant=stds_variant(never=True),
    ),
    Misconception(
        name="prior_for_posterior",
        says="sigma was drawn from its prior.",
        hint="The observations of a component say how much it varies.",
        variant=_sigma_from_prior,
    ),
    Misconception(
        name="conjugate_prior_assumed",
        says="The step is that of an inverse-gamma prior of the variance.",
        hint="Here sigma itself has a gamma prior: there is no conjugate step.",
        variant=_variance_gibbs,
    ),
    Misconception(
        name="around_the_overall_mean",
        says="Deviations were taken from the mean of all observations.",
        hint="An observation deviates from the mean of its own component.",
        variant=stds_variant(center=False),
    ),
)
