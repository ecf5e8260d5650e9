# JAX, batched and compiled: no program in what is drawn. Quick, all of it.

# %% scratch
import math
from functools import partial


# %% bento_mixture
@gen
def bento_mixture():
    logits = jnp.array([0.0, math.log(3 / 7)])
    component = categorical(logits) @ "component"
    mean = jnp.where(component == 0, 500.0, 350.0)
    weight = normal(mean, jnp.sqrt(4.0)) @ "weight"
    return weight, component


# %% simulate_bentos
@partial(jax.jit, static_argnames="num_bentos")
def simulate_bentos(key, num_bentos):
    component_key, weight_key = jax.random.split(key)
    components = jax.random.bernoulli(component_key, 0.3, (num_bentos,)).astype(int)
    noise = jax.random.normal(weight_key, (num_bentos,))
    return jnp.where(components == 0, 500.0, 350.0) + 2.0 * noise, components


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
@jax.jit
def normalize_log_weights(log_weights):
    ratios = jnp.exp(log_weights - jnp.max(log_weights))
    return ratios / ratios.sum()


# %% effective_sample_size
@jax.jit
def effective_sample_size(weights):
    return 1 / jnp.sum(weights**2)


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
