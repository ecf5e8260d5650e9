# %% scratch
# which way round??
sample_assignments(jax.random.key(0), BENTOS)

# %% sample_assignments
def sample_assignments(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))

# %% sample_weights
def sample_weights(key, z, alpha):
    counts = jnp.array([jnp.sum(z == k) for k in range(len(alpha))])
    return jax.random.dirichlet(key, alpha + counts, (1,))

# %% sample_means
def sample_means(key, x, z, sigma, loc, scale):
    mine = jax.nn.one_hot(z, loc.size)
    lam = scale**-2.0 + mine.sum(0) / sigma**2
    center = (loc / scale**2 + x @ mine / sigma**2) / lam
    return center + jax.random.normal(key, loc.shape) / jnp.sqrt(lam)

# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    import math
    return (shape - count) * u - rate * math.exp(u) - squares / (2 * math.exp(2 * u))

# %% delete gibbs


# %% relabel
def relabel(samples):
    def one(pi, mu, sigma, z):
        order = jnp.argsort(mu)
        new_name = jnp.zeros_like(order).at[order].set(jnp.arange(mu.size))
        return {"pi": pi[order], "mu": mu[order], "sigma": sigma[order], "z": new_name[z]}

    parts = [jnp.asarray(samples[name]) for name in ("pi", "mu", "sigma", "z")]
    return dict(samples) | jax.vmap(one)(*parts)

# %% duplicate relabel


# %% assignment_probabilities
def assignment_probabilities(samples, x_new):
    logs = jnp.log(samples["pi"]) + norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"])
    w = jax.nn.softmax(samples["log_weights"]) if "log_weights" in samples else jnp.ones(len(logs[0])) / len(logs[0])
    return (w[:, None] * jax.nn.softmax(logs, axis=2)).sum(1)

# %% assignment_entropy
def assignment_entropy(probabilities):
    return jax.scipy.special.entr(probabilities).sum(axis=-1)

# %% written_gibbs_sampling [markdown]
# 1. Count how often z_i is each component in the draws, after relabelling.
