"""Known mistakes in importance sampling: the weights, their effective number, the particles."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import Misconception
from reference import bayesian_gmm as right


def _exp_then_normalise(log_weights):
    weights = jnp.exp(log_weights)
    return weights / weights.sum()


NORMALIZE_LOG_WEIGHTS = (
    Misconception(
        name="exponentiated_first",
        says="The log weights were exponentiated first, and normalised after.",
        hint="exp(-1000) is 0. What may be subtracted from all of them before?",
        variant=_exp_then_normalise,
    ),
    Misconception(
        name="normalised_logs",
        says="The logarithms themselves were divided by their sum.",
        hint="Weights are exponentials.",
        variant=lambda log_weights: log_weights / jnp.sum(log_weights),
    ),
    Misconception(
        name="logs_returned",
        says="What came back are logarithms of the normalised weights.",
        hint="One more exponential.",
        variant=lambda log_weights: log_weights - logsumexp(log_weights),
    ),
    Misconception(
        name="not_normalised",
        says="The weights do not sum to 1.",
        hint="After the largest log weight is taken off, divide by the sum.",
        variant=lambda log_weights: jnp.exp(log_weights - jnp.max(log_weights)),
    ),
)

EFFECTIVE_SAMPLE_SIZE = (
    Misconception(
        name="sum_of_squares",
        says="This is the sum of the squares.",
        hint="Its inverse grows with the number of draws that count.",
        variant=lambda weights: jnp.sum(weights**2),
    ),
    Misconception(
        name="number_of_draws",
        says="This is how many draws have a weight.",
        hint="A draw of small weight counts for less than one.",
        variant=lambda weights: jnp.sum(weights > 0),
    ),
    Misconception(
        name="root",
        says="A square root was taken.",
        hint="The inverse of the sum of squares, without a root.",
        variant=lambda weights: 1 / jnp.sqrt(jnp.sum(weights**2)),
    ),
    Misconception(
        name="perplexity",
        says="This is the exponential of the weights' entropy.",
        hint="That is another measure of the same thing; here the sum of squares is asked for.",
        variant=lambda weights: jnp.exp(-jax.scipy.special.xlogy(weights, weights).sum()),
    ),
)


_importance_sampling = jax.jit(right.importance_sampling, static_argnames="num_particles")


def _reweighted(change: Callable[[dict[str, Any], Any], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    return lambda key, x, num_particles: change(_importance_sampling(key, x, num_particles), x)


def _own_density(draws: dict[str, Any], x: Any, power: int) -> Any:
    mu, sigma = (jnp.take_along_axis(draws[name], draws["z"], axis=1) for name in ("mu", "sigma"))
    return norm.logpdf(x, mu, sigma**power)


def _marginal_weights(draws: dict[str, Any], x: Any) -> dict[str, Any]:
    logs = jnp.log(draws["pi"])[:, None] + norm.logpdf(x[:, None], draws["mu"][:, None], draws["sigma"][:, None])
    return draws | {"log_weights": logsumexp(logs, axis=2).sum(axis=1)}


def _joint(draws: dict[str, Any], x: Any) -> dict[str, Any]:
    """What `assess` gives for the draws and x together."""

    def log_joint(draw):
        choices = {name: draw[name] for name in ("pi", "mu", "sigma", "z")} | {"x": x}
        return right.bayesian_gmm.assess(choices, len(x))[0]

    return draws | {"log_weights": jax.vmap(log_joint)(draws)}


def _resampled(key, x, num_particles):
    draws = _importance_sampling(key, x, num_particles)
    chosen = jax.random.categorical(jax.random.fold_in(key, 1), draws["log_weights"], shape=(num_particles,))
    return {name: draw[chosen] for name, draw in draws.items()}


IMPORTANCE_SAMPLING = (
    Misconception(
        name="weights_ignored",
        says="All draws have the same weight.",
        hint="A draw from the prior counts by how well it explains x.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": jnp.zeros(len(draws["mu"]))}),
    ),
    Misconception(
        name="not_logarithms",
        says="These are weights, normalised or not, where their logarithms are asked for.",
        hint="`generate` gives a log weight: leave it as it is.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": jnp.exp(draws["log_weights"])}),
    ),
    Misconception(
        name="mean_of_the_densities",
        says="The log densities were averaged over the observations.",
        hint="Independent observations: their log densities add up.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": _own_density(draws, x, 1).mean(axis=1)}),
    ),
    Misconception(
        name="variance_for_std",
        says="The weights use sigma squared where a standard deviation belongs.",
        hint="x_i varies by sigma[z_i].",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": _own_density(draws, x, 2).sum(axis=1)}),
    ),
    Misconception(
        name="prior_counted_twice",
        says="The weight is a joint density: the prior is part of it, although the draws come from the prior.",
        hint="Weight = target over proposal: what stands in both cancels.",
        variant=_reweighted(_joint),
    ),
    Misconception(
        name="assignments_summed_out",
        says="The weights sum over all assignments, but z was drawn.",
        hint="The weight belongs to the draw with its own z.",
        variant=_reweighted(_marginal_weights),
    ),
    Misconception(
        name="resampled",
        says="The draws were resampled by their weights, and are weighted again.",
        hint="Return the draws from the prior, each with its weight.",
        variant=_resampled,
    ),
)
