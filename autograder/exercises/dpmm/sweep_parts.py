"""Sweeps with some parts replaced, and the wrong reassignments for them."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises.dpmm import cluster_parts
from autograder.exercises.dpmm.cluster_parts import Change, reassigned
from reference import dpmm as reference

ITSELF_NOT_REMOVED = reassigned(without_i=False, i_keeps_its_seat=True)
ITSELF_COUNTED = reassigned(without_i=False)
ALPHA_FORGOTTEN = reassigned(new_weight=lambda alpha, n: 1.0)
ALPHA_OVER_TABLES = reassigned(new_weight=lambda alpha, n: alpha / jnp.maximum(jnp.sum(n > 0), 1))
SIZES_IGNORED = reassigned(sizes=jnp.ones_like)
NEW_WITHOUT_DENSITY = reassigned(new_density=jnp.zeros_like)
LIKELIHOOD_IGNORED = reassigned(likelihood=0.0)
NEVER_NEW = reassigned(new_weight=lambda alpha, n: 0.0)
PLUGGED_IN = reassigned(density=cluster_parts.plugged_in)
MEAN_TAKEN_FOR_KNOWN = reassigned(density=cluster_parts.narrow)
DEGREES_HALVED = reassigned(density=cluster_parts.degrees_halved)
VARIANCE_FOR_STD = reassigned(density=cluster_parts.not_rooted)
SCALE_FOR_RATE = reassigned(change=Change(inverse_rate=True))
PULL_FORGOTTEN = reassigned(change=Change(pull=0.0))

type Reassign = Callable[..., Any]


def draw(key, probabilities):
    return jax.random.categorical(key, jnp.log(probabilities))


def swept(
    reassign: Reassign = reference.reassignment_probabilities,
    *,
    draw: Callable[[Any, Any], Any] = draw,
    keys: Callable[[Any, int], Any] = jax.random.split,
) -> Callable[..., Any]:
    """The reference's sweep with some parts replaced."""

    def sweep(key, x, z, alpha, base):
        def step(z, moving):
            i, own_key = moving
            return z.at[i].set(draw(own_key, reassign(i, x, z, alpha, base))), None

        return jax.lax.scan(step, jnp.asarray(z), (jnp.arange(len(x)), keys(key, len(x))))[0]

    return sweep


def all_at_once(key, x, z, alpha, base):
    """Move every observation given the others as they were before the sweep."""
    p = jax.vmap(lambda i: reference.reassignment_probabilities(i, x, z, alpha, base))(jnp.arange(len(x)))
    return jax.random.categorical(key, jnp.log(p), axis=1)


def unchanged(key, x, z, alpha, base):
    """Draw new labels, and return the old ones."""
    swept()(key, x, z, alpha, base)
    return z


def same_keys(key, count: int):
    return jnp.broadcast_to(key, (count,))
