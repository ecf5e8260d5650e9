# SciPy; three panels of 100 points each.

# %% scratch
import numpy as np
import scipy
from matplotlib.figure import Figure


# %% component_log_density
def component_log_density(x, means, stds):
    x, means, stds = (np.asarray(a) for a in (x, means, stds))
    return scipy.stats.norm(means, stds).logpdf(x[:, None])


# %% responsibilities
def responsibilities(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a) for a in (x, weights, means, stds))
    return scipy.special.softmax(np.log(weights) + component_log_density(x, means, stds), axis=1)


# %% marginal_density
def marginal_density(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a) for a in (x, weights, means, stds))
    return sum(w * scipy.stats.norm.pdf(x, m, s) for w, m, s in zip(weights, means, stds, strict=True))


# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    """Changes of sign on a grid, each refined by a root finder."""
    weights, means, stds = (np.asarray(a) for a in (weights, means, stds))

    def log_odds(x):
        first, second = np.log(weights) + scipy.stats.norm.logpdf(x, means, stds)
        return first - second

    grid = np.linspace(means.min() - 60 * stds.max(), means.max() + 300 * stds.max(), 20_011)
    joint = np.log(weights) + scipy.stats.norm.logpdf(grid[:, None], means, stds)
    turns = np.flatnonzero(np.diff(np.sign(joint[:, 0] - joint[:, 1])))
    return np.array([scipy.optimize.brentq(log_odds, grid[i], grid[i + 1]) for i in turns])


# %% count_modes
def count_modes(weights, means, stds):
    weights, means, stds = (np.asarray(a) for a in (weights, means, stds))
    grid = np.linspace(np.min(means) - 3 * np.max(stds), np.max(means) + 3 * np.max(stds), 5000)
    return len(scipy.signal.find_peaks(marginal_density(grid, weights, means, stds))[0])


# %% plot_mixture
def plot_mixture(weights, means, stds):
    weights, means, stds = (np.asarray(a) for a in (weights, means, stds))
    x = np.linspace(np.min(means - 3 * stds), np.max(means + 3 * stds), 100)
    parts = weights * scipy.stats.norm.pdf(x[:, None], means, stds)
    figure = Figure()
    axes = figure.subplots(1, 3)
    axes[0].plot(x, parts[:, 0] + parts[:, 1], "o-", label="p")
    axes[1].plot(x, parts[:, 0], x, parts[:, 1])
    axes[2].plot(x, responsibilities(x, weights, means, stds)[:, 0])
    figure.supxlabel("weight (g)")
    figure.supylabel("density, density, probability")
    axes[0].legend()
    return figure
