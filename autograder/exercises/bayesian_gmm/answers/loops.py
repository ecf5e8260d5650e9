# Python loops: one bento, one particle, one number after the other.

# %% scratch
import math


# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([7.0, 3.0]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component


# %% scratch
one_bento = jax.jit(lambda key: seed(bento_mixture.simulate)(key).get_retval())


# %% simulate_bentos
def simulate_bentos(key, num_bentos):
    weights, components = [], []
    for one in jax.random.split(key, num_bentos):
        weight, component = one_bento(one)
        weights.append(float(weight))
        components.append(int(component))
    return jnp.array(weights), jnp.array(components)


# %% normalize_log_weights
def normalize_log_weights(log_weights):
    logs = np.asarray(log_weights).tolist()
    ratios = [math.exp(log - max(logs)) for log in logs]
    return [ratio / math.fsum(ratios) for ratio in ratios]


# %% effective_sample_size
def effective_sample_size(weights):
    return 1 / math.fsum(weight**2 for weight in np.asarray(weights).tolist())


# %% scratch
@jax.jit
def particle(key, x):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    first = jax.random.uniform(pi_key)
    pi = jnp.stack([first, 1 - first])
    mu = 400 + 50 * jax.random.normal(mu_key, (2,))
    sigma = jax.random.gamma(sigma_key, 2.0, (2,))
    z = (jax.random.uniform(z_key, x.shape) >= first).astype(int)
    log_weight = jnp.zeros(())
    for i in range(len(x)):
        log_weight += norm.logpdf(x[i], mu[z[i]], sigma[z[i]])
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weight}


# %% importance_sampling
def importance_sampling(key, x, num_particles):
    particles = [particle(one, x) for one in jax.random.split(key, num_particles)]
    return {name: np.stack([particle[name] for particle in particles]) for name in particles[0]}
