"""Functions that several exercises on the restaurant and the stick use."""

import jax.numpy as jnp


def shares(weights):
    """Divide weights by their sum."""
    return weights / weights.sum()


def before(fractions):
    """The length of the stick before each cut, and the rest at the end, shape (T,)."""
    return jnp.append(1.0, jnp.cumprod(1 - fractions))
