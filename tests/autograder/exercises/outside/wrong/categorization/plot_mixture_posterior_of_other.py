"""plot_mixture

Draws P(c = 1 given x) under the label of P(c = 0 given x): the last column instead of the first.
"""

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
from jax.scipy.stats import norm


def plot_mixture(weights, means, stds):
    x = jnp.linspace(jnp.min(means - 5 * stds), jnp.max(means + 5 * stds), 5000)
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    joint = jnp.exp(log_joint)
    posterior = jax.nn.softmax(log_joint, axis=1)[:, -1]
    fig, (top, bottom) = plt.subplots(2, sharex=True)
    top.plot(x, joint.sum(axis=1), label="p(x)")
    for k in (0, 1):
        top.plot(x, joint[:, k], label=f"component {k}")
    bottom.plot(x, posterior, label="P(c = 0 | x)")
    top.set(ylabel="density (1/g)")
    bottom.set(xlabel="weight (g)", ylabel="probability")
    top.legend()
    bottom.legend()
    return fig
