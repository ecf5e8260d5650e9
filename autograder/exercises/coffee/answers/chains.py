# Four chains side by side; before any cup, one draw after the other.

# %% choose_mean_prior
def choose_mean_prior():
    """Exchangeable, and wide."""
    return 125.0 * jnp.ones(3), 50.0 * jnp.ones(3)


# %% prior_predictive
def prior_predictive(key, locs, scales, num_draws):
    levels = []
    for one in jax.random.split(key, num_draws):
        pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(one, 5)
        z = jax.random.categorical(z_key, jnp.log(jax.random.dirichlet(pi_key, jnp.ones(3))))
        mean = locs[z] + scales[z] * jax.random.normal(mu_key)
        std = jax.random.gamma(sigma_key, 2.0)
        levels.append(mean + std * jax.random.normal(x_key))
    return jnp.array(levels)


# %% scratch from gibbs_sampling/chains


# %% scratch
PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return gibbs(key, x, PRIOR, num_samples)


# %% assignment_posterior
def assignment_posterior(samples):
    """Draw by draw: the labels in the order of the means."""
    mu, z = (np.asarray(samples[name]) for name in ("mu", "z"))
    log_weights = np.asarray(samples.get("log_weights", np.zeros(len(mu))), np.float64)
    weights = np.exp(log_weights - np.logaddexp.reduce(log_weights))
    total = np.zeros((z.shape[1], 3))
    for weight, means, labels in zip(weights, mu, z):
        total += weight * (labels[:, None] == np.argsort(means))
    return total


# %% coassignment
def coassignment(z_samples):
    z = np.asarray(z_samples)
    n = z.shape[1]
    return [[np.mean(z[:, i] == z[:, j]) for j in range(n)] for i in range(n)]


# %% scratch
BLENDS = ("low", "medium", "high")


# %% plot_assignments
def plot_assignments(x, probabilities):
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    figure, panels = plt.subplots(1, 3, sharey=True, figsize=(9, 3))
    for k, axes in enumerate(panels):
        axes.scatter(x, probabilities[:, k])
        axes.set_title(f"{BLENDS[k]} blend")
        axes.set_xlabel("mg")
    panels[0].set_ylabel("probability")
    return figure
