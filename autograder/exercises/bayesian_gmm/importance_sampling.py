"""Weighted draws, with the prior as the proposal."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import (
    Aspect,
    Exercise,
    KnownMistake,
    Mixture,
    Sample,
    catalogue,
    distributions,
    f32,
    key_aspect,
    keyed,
)
from reference import bayesian_gmm as reference
from reference.data import BENTOS

IMPORTANCE_SAMPLING = Exercise(
    "importance_sampling",
    truth=lambda key, x, num_particles: distributions.simulated(distributions.BENTO_PRIOR, len(x)) | {"x": x},
    rule=Mixture(weighted=True),
    aspects=(
        Aspect(
            "draws and weights",
            points=3,
            hint="Each particle is a draw from the prior, and counts by how well it explains x. `generate` draws "
            "what it is not given, and returns the log weight. One key for each particle.",
            closer="Take one particle, and compute the sum of log N(x_i; mu[z_i], sigma[z_i]) from its own choices: "
            "this is its log weight. If `generate` says 0, an address in the constraints is misspelled. If "
            "all particles are the same, `seed` is missing.",
            probe=Sample(),
            visible={"five bentos, 2000 particles": keyed(BENTOS[:5], 2000)},
            hidden={"three bentos": keyed(f32(420, 401, 388), 2000)},
        ),
        key_aspect(1, BENTOS[:5], 2000, hidden=(f32(410, 395, 402, 440, 371), 2000), short=3),
    ),
    seconds=60,
)

_importance_sampling = jax.jit(reference.importance_sampling, static_argnames="num_particles")


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
        return reference.bayesian_gmm.assess(choices, len(x))[0]

    return draws | {"log_weights": jax.vmap(log_joint)(draws)}


IMPORTANCE_SAMPLING.add(
    KnownMistake(
        name="weights_ignored",
        says="All draws have the same weight.",
        hint="A draw from the prior counts by how well it explains x.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": jnp.zeros(len(draws["mu"]))}),
    ),
    KnownMistake(
        name="not_logarithms",
        says="These are weights, normalised or not, where their logarithms are asked for.",
        hint="`generate` gives a log weight: leave it as it is.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": jnp.exp(draws["log_weights"])}),
    ),
    KnownMistake(
        name="mean_of_the_densities",
        says="The log densities were averaged over the observations.",
        hint="Independent observations: their log densities add up.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": _own_density(draws, x, 1).mean(axis=1)}),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="x_i varies by sigma[z_i].",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": _own_density(draws, x, 2).sum(axis=1)}),
    ),
    KnownMistake(
        name="prior_counted_twice",
        says="The weight is a joint density: the prior is part of it, although the draws come from the prior.",
        hint="Weight = target over proposal: what stands in both cancels.",
        variant=_reweighted(_joint),
    ),
    KnownMistake(
        name="assignments_summed_out",
        says="The weights sum over all assignments, but z was drawn.",
        hint="The weight belongs to the draw with its own z.",
        variant=_reweighted(_marginal_weights),
    ),
)


@IMPORTANCE_SAMPLING.mistake(
    says="The draws were resampled by their weights, and are weighted again.",
    hint="Return the draws from the prior, each with its weight.",
)
def resampled(key, x, num_particles):
    draws = _importance_sampling(key, x, num_particles)
    chosen = jax.random.categorical(jax.random.fold_in(key, 1), draws["log_weights"], shape=(num_particles,))
    return {name: draw[chosen] for name, draw in draws.items()}
