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

# %% written_bayesian_gmm [markdown]
# 1. The average is between the two kinds and no bento has it.
