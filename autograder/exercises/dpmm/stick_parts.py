"""What several exercises on the restaurant and the stick use."""

import jax.numpy as jnp


def shares(weights):
    """Weights, divided by their sum."""
    return weights / weights.sum()


def before(fractions):
    """The length of the stick before each cut, and what is left at the end: (T,)."""
    return jnp.append(1.0, jnp.cumprod(1 - fractions))
