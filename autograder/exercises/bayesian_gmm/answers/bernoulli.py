# Labels by Bernoulli draws; weights as ratios of densities.

# %% scratch
from functools import partial
from genjax import bernoulli


# %% bento_mixture
@gen
def bento_mixture():
    component = bernoulli(jnp.log(0.3 / 0.7)) @ "component"
    weight = normal(500.0 - 150.0 * component, 2.0) @ "weight"
    return weight, component


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
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = bernoulli.repeat(num_observations)(jnp.log(pi[1]) - jnp.log(pi[0])) @ "z"
    means = jnp.where(z == 1, mu[1], mu[0])
    stds = jnp.where(z == 1, sigma[1], sigma[0])
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"


# %% normalize_log_weights
def normalize_log_weights(log_weights):
    log_weights = np.asarray(log_weights)
    return np.exp(log_weights - np.logaddexp.reduce(log_weights))


# %% effective_sample_size
def effective_sample_size(weights):
    return 1 / np.linalg.norm(np.asarray(weights)) ** 2


# %% importance_sampling
@partial(jax.jit, static_argnames="num_particles")
def importance_sampling(key, x, num_particles):
    """Worlds are simulated with data of their own; the weight is the change of the density with the real data."""

    def one(key):
        trace = seed(lambda: bayesian_gmm.simulate(len(x)))(key)
        choices = trace.get_choices()
        own = norm.logpdf(choices["x"], choices["mu"][choices["z"]], choices["sigma"][choices["z"]]).sum()
        prior = -trace.get_score() - own
        joint, _ = bayesian_gmm.assess(choices | {"x": x}, len(x))
        return {name: choices[name] for name in ("pi", "mu", "sigma", "z")} | {"log_weights": joint - prior}

    return jax.vmap(one)(jax.random.split(key, num_particles))
