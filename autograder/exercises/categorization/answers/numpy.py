# Plain NumPy, in the float type that comes.

# %% scratch
import numpy as np


# %% component_log_density
def component_log_density(x, means, stds):
    x, means, stds = (np.asarray(a) for a in (x, means, stds))
    variances = stds**2
    return -0.5 * np.log(2 * np.pi * variances) - (x[:, None] - means) ** 2 / (2 * variances)


# %% responsibilities
def responsibilities(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a) for a in (x, weights, means, stds))
    logs = np.log(weights) + component_log_density(x, means, stds)
    ratios = np.exp(logs - logs.max(axis=1, keepdims=True))
    return ratios / ratios.sum(axis=1, keepdims=True)


# %% marginal_density
def marginal_density(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a) for a in (x, weights, means, stds))
    return (weights * np.exp(component_log_density(x, means, stds))).sum(axis=1)


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
    c = c + np.log(weights[0] * stds[1] / (weights[1] * stds[0]))
    if a == 0:
        return [] if b == 0 else [-c / b]
    discriminant = b**2 - 4 * a * c
    if discriminant < 0:
        return []
    return sorted([(-b - np.sqrt(discriminant)) / (2 * a), (-b + np.sqrt(discriminant)) / (2 * a)])


# %% count_modes
def count_modes(weights, means, stds):
    weights, means, stds = (np.asarray(a) for a in (weights, means, stds))
    grid = np.linspace(np.min(means - 4 * stds), np.max(means + 4 * stds), 2000, dtype=means.dtype)
    p = marginal_density(grid, weights, means, stds)
    return np.sum((p[1:-1] > p[:-2]) & (p[1:-1] > p[2:]))


# %% plot_mixture
def plot_mixture(weights, means, stds):
    weights, means, stds = (np.asarray(a) for a in (weights, means, stds))
    x = np.linspace(np.min(means - 3 * stds), np.max(means + 3 * stds), 400)
    parts = weights * np.exp(component_log_density(x, means, stds))
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True)
    top.plot(x, parts.sum(axis=1), label="p(x)")
    top.plot(x, parts, label=["tonkatsu", "hamburger"])
    bottom.plot(x, responsibilities(x, weights, means, stds)[:, 0], label="P(tonkatsu)")
    top.set_ylabel("density")
    bottom.set(xlabel="grams", ylabel="probability")
    top.legend()
    bottom.legend()
    return figure
