# %% scratch
import numpy as np
from scipy import optimize, special, stats

# %% component_log_density
def component_log_density(x, means, stds):
    return np.column_stack([stats.norm.logpdf(np.asarray(x), float(m), float(s)) for m, s in zip(means, stds)])

# %% responsibilities
def responsibilities(x, weights, means, stds):
    return special.softmax(component_log_density(x, means, stds) + np.log(np.asarray(weights)), axis=1)

# %% marginal_density
def marginal_density(x, weights, means, stds):
    return np.exp(special.logsumexp(component_log_density(x, means, stds), axis=1, b=np.asarray(weights)))

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    def f(t):
        logs = component_log_density(np.atleast_1d(t), means, stds) + np.log(np.asarray(weights))
        return np.squeeze(logs[:, 0] - logs[:, 1])

    m, s = np.asarray(means, float), np.asarray(stds, float)
    grid = np.linspace(m.min() - 100 * s.max() - 3 * np.ptp(m), m.max() + 100 * s.max() + 3 * np.ptp(m), 3001)
    values = f(grid)
    return tuple(optimize.brentq(f, a, b) for a, b, u, v in zip(grid, grid[1:], values, values[1:]) if u * v < 0)

# %% count_modes
def count_modes(weights, means, stds):
    m, s = np.asarray(means, float), np.asarray(stds, float)
    x = np.arange(m.min() - 3 * s.max(), m.max() + 3 * s.max(), s.min() / 25)
    y = marginal_density(x, weights, means, stds)
    d = np.sign(np.diff(y))
    d = d[d != 0]
    return np.int64(np.sum((d[:-1] > 0) & (d[1:] < 0)))

# %% plot_mixture
def plot_mixture(weights, means, stds):
    m, s = np.asarray(means), np.asarray(stds)
    x = np.linspace((m - 4 * s).min(), (m + 4 * s).max(), 999)
    fig, (a, b) = plt.subplots(1, 2, figsize=(10, 4))
    a.plot(x, marginal_density(x, weights, means, stds), lw=3, label="mixture")
    for k, name in enumerate(["first", "second"]):
        a.plot(x, float(weights[k]) * stats.norm.pdf(x, m[k], s[k]), label=name)
        a.axvline(m[k], color="grey")
    b.plot(x, responsibilities(x, weights, means, stds)[:, 0], label="first")
    for ax in (a, b):
        ax.set_xlabel("weight [g]")
        ax.legend()
    a.set_ylabel("density [1/g]")
    b.set_ylabel("posterior probability")
    return fig

# %% written_categorization [markdown]
# The more common component gets more room. Two boundaries if the stds differ. One peak if the means are near each other.
