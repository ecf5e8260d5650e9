# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), 20.0**2) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% choose_mean_prior
def choose_mean_prior():
    return jnp.array([80.0, 120.0, 160.0]), jnp.array([5.0, 5.0, 5.0])

# %% prior_predictive
def prior_predictive(key, locs, scales, num_draws):
    pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
    pi = jax.random.dirichlet(pi_key, jnp.ones(3))
    mu = locs + scales * jax.random.normal(mu_key, (3,))
    sigma = jax.random.gamma(sigma_key, 2.0, (3,))
    z = jax.random.categorical(z_key, jnp.log(pi), shape=(num_draws,))
    return mu[z] + sigma[z] * jax.random.normal(x_key, (num_draws,))

# %% fit_coffee
def fit_coffee(key, x, num_samples):
    m, s, burn_in = jnp.array([80.0, 120.0, 160.0]), 20.0, 300

    def sweep(theta, key):
        kz, kpi, kmu, ksd = jax.random.split(key, 4)
        z = jax.random.categorical(kz, jnp.log(theta["pi"]) + norm.logpdf(x[:, None], theta["mu"], theta["sigma"]))
        mine = jax.nn.one_hot(z, 3)
        n = mine.sum(0)
        pi = jax.random.dirichlet(kpi, 1 + n)
        lam = 1 / s**2 + n / theta["sigma"] ** 2
        mu = (m / s**2 + x @ mine / theta["sigma"] ** 2) / lam + jax.random.normal(kmu, (3,)) / jnp.sqrt(lam)
        ss = (mine * (x[:, None] - mu) ** 2).sum(0)

        def log_q(u):
            return (1 - n) * u - jnp.exp(u) - ss * jnp.exp(-2 * u) / 2

        def move(u, k):
            size_key, propose, accept = jax.random.split(k, 3)
            size = jnp.exp(jax.random.uniform(size_key, (3,), minval=-2.0, maxval=0.3))
            v = u + size * jax.random.normal(propose, (3,))
            return jnp.where(jnp.log(jax.random.uniform(accept, (3,))) < log_q(v) - log_q(u), v, u), None

        u, _ = jax.lax.scan(move, jnp.log(theta["sigma"]), jax.random.split(ksd, 5))
        theta = {"pi": pi, "mu": mu, "sigma": jnp.exp(u)}
        return theta, theta | {"z": z}

    start = {
        "pi": jnp.full(3, 1 / 3),
        "mu": jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6])),
        "sigma": jnp.full(3, x.std() / 3),
    }
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, 2 * (burn_in + num_samples)))
    return jax.tree.map(lambda d: d[2 * burn_in :: 2], draws)

# %% assignment_posterior
def assignment_posterior(samples):
    weights = jax.nn.softmax(samples["log_weights"]) if "log_weights" in samples else jnp.full(len(samples["z"]), 1 / len(samples["z"]))
    return jnp.stack([weights @ (samples["z"] == k) for k in range(3)], axis=1)

# %% coassignment
def coassignment(z_samples):
    p = jnp.stack([(z_samples == k).mean(axis=0) for k in range(3)], axis=1)
    return p @ p.T

# %% plot_assignments
def plot_assignments(x, probabilities):
    figure, axes = plt.subplots()
    for k in range(3):
        axes.plot(x, probabilities[:, k], "o")
    axes.set(xlabel="caffeine (mg)", ylabel="probability")
    return figure

# %% written_coffee [markdown]
# The posterior is more accurate than a point estimate. Images can be segmented with K = 3.
