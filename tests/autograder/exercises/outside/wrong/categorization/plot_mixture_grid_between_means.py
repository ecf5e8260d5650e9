"""plot_mixture

The grid runs from one mean to the other: the outer halves of both hills are cut off.
"""

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
from jax.scipy.stats import norm


def plot_mixture(weights, means, stds):
    x = jnp.linspace(jnp.min(means), jnp.max(means), 2000)
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    fig, (top, bottom) = plt.subplots(2, sharex=True)
    top.plot(x, jnp.exp(log_joint).sum(axis=1), label="p(x)")
    top.plot(x, jnp.exp(log_joint[:, 0]), label="tonkatsu")
    top.plot(x, jnp.exp(log_joint[:, 1]), label="hamburger")
    bottom.plot(x, jax.nn.softmax(log_joint, axis=1)[:, 0], label="P(tonkatsu | x)")
    top.set(xlabel="weight (g)", ylabel="density (1/g)")
    bottom.set(xlabel="weight (g)", ylabel="probability")
    top.legend()
    bottom.legend()
    return fig
