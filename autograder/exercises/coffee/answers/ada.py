# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), 20.0) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% choose_mean_prior
def choose_mean_prior():
    # nothing tells the blends apart: the middle of the range, both ends at two standard deviations
    return jnp.full(3, 125.0), jnp.full(3, 37.5)

# %% prior_predictive
def prior_predictive(key, locs, scales, num_draws):
    def level(key):
        kpi, kmu, ksd, kz, kx = jax.random.split(key, 5)
        mu = locs + scales * jax.random.normal(kmu, (3,))
        sigma = jax.random.gamma(ksd, 2.0, (3,))
        z = jax.random.categorical(kz, jnp.log(jax.random.dirichlet(kpi, jnp.ones(3))))
        return mu[z] + sigma[z] * jax.random.normal(kx)

    return jax.vmap(level)(jax.random.split(key, num_draws))

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
            return (2 - n) * u - jnp.exp(u) - ss * jnp.exp(-2 * u) / 2

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
    rank = jnp.argsort(jnp.argsort(jnp.asarray(samples["mu"]), axis=1), axis=1)
    blend = jnp.take_along_axis(rank, jnp.asarray(samples["z"]), axis=1)
    w = jax.nn.softmax(samples.get("log_weights", jnp.zeros(len(rank))))
    return jnp.einsum("s,snk->nk", w, jax.nn.one_hot(blend, 3))

# %% coassignment
def coassignment(z_samples):
    return jax.vmap(lambda z: z[:, None] == z)(jnp.asarray(z_samples)).mean(axis=0)

# %% plot_assignments
def plot_assignments(x, probabilities):
    figure, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
    for k, (blend, marker) in enumerate([("low", "o"), ("medium", "s"), ("high", "^")]):
        axes.plot(x, probabilities[:, k], marker, alpha=0.7, label=f"{blend} blend")
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend | data)")
    axes.legend()
    return figure

# %% written_coffee [markdown]
# 1. Each cup has three probabilities that are averaged over everything that is not known. The 30 cups are certain, so a point
#    estimate says the same there. The cup of 99 mg is low with 0.38 and medium with 0.62, and a point estimate just
#    says medium. Labels are named within each draw, by the order of the means.
# 2. Customer segmentation: x is the logarithm of what somebody spends in a year, the components are segments,
#    K by BIC. The model is wrong where people are a continuum or where spending is skewed, since each component is a Gaussian.
