"""Bayesian mixtures as GenJAX programs: their choice maps, and common mistakes in them."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from genjax import categorical, dirichlet, gamma, gen, normal

from autograder.exercises import KnownMistake, catalogue, f32, i32


def choices(pi: Any, mu: Any, sigma: Any, z: Any, x: Any) -> dict[str, np.ndarray]:
    """Make a choice map, float32 and int32."""
    return {"pi": f32(*pi), "mu": f32(*mu), "sigma": f32(*sigma), "z": i32(*z), "x": f32(*x)}


def program(
    locs: Sequence[float],
    scale: float,
    *,
    logits: Callable[[Any], Any] = jnp.log,
    shape: float = 2.0,
    rate: float = 1.0,
    emission: Callable[[Any], Any] = lambda sigma: sigma,
    alpha: float = 1.0,
    component: Callable[[Any], Any] = lambda z: z,
) -> Any:
    """A Bayesian mixture with a component for each entry of `locs`. The defaults are right."""
    k = len(locs)

    @gen
    def mixture(num_observations):
        pi = dirichlet(jnp.full(k, alpha)) @ "pi"
        mu = normal.vmap(in_axes=(0, 0), axis_size=k)(jnp.array(locs), jnp.full(k, scale)) @ "mu"
        sigma = gamma.vmap(in_axes=(0, 0), axis_size=k)(jnp.full(k, shape), jnp.full(k, rate)) @ "sigma"
        z = categorical.repeat(num_observations)(logits(pi)) @ "z"
        own = component(z)
        return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[own], emission(sigma)[own]) @ "x"

    return mixture


def easily_miswritten(locs: Sequence[float], scale: float) -> tuple[KnownMistake, ...]:
    """The mistakes that are easily made in any such program."""
    k = len(locs)

    @gen
    def vector_parameters(num_observations):
        pi = dirichlet(jnp.ones(k)) @ "pi"
        mu = normal(jnp.array(locs), jnp.full(k, scale)) @ "mu"
        sigma = gamma(jnp.full(k, 2.0), jnp.ones(k)) @ "sigma"
        z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
        return normal(mu[z], sigma[z]) @ "x"

    return (
        catalogue.LOGITS_FOR_PROBABILITIES.here(
            hint="It takes logits: their exponentials are normalised.",
            variant=program(locs, scale, logits=lambda pi: pi),
        ),
        catalogue.VECTOR_PARAMETERS.here(
            hint="Use `.vmap(in_axes=(0, 0), axis_size=n)` for several draws at one address.",
            variant=vector_parameters,
        ),
    )
