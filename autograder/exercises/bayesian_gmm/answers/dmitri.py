# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    weight = normal(500.0 - 150.0 * component, 2.0) @ "weight"
    return weight, component

# %% scratch
from functools import partial

# %% simulate_bentos
@partial(jax.jit, static_argnames="num_bentos")
def simulate_bentos(key, num_bentos):
    def one(key):
        return seed(bento_mixture.simulate)(key).get_retval()

    return jax.lax.map(one, jax.random.split(key, num_bentos))

# %% bayesian_gmm
@gen
def bayesian_gmm(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=2)(jnp.full(2, 400.0), 50.0) @ "mu"
    sigma = gamma.vmap(in_axes=(None, 0), axis_size=2)(2.0, jnp.ones(2)) @ "sigma"
    logits = jnp.broadcast_to(jnp.log(pi), (num_observations, 2))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"

# %% normalize_log_weights
normalize_log_weights = jax.jit(jax.nn.softmax)

# %% effective_sample_size
effective_sample_size = jax.jit(lambda w: 1 / (w @ w))

# %% importance_sampling
@partial(jax.jit, static_argnames="num_particles")
def importance_sampling(key, x, num_particles):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    pi = jax.random.dirichlet(pi_key, jnp.ones(2), (num_particles,))
    mu = 400 + 50 * jax.random.normal(mu_key, (num_particles, 2))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_particles, 2))
    z = jax.random.categorical(z_key, jnp.log(pi)[:, None, :], shape=(num_particles, len(x)))
    rows = jnp.arange(num_particles)[:, None]
    log_weights = norm.logpdf(x, mu[rows, z], sigma[rows, z]).sum(axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}
