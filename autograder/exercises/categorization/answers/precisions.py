# JAX, with precisions in place of variances, and with twin axes.

# %% scratch
from jax.scipy.stats import norm


# %% component_log_density
def component_log_density(x, means, stds):
    precisions = 1 / stds**2
    return (jnp.log(precisions / (2 * jnp.pi)) - precisions * (x[:, None] - means) ** 2) / 2


# %% responsibilities
def responsibilities(x, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jnp.exp(logs - logsumexp(logs, axis=1, keepdims=True))


# %% marginal_density
def marginal_density(x, weights, means, stds):
    return jnp.exp(-0.5 * ((x[:, None] - means) / stds) ** 2) / (stds * jnp.sqrt(2 * jnp.pi)) @ weights


# %% scratch
def coefficients(means, stds):
    """The log likelihood ratio as a x^2 + b x + c, up to the terms without a mean; from the raw numbers."""
    (m0, m1), (s0, s1) = means, stds
    a = 1 / (2 * s1**2) - 1 / (2 * s0**2)
    b = m0 / s0**2 - m1 / s1**2
    return a, b, m1**2 / (2 * s1**2) - m0**2 / (2 * s0**2)


# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    a, b, c = coefficients(means, stds)
    c = c + jnp.log(weights[0]) - jnp.log(weights[1]) + jnp.log(stds[1]) - jnp.log(stds[0])
    if jnp.isclose(a, 0, atol=1e-9):
        return jnp.array([]) if jnp.isclose(b, 0, atol=1e-9) else -c[None] / b
    roots = (-b + jnp.array([1, -1]) * jnp.sqrt(b**2 - 4 * a * c)) / (2 * a)
    return jnp.sort(roots[~jnp.isnan(roots)])


# %% count_modes
def count_modes(weights, means, stds):
    """By the sign of the slope, in 64 bits."""
    with jax.enable_x64(True):
        weights, means, stds = (jnp.asarray(a, jnp.float64) for a in (weights, means, stds))

        def log_density(one):
            return logsumexp(jnp.log(weights) + norm.logpdf(one, means, stds))

        grid = jnp.linspace(jnp.min(means - 2 * stds), jnp.max(means + 2 * stds), 3001)
        slope = jax.vmap(jax.grad(log_density))(grid)
        return int(jnp.sum((slope[:-1] > 0) & (slope[1:] <= 0)))


# %% plot_mixture
def plot_mixture(weights, means, stds):
    x = jnp.linspace(float(jnp.min(means - 4 * stds)), float(jnp.max(means + 4 * stds)), 2000)
    figure, left = plt.subplots(figsize=(9, 3))
    right = left.twinx()
    left.plot(x, marginal_density(x, weights, means, stds), "k", lw=3, label="mixture")
    for k in range(2):
        left.plot(x, weights[k] * norm.pdf(x, means[k], stds[k]), "--", label=f"component {k}")
    right.plot(x, responsibilities(x, weights, means, stds)[:, 0], "r:", label="posterior")
    left.set_xlabel("x")
    left.set_ylabel("density")
    right.set_ylabel("posterior")
    figure.legend(loc="upper left")
    return figure
