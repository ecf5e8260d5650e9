# %% delete setup


# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component

# %% bayesian_gmm
@gen
def bayesian_gmm(num_observations):
    pi = dirichlet(jnp.array([1.0, 1.0])) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    x = normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    return x, z

# %% normalize_log_weights
def normalize_log_weights(log_weights):
    return jnp.exp(log_weights - logsumexp(jnp.asarray(log_weights)))

# %% effective_sample_size
def effective_sample_size(weights):
    return jnp.sum(weights) ** 2 / jnp.sum(jnp.square(weights))

# %% importance_sampling
def importance_sampling(key, x, num_particles):
    keys = jax.random.split(key, num_particles
    return jax.vmap(lambda k: seed(lambda: bayesian_gmm.generate({"x": x}, len(x)))(k))(keys)

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

# %% written_bayesian_gmm [markdown]
# 1. Count how often z_i is each component in the draws, after relabelling.
