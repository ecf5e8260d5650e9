# A coin for the kind of a bento, or a count of them that is shuffled; log weights that are normalised.

# %% scratch
from functools import partial
from genjax import flip


# %% bento_mixture
@gen
def bento_mixture():
    hamburger = flip(0.3) @ "component"
    weight = normal(jnp.where(hamburger, 350.0, 500.0), 2.0) @ "weight"
    return weight, jnp.asarray(hamburger, int)


# %% scratch
def rng_of(key):
    """NumPy's random numbers, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


# %% simulate_bentos
def simulate_bentos(key, num_bentos):
    """First how many are tonkatsu, then in which order they come."""
    rng = rng_of(key)
    components = np.ones(num_bentos, int)
    components[: rng.binomial(num_bentos, 0.7)] = 0
    rng.shuffle(components)
    return 500 - 150 * components + 2 * rng.standard_normal(num_bentos), components


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
from scipy.special import softmax


def normalize_log_weights(log_weights):
    return softmax(np.asarray(log_weights, np.float64))


# %% effective_sample_size
def effective_sample_size(weights):
    return jax.lax.scan(lambda total, weight: (total + weight**2, None), jnp.zeros(()), weights)[0] ** -1.0


# %% importance_sampling
@partial(jax.jit, static_argnames="num_particles")
def importance_sampling(key, x, num_particles):
    def one(key):
        trace, log_weight = seed(lambda: bayesian_gmm.generate({"x": x}, len(x)))(key)
        return trace.get_choices(), log_weight

    choices, log_weights = jax.vmap(one)(jax.random.split(key, num_particles))
    named = {name: choices[name] for name in ("pi", "mu", "sigma", "z")}
    return named | {"log_weights": jax.nn.log_softmax(log_weights)}
