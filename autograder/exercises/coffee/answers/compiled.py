# The reference's chain, compiled as a whole; what is drawn before any cup, in one go.

# %% scratch
from functools import partial


# %% choose_mean_prior
def choose_mean_prior():
    return jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0)


# %% prior_predictive
@partial(jax.jit, static_argnames="num_draws")
def prior_predictive(key, locs, scales, num_draws):
    pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
    pi = jax.random.dirichlet(pi_key, jnp.ones(3), (num_draws,))
    mu = locs + scales * jax.random.normal(mu_key, (num_draws, 3))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_draws, 3))
    z = jax.random.categorical(z_key, jnp.log(pi))[:, None]
    mean, std = (jnp.take_along_axis(parameter, z, axis=1)[:, 0] for parameter in (mu, sigma))
    return mean + std * jax.random.normal(x_key, (num_draws,))


# %% fit_coffee
from reference import coffee

fit_coffee = partial(jax.jit, static_argnames="num_samples")(coffee.fit_coffee)


# %% assignment_posterior
@jax.jit
def assignment_posterior(samples):
    """Probabilities of the labels as they are in each draw, their columns then put in order."""
    log_weights = samples.get("log_weights", jnp.zeros(len(samples["mu"])))
    member = jax.nn.one_hot(samples["z"], 3)  # (S, N, 3)
    ordered = jax.vmap(lambda one, means: one[:, jnp.argsort(means)])(member, samples["mu"])
    return jnp.tensordot(jax.nn.softmax(log_weights), ordered, axes=1)


# %% coassignment
@jax.jit
def coassignment(z_samples):
    columns = z_samples.T
    return jax.vmap(lambda one: jax.vmap(lambda other: jnp.mean(one == other))(columns))(columns)


# %% scratch
def labelled(axes):
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend given data)")
    axes.legend()
    return axes.figure


BLENDS = ("low", "medium", "high")


# %% plot_assignments
def plot_assignments(x, probabilities):
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    _, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    axes.stackplot(x[order], probabilities[order].T, labels=BLENDS)
    return labelled(axes)
