# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    pi = dirichlet(jnp.array([1.0, 1.0, 1.0])) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=3)(80.0 + 40.0 * jnp.arange(3), 20.0) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    x = normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    return x, z

# %% choose_mean_prior
def choose_mean_prior():
    """Means spread over the range; two of four standard deviations on either side of each."""
    low, high = 50.0, 200.0
    locs = np.linspace(low, high, 5)[1:-1]
    return locs, np.full(3, (high - low) / 4)

# %% scratch
def rng_of(key):
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))

# %% prior_predictive
def prior_predictive(key, locs, scales, num_draws):
    rng = rng_of(key)
    pi = rng.dirichlet(np.ones(3), num_draws)
    mu = rng.normal(np.asarray(locs, float), np.asarray(scales, float), (num_draws, 3))
    sigma = rng.gamma(2.0, 1.0, (num_draws, 3))
    z = np.array([rng.choice(3, p=row) for row in pi])
    rows = np.arange(num_draws)
    return rng.normal(mu[rows, z], sigma[rows, z])

# %% fit_coffee
def gibbs(key, x, prior, num_samples, *, burn_in=200, thin=2):
    """Gibbs sampling in float64, all components at once."""
    rng = rng_of(key)
    x = np.asarray(x, float)
    alpha, loc, scale, shape, rate = (np.asarray(row, float) for row in prior)
    n, k = len(x), len(loc)
    labels = np.arange(k)
    pi, mu, sigma = np.full(k, 1 / k), np.quantile(x, (np.arange(k) + 0.5) / k), np.full(k, x.std() / k)
    kept: dict[str, list[np.ndarray]] = {"pi": [], "mu": [], "sigma": [], "z": []}
    for sweep in range((burn_in + num_samples) * thin):
        log_joint = np.log(pi / sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
        z = np.argmax(log_joint + rng.gumbel(size=(n, k)), axis=1)
        member = z[:, None] == labels
        counts = member.sum(axis=0)
        pi = np.maximum(rng.dirichlet(alpha + counts), 1e-300)
        precision = 1 / scale**2 + counts / sigma**2
        mean = (loc / scale**2 + x @ member / sigma**2) / precision
        mu = rng.normal(mean, precision**-0.5)
        squares = ((x[:, None] - mu) ** 2 * member).sum(axis=0)
        u = np.log(sigma)
        target = (shape - counts) * u - rate * sigma - squares / 2 / sigma**2
        for size in (0.3, 0.8, 0.5):
            v = u + size * rng.standard_normal(k)
            s = np.exp(v)
            proposed = (shape - counts) * v - rate * s - squares / 2 / s**2
            accepted = -rng.exponential(size=k) < proposed - target
            u, sigma, target = (np.where(accepted, *pair) for pair in ((v, u), (s, sigma), (proposed, target)))
        if sweep >= burn_in * thin and sweep % thin == 0:
            for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma), ("z", z)):
                kept[name].append(value)
    return {name: np.array(draws) for name, draws in kept.items()}


PRIOR = Prior(np.ones(3), np.array([80.0, 120.0, 160.0]), np.full(3, 20.0), np.full(3, 2.0), np.ones(3))


def fit_coffee(key, x, num_samples):
    return gibbs(key, x, PRIOR, num_samples, burn_in=50, thin=10)

# %% assignment_posterior
def assignment_posterior(samples):
    mu, z = np.asarray(samples["mu"]), np.asarray(samples["z"])
    w = np.ones(len(mu))
    if "log_weights" in samples:
        log_w = np.asarray(samples["log_weights"], float)
        w = np.exp(log_w - log_w.max())
    p = np.zeros((z.shape[1], 3))
    for s in range(len(mu)):
        for blend, label in enumerate(np.argsort(mu[s])):
            p[z[s] == label, blend] += w[s]
    return p / w.sum()

# %% coassignment
def coassignment(z_samples):
    z = np.asarray(z_samples)
    together = np.zeros((z.shape[1], z.shape[1]))
    for row in z:
        together += row[:, None] == row
    return together / len(z)

# %% plot_assignments
def plot_assignments(x, probabilities):
    fig = plt.figure(figsize=(8, 4))
    for k, (name, marker) in enumerate(zip(["low", "medium", "high"], ["v", "o", "^"])):
        plt.scatter(np.asarray(x), np.asarray(probabilities)[:, k], marker=marker, label=name)
    plt.xlabel("caffeine [mg]")
    plt.ylabel("probability")
    plt.legend()
    return fig

# %% written_coffee [markdown]
# 1. The probabilities say how sure it is, a point estimate does not.
# 2. Anomaly detection: x is a temperature of a machine, components are its states, K by BIC.
