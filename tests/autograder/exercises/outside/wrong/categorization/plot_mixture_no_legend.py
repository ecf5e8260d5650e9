"""plot_mixture

Everything is drawn and labelled, but legend() is never called.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm


def plot_mixture(weights, means, stds):
    w, m, s = map(np.asarray, (weights, means, stds))
    x = np.linspace((m - 4 * s).min(), (m + 4 * s).max(), 4000)
    joint = w * norm.pdf(x[:, None], m, s)
    log_joint = np.log(w) + norm.logpdf(x[:, None], m, s)
    fig, (a, b) = plt.subplots(2, 1, sharex=True)
    a.plot(x, joint.sum(axis=1), label="p(x)")
    a.plot(x, joint[:, 0], label="tonkatsu")
    a.plot(x, joint[:, 1], label="hamburger")
    b.plot(x, 1 / (1 + np.exp(np.clip(log_joint[:, 1] - log_joint[:, 0], -500, 500))), label="P(c = 0 | x)")
    a.set_ylabel("density")
    b.set(xlabel="weight (g)", ylabel="probability")
    return fig
