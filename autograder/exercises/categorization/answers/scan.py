# JAX's loops: map, scan, fori_loop. Roots by NumPy; a figure that reaches far beyond both means.

# %% scratch
import numpy as np
from jax.scipy.stats import norm


# %% component_log_density
def component_log_density(x, means, stds):
    return jax.lax.map(lambda one: norm.logpdf(one, means, stds), x)


# %% responsibilities
def responsibilities(x, weights, means, stds):
    def observe(_, one):
        logs = jnp.log(weights) - ((one - means) / stds) ** 2 / 2 - jnp.log(stds)
        return None, jax.nn.softmax(logs)

    return jax.lax.scan(observe, None, x)[1]


# %% marginal_density
def marginal_density(x, weights, means, stds):
    def add(k, total):
        return total + weights[k] * norm.pdf(x, means[k], stds[k])

    return jax.lax.fori_loop(0, len(weights), add, jnp.zeros_like(x))


# %% scratch
def coefficients(means, stds):
    """The log likelihood ratio as a x^2 + b x + c, up to the terms without a mean; from the raw numbers."""
    (m0, m1), (s0, s1) = means, stds
    a = 1 / (2 * s1**2) - 1 / (2 * s0**2)
    b = m0 / s0**2 - m1 / s1**2
    return a, b, m1**2 / (2 * s1**2) - m0**2 / (2 * s0**2)


# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    weights, means, stds = (np.asarray(a) for a in (weights, means, stds))
    a, b, c = coefficients(means, stds)
    roots = np.roots([a, b, c + np.log(weights[0] / weights[1]) + np.log(stds[1] / stds[0])])
    return np.sort(roots[np.isreal(roots)])


# %% count_modes
def count_modes(weights, means, stds):
    """Mean shift from both means: do the climbs end on the same peak?"""
    weights, means, stds = (np.asarray(a, np.float64) for a in (weights, means, stds))
    x = means.copy()
    for _ in range(3000):
        logs = np.log(weights) - np.log(stds) - ((x[:, None] - means) / stds) ** 2 / 2
        ratios = np.exp(logs - logs.max(axis=1, keepdims=True)) / stds**2
        x = (ratios * means).sum(axis=1) / ratios.sum(axis=1)
    return 1 if abs(x[0] - x[1]) < 1e-3 * stds.min() else 2


# %% plot_mixture
def plot_mixture(weights, means, stds):
    low, high = float(jnp.min(means - 3 * stds)), float(jnp.max(means + 3 * stds))
    x = jnp.linspace(low - (high - low), high + (high - low), 2000)
    parts = weights * jnp.exp(component_log_density(x, means, stds))
    posterior = responsibilities(x, weights, means, stds)[:, 0]
    curves = {"p": marginal_density(x, weights, means, stds), "0": parts[:, 0], "1": parts[:, 1], "P": posterior}
    figure, axes = plt.subplots(4, 1)
    for panel, (name, y) in zip(axes, curves.items()):
        panel.plot(x, y, label=name)
        panel.set(xlabel="x", ylabel=name)
        panel.legend()
    return figure
