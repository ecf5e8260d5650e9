# %% bento_mixture
@gen
def bento_mixture():
    component = categorical(jax.nn.log_softmax(jnp.log(jnp.array([0.7, 0.3])))) @ "component"
    row = jnp.take(jnp.array([[500.0, 2.0], [350.0, 2.0]]), component, axis=0)
    weight = normal(row[0], row[1]) @ "weight"
    return weight, component

# %% scratch
from functools import partial

from jax.scipy.special import ndtri

# %% simulate_bentos
@partial(jax.jit, static_argnames="num_bentos")
def simulate_bentos(key, num_bentos):
    u, v = jax.random.uniform(key, (2, num_bentos), minval=1e-7, maxval=1.0)
    components = (u >= 0.7).astype(int)
    return jnp.array([500.0, 350.0])[components] + 2.0 * ndtri(v), components

# %% bayesian_gmm
@gen
def bayesian_gmm(num_observations):
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    pi = dirichlet(jnp.ones(2)) @ "pi"
    z = categorical.repeat(num_observations)(3.0 + jnp.log(pi)) @ "z"
    member = jax.nn.one_hot(z, 2)
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(member @ mu, member @ sigma) @ "x"

# %% normalize_log_weights
def normalize_log_weights(log_weights):
    return jnp.exp(log_weights - logsumexp(jnp.asarray(log_weights)))

# %% effective_sample_size
def effective_sample_size(weights):
    return jnp.sum(weights) ** 2 / jnp.sum(jnp.square(weights))

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

# %% written_bayesian_gmm [markdown]
# 1. The mean tells what many bentos weigh in total, not what one weighs, because there are two peaks.
# 2. The average is one draw. With 20 bentos, no draw from the prior fits all of them.
