"""plot_mixture

One panel with a second y axis, NumPy, a Figure without pyplot; the grid is denser around the means.
"""

import numpy as np
from matplotlib.figure import Figure
from scipy.special import expit
from scipy.stats import norm


def plot_mixture(weights, means, stds):
    w, m, s = (np.asarray(v, float) for v in (weights, means, stds))
    around = [np.linspace(c - 6 * d, c + 6 * d, 1200) for c, d in zip(m, s)]
    x = np.unique(np.concatenate([*around, np.linspace((m - 4 * s).min(), (m + 4 * s).max(), 2000)]))
    log_joint = np.log(w) + norm.logpdf(x[:, None], m, s)
    figure = Figure()
    left = figure.subplots()
    right = left.twinx()
    left.plot(x, np.exp(log_joint).sum(axis=1), label="p(x)")
    left.plot(x, np.exp(log_joint), label=["tonkatsu", "hamburger"])
    right.plot(x, expit(log_joint[:, 0] - log_joint[:, 1]), "k:", label="P(tonkatsu)")
    left.set_xlabel("weight (g)")
    left.set_ylabel("density")
    right.set_ylabel("P(c = 0 | x)")
    figure.legend()
    return figure
