"""marginal_density

A dataclass with __call__, summing over components in Python.
"""

from dataclasses import dataclass

import jax.numpy as jnp


@dataclass
class Component:
    weight: float
    mean: float
    std: float

    def __call__(self, x):
        return self.weight / (self.std * jnp.sqrt(2 * jnp.pi)) * jnp.exp(-0.5 * ((x - self.mean) / self.std) ** 2)


def marginal_density(x, weights, means, stds):
    return sum(Component(w, m, s)(x) for w, m, s in zip(weights, means, stds))
