# %% scratch
import numpy as np

# %% component_log_density
def component_log_density(x, means, stds):
    x, means, stds = np.asarray(x, float), np.asarray(means, float), np.asarray(stds, float)
    return -((x[:, None] - means) ** 2) / (2 * stds**2) - np.log(np.sqrt(2 * np.pi) * stds)

# %% responsibilities
def responsibilities(x, weights, means, stds):
    a = component_log_density(x, means, stds) + np.log(np.asarray(weights))
    a -= a.max(axis=1)[:, None]
    p = np.exp(a)
    return p / p.sum(axis=1, keepdims=True)

# %% marginal_density
def marginal_density(x, weights, means, stds):
    return (np.exp(component_log_density(x, means, stds)) * np.asarray(weights)).sum(1)

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    w, m, v = np.asarray(weights, float), np.asarray(means, float), np.asarray(stds, float) ** 2
    c2 = 0.5 / v[1] - 0.5 / v[0]
    c1 = m[0] / v[0] - m[1] / v[1]
    c0 = 0.5 * m[1] ** 2 / v[1] - 0.5 * m[0] ** 2 / v[0] + np.log(w[0] / w[1]) + 0.5 * np.log(v[1] / v[0])
    roots = np.roots([c2, c1, c0])
    return np.sort(roots[np.isreal(roots)].real)

# %% count_modes
def count_modes(weights, means, stds):
    m, s = np.asarray(means, float), np.asarray(stds, float)
    grid = np.linspace(m.min() - 3 * s.max(), m.max() + 3 * s.max(), 20011)
    p = marginal_density(grid, weights, means, stds)
    return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))

# %% plot_mixture
def plot_mixture(weights, means, stds):
    m, s = np.asarray(means), np.asarray(stds)
    x = np.linspace(min(m - 4 * s), max(m + 4 * s), 1500)
    fig, axes = plt.subplots(2, 1, sharex=True)
    axes[0].plot(x, marginal_density(x, weights, means, stds), label="p(x)")
    for k in range(len(m)):
        part = weights[k] * np.exp(component_log_density(x, means, stds))[:, k]
        axes[0].plot(x, part, linestyle=["--", ":"][k], label=f"component {k}")
    axes[0].set_ylabel("density")
    axes[0].legend()
    axes[1].plot(x, responsibilities(x, weights, means, stds)[:, 0], label="P(c=0|x)")
    axes[1].set(xlabel="weight (g)", ylabel="probability")
    axes[1].legend()
    return fig

# %% written_categorization [markdown]
# The prior shifts the boundary towards the rarer component. Variances: two boundaries. One peak if close together.
