# %% component_log_density
def component_log_density(x, means, stds):
    return jax.scipy.stats.norm.logpdf(x[:, None], loc=means, scale=stds)

# %% responsibilities
def responsibilities(x, weights, means, stds):
    return jax.nn.softmax(jnp.log(weights) + component_log_density(x, means, stds), axis=1)

# %% marginal_density
def marginal_density(x, weights, means, stds):
    return jnp.exp(component_log_density(x, means, stds)) @ weights

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    # a x^2 + b x + c = 0, x measured from the first mean
    d = means[1] - means[0]
    v0, v1 = stds**2
    a = v1 - v0
    b = 2 * v0 * d
    c = -v0 * d**2 - 2 * v0 * v1 * jnp.log(weights[0] * stds[1] / (weights[1] * stds[0]))
    if a == 0:
        if b == 0:
            return jnp.array([])
        return means[0] + jnp.array([-c / b])
    D = b**2 - 4 * a * c
    if D < 0:
        return jnp.array([])
    return means[0] + jnp.sort(jnp.array([(-b - jnp.sqrt(D)) / (2 * a), (-b + jnp.sqrt(D)) / (2 * a)]))

# %% count_modes
def count_modes(weights, means, stds):
    lo, hi = means.min() - stds.max(), means.max() + stds.max()
    grid = jnp.linspace(lo, hi, 5000)
    slope = jax.vmap(jax.grad(lambda t: logsumexp(jnp.log(weights) + jax.scipy.stats.norm.logpdf(t, means, stds))))(grid)
    signs = jnp.sign(slope)
    signs = signs[signs != 0]
    return jnp.sum((signs[:-1] > 0) & (signs[1:] < 0))

# %% plot_mixture
def plot_mixture(weights, means, stds):
    x = jnp.linspace((means - 5 * stds).min(), (means + 5 * stds).max(), 4000)
    fig, ax = plt.subplots(figsize=(8, 4))
    densities = weights * jnp.exp(component_log_density(x, means, stds))
    ax.plot(x, densities.sum(axis=1), "k", label="mixture")
    ax.plot(x, densities[:, 0], "--", c="#0072B2", label="tonkatsu")
    ax.plot(x, densities[:, 1], ":", c="#D55E00", label="hamburger")
    ax.set_xlabel("grams")
    ax.set_ylabel("density")
    twin = ax.twinx()
    twin.plot(x, responsibilities(x, weights, means, stds)[:, 0], "-.", c="#009E73", label="P(tonkatsu | x)")
    twin.set_ylabel("probability")
    fig.legend()
    return fig

# %% written_categorization [markdown]
# 1. With equal sigma the squares cancel: log(pi0/pi1) + (mu0 - mu1)(x - (mu0 + mu1)/2) / sigma^2 = 0, so x is the middle
#    minus sigma^2 log(pi0/pi1) / (mu0 - mu1). The boundary moves away from the mean of the more common kind, because it now wins in a larger region. For the
#    bentos the shift is only 0.02 g since the likelihood ratio changes by a factor e^37 per gram.
# 2. Different variances make the log odds quadratic, so two boundaries (or none). The wide one wins outside.
# 3. When they are close together compared to their std, or one is rare. A histogram with one peak can hide two kinds.
