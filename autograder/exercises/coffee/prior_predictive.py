"""Caffeine levels before any cup is seen."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import (
    Aspect,
    Draws,
    Exercise,
    KnownMistake,
    Marginal,
    catalogue,
    distributions,
    f32,
    key_aspect,
    keyed,
)

PRIOR_PREDICTIVE = Exercise(
    "prior_predictive",
    truth=distributions.predictive,
    rule=Marginal("levels"),
    aspects=(
        Aspect(
            "draws",
            points=3,
            hint="For each draw, go through the whole story once: pi, mu, sigma, z, a level. One key for each.",
            closer="Draw 10 000 levels with a single loc and a single scale for all blends. Their variance is "
            "scale^2 + 6: the mean of sigma^2 is 6. If yours is smaller, a step of the story was left out; if"
            " the levels depend on each other, a step was shared.",
            probe=Draws(count=2000, looped=300),
            visible={"the priors of coffee_gmm": keyed(f32(80, 120, 160), f32(20, 20, 20), 6)},
            hidden={"narrow priors": keyed(f32(150, 70, 100), f32(2, 4, 3), 6)},
        ),
        key_aspect(1, f32(80, 120, 160), f32(20, 20, 20), 10, hidden=(f32(90, 100, 150), f32(30, 20, 10), 10)),
    ),
    seconds=60,
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


PRIOR_PREDICTIVE.add(
    KnownMistake(
        name="one_world",
        says="All draws come from one world: they share pi, mu and sigma.",
        hint="Each draw starts with parameters of its own.",
        variant=_predictive(one_world=True),
    ),
    KnownMistake(
        name="means_not_drawn",
        says="The means are fixed at their locs.",
        hint="mu is uncertain: draw it from its prior.",
        variant=_predictive(mean_scale=jnp.zeros_like),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="sigma is a standard deviation already.", variant=_predictive(spread=lambda sigma: sigma**2)
    ),
    KnownMistake(
        name="scales_squared",
        says="The means vary by the square of their scales.",
        hint="A scale is a standard deviation.",
        variant=_predictive(mean_scale=lambda scales: scales**2),
    ),
    KnownMistake(
        name="first_blend_only",
        says="Every cup is of the first blend.",
        hint="Draw z from pi.",
        variant=_predictive(pick=lambda key, pi: 0),
    ),
    KnownMistake(
        name="weights_as_logits",
        says="The logarithm of pi is missing, or too much.",
        hint="Each of the three blends should come equally often, seen over all worlds.",
        variant=_predictive(pick=lambda key, pi: jax.random.categorical(key, jnp.array([2.0, 1.0, 0.0]) * pi)),
    ),
)


@PRIOR_PREDICTIVE.mistake(
    says="A cup is an average of all three blends.", hint="A cup is of one blend: draw z, then use mu[z] and sigma[z]."
)
def average_blend(key, locs, scales, num_draws):
    mu_key, sigma_key, x_key = jax.random.split(key, 3)
    mu = locs + scales * jax.random.normal(mu_key, (num_draws, 3))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_draws, 3))
    return mu.mean(axis=1) + sigma.mean(axis=1) * jax.random.normal(x_key, (num_draws,))
