"""plot_mixture

plt.show() at the end instead of returning the Figure.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import softmax
from scipy.stats import norm


def plot_mixture(weights, means, stds):
    w, m, s = map(np.asarray, (weights, means, stds))
    x = np.linspace((m - 4 * s).min(), (m + 4 * s).max(), 2000)
    joint = w * norm.pdf(x[:, None], m, s)
    fig, axes = plt.subplots(1, 2)
    axes[0].plot(x, joint.sum(1), label="p(x)")
    axes[0].plot(x, joint[:, 0], label="0")
    axes[0].plot(x, joint[:, 1], label="1")
    axes[1].plot(x, softmax(np.log(w) + norm.logpdf(x[:, None], m, s), axis=1)[:, 0], label="P(c=0|x)")
    for ax in axes:
        ax.set_xlabel("x")
        ax.set_ylabel("y")
        ax.legend()
    plt.show()
