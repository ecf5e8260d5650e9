# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([7.0, 3.0]))) @ "component"
    weight = normal(jnp.where(component == 0, 500.0, 350.0), 2.0) @ "weight"
    return weight, component

# %% scratch
def rng_of(key):
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))

# %% simulate_bentos
def simulate_bentos(key, num_bentos):
    rng = rng_of(key)
    components = rng.choice(2, size=num_bentos, p=[0.7, 0.3])
    return rng.normal(np.array([500.0, 350.0])[components], 2.0), components

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
    w = np.exp(np.asarray(log_weights, float) - np.max(log_weights))
    return w / w.sum()

# %% effective_sample_size
def effective_sample_size(weights):
    return float(1 / np.sum(np.asarray(weights, float) ** 2))

# %% importance_sampling
def importance_sampling(key, x, num_particles):
    rng = rng_of(key)
    x = np.asarray(x, float)
    pi = rng.dirichlet([1.0, 1.0], num_particles)
    mu = rng.normal(400.0, 50.0, (num_particles, 2))
    sigma = rng.gamma(2.0, 1.0, (num_particles, 2))
    z = (rng.random((num_particles, len(x))) > pi[:, :1]).astype(int)
    m, s = np.take_along_axis(mu, z, 1), np.take_along_axis(sigma, z, 1)
    log_weights = np.sum(-0.5 * ((x - m) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi), axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}

# %% written_bayesian_gmm [markdown]
# 1. 440 g is in the valley between the two kinds, so it is no typical bento.
# 2. Only one draw counts, so the averages mean nothing. The prior is too wide.
