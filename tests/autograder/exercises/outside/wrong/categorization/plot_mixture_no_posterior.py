"""plot_mixture

The density and its parts only; the responsibility of component 0 is left out.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm


def plot_mixture(weights, means, stds):
    w, m, s = map(np.asarray, (weights, means, stds))
    x = np.linspace((m - 4 * s).min(), (m + 4 * s).max(), 2000)
    joint = w * norm.pdf(x[:, None], m, s)
    fig, ax = plt.subplots()
    ax.plot(x, joint.sum(axis=1), color="black", label="p(x)")
    ax.plot(x, joint[:, 0], label="tonkatsu")
    ax.plot(x, joint[:, 1], label="hamburger")
    ax.set(xlabel="weight (g)", ylabel="density (1/g)")
    ax.legend()
    return fig
