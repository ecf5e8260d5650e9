"""plot_mixture

The components are drawn without their weights, each with area 1.
"""

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
from jax.scipy.stats import norm


def plot_mixture(weights, means, stds):
    x = jnp.linspace(jnp.min(means - 4 * stds), jnp.max(means + 4 * stds), 3000)
    log_pdf = norm.logpdf(x[:, None], means, stds)
    fig, ax = plt.subplots()
    ax.plot(x, jnp.exp(log_pdf) @ weights, "k", label="p(x)")
    for k in range(2):
        ax.plot(x, jnp.exp(log_pdf[:, k]), "--", label=f"component {k}")
    ax.set_xlabel("x (g)")
    ax.set_ylabel("density")
    twin = ax.twinx()
    twin.plot(x, jax.nn.softmax(jnp.log(weights) + log_pdf, axis=1)[:, 0], "r:", label="P(c=0|x)")
    twin.set_ylabel("P(c=0|x)")
    fig.legend()
    return fig
