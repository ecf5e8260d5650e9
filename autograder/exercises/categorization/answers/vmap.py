# JAX, for one observation, mapped and jitted. NumPy's polynomials; a figure on an uneven grid, from right to left.

# %% scratch
import numpy as np
import scipy
from jax.scipy.stats import norm


# %% component_log_density
@jax.jit
def component_log_density(x, means, stds):
    one = jax.vmap(norm.logpdf, in_axes=(None, 0, 0))
    return jax.vmap(one, in_axes=(0, None, None))(x, means, stds)


# %% responsibilities
@jax.jit
def responsibilities(x, weights, means, stds):
    return jax.vmap(lambda one: jax.nn.softmax(norm.logpdf(one, means, stds) + jnp.log(weights)))(x)


# %% marginal_density
@jax.jit
def marginal_density(x, weights, means, stds):
    return jax.vmap(lambda one: jnp.dot(weights, norm.pdf(one, means, stds)))(x)


# %% scratch
def coefficients(means, stds):
    """The log likelihood ratio as a x^2 + b x + c, up to the terms without a mean; from the raw numbers."""
    (m0, m1), (s0, s1) = means, stds
    a = 1 / (2 * s1**2) - 1 / (2 * s0**2)
    b = m0 / s0**2 - m1 / s1**2
    return a, b, m1**2 / (2 * s1**2) - m0**2 / (2 * s0**2)


# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    weights, means, stds = (np.asarray(a, np.float64) for a in (weights, means, stds))
    a, b, c = coefficients(means, stds)
    log_odds = np.polynomial.Polynomial([c + np.log(weights[0] / weights[1] * stds[1] / stds[0]), b, a]).trim()
    return [root.real for root in sorted(log_odds.roots()) if abs(root.imag) < 1e-9] if log_odds.degree() else []


# %% count_modes
def count_modes(weights, means, stds):
    """Roots of the slope of p: one more peak than valley."""
    weights, means, stds = (np.asarray(a, np.float64) for a in (weights, means, stds))
    grid = np.linspace(means.min() - stds.min(), means.max() + stds.min(), 4001)
    slope = (weights * scipy.stats.norm.pdf(grid[:, None], means, stds) * (means - grid[:, None]) / stds**2).sum(axis=1)
    signs = np.sign(slope[slope != 0])
    return (1 + np.count_nonzero(np.diff(signs))) // 2


# %% plot_mixture
def plot_mixture(weights, means, stds):
    """A grid of two parts, fine near the means, as a careful drawer makes it."""
    bells = (np.asarray(means)[:, None] + np.asarray(stds)[:, None] * np.linspace(-4, 4, 200)).ravel()
    wide = np.linspace(np.min(means - 4 * stds), np.max(means + 4 * stds), 300)
    x = jnp.asarray(np.sort(np.concatenate([bells, wide]))[::-1])
    parts = weights * jnp.exp(component_log_density(x, means, stds))
    posterior = responsibilities(x, weights, means, stds)[:, 0]
    figure, axes = plt.subplots()
    for name, y in (("p", parts.sum(axis=1)), ("0", parts[:, 0]), ("1", parts[:, 1]), ("P", posterior)):
        axes.plot(x, y, label=name)
    axes.set(xlabel="x", ylabel="y")
    axes.legend()
    return figure
