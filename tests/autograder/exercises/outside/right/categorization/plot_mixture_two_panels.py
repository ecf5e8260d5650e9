"""plot_mixture

Two panels, constrained layout, grid of 8000 points.
"""

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
from jax.scipy.stats import norm


def plot_mixture(weights, means, stds):
    x = jnp.linspace(jnp.min(means - 4 * stds), jnp.max(means + 4 * stds), 8000)
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    joint = jnp.exp(log_joint)
    fig, (top, bottom) = plt.subplots(2, 1, sharex=True, layout="constrained")
    top.plot(x, joint.sum(axis=1), color="k", label="p(x)")
    for k, style in enumerate(("--", ":")):
        top.plot(x, joint[:, k], style, label=f"component {k}")
    bottom.plot(x, jax.nn.softmax(log_joint, axis=1)[:, 0], label="P(c = 0 given x)")
    top.set(xlabel="x (g)", ylabel="density (1/g)")
    bottom.set(xlabel="x (g)", ylabel="probability")
    top.legend()
    bottom.legend()
    return fig
