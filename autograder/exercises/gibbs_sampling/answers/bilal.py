# %% scratch
def rng_of(key):
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))

# %% sample_assignments
def sample_assignments(key, x, pi, mu, sigma):
    rng = rng_of(key)
    x, pi, mu, sigma = (np.asarray(item, float) for item in (x, pi, mu, sigma))
    log_joint = np.log(pi) - np.log(sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    joint = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    probabilities = joint / joint.sum(axis=1, keepdims=True)
    return np.array([rng.choice(len(pi), p=row) for row in probabilities])

# %% sample_weights
def sample_weights(key, z, alpha):
    counts = np.bincount(np.asarray(z), minlength=len(alpha))
    return rng_of(key).dirichlet(np.asarray(alpha, float) + counts)

# %% sample_means
def sample_means(key, x, z, sigma, loc, scale):
    rng = rng_of(key)
    x, z, sigma, loc, scale = (np.asarray(item, float) for item in (x, z, sigma, loc, scale))
    mu = np.empty(len(loc))
    for k in range(len(loc)):
        own = x[z == k]
        variance = 1 / (1 / scale[k] ** 2 + len(own) / sigma[k] ** 2)
        mean = variance * (loc[k] / scale[k] ** 2 + own.sum() / sigma[k] ** 2)
        mu[k] = rng.normal(mean, np.sqrt(variance))
    return mu

# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    sigma = np.exp(np.asarray(u, float))
    prior = (shape - 1) * np.log(sigma) - rate * sigma
    likelihood = -count * np.log(sigma) - squares / (2 * sigma**2)
    return prior + likelihood + np.log(sigma)  # the last one is the Jacobian

# %% sample_stds
def sample_stds(key, x, z, mu, sigma, shape, rate):
    rng = rng_of(key)
    x, z, mu, sigma, shape, rate = (np.asarray(a, float) for a in (x, z, mu, sigma, shape, rate))
    out = sigma.copy()
    for k in range(len(mu)):
        own = x[z == k]
        n, squares = len(own), np.sum((own - mu[k]) ** 2)

        def log_density_of_log(s):
            return (shape[k] - n) * np.log(s) - rate[k] * s - squares / (2 * s**2)

        for size in (0.25, 0.6, 1.2):
            new = out[k] * np.exp(size * rng.standard_normal())
            if np.log(rng.random()) < log_density_of_log(new) - log_density_of_log(out[k]):
                out[k] = new
    return out

# %% gibbs
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

# %% relabel
def relabel(samples):
    out = {name: np.array(value) for name, value in samples.items()}
    for s, mu in enumerate(np.asarray(samples["mu"])):
        order = np.argsort(mu)
        for name in ("pi", "mu", "sigma"):
            out[name][s] = out[name][s][order]
        for new, old in enumerate(order):
            out["z"][s][np.asarray(samples["z"])[s] == old] = new
    return out

# %% assignment_probabilities
def assignment_probabilities(samples, x_new):
    pi, mu, sigma = (np.asarray(samples[name], float)[:, None] for name in ("pi", "mu", "sigma"))  # (S, 1, K)
    logs = np.log(pi) - np.log(sigma) - 0.5 * ((np.asarray(x_new, float)[:, None] - mu) / sigma) ** 2
    if "log_weights" in samples:
        logs = logs + np.asarray(samples["log_weights"], float)[:, None, None]
    p = np.exp(logs - logs.max(axis=(0, 2), keepdims=True)).sum(axis=0)
    return p / p.sum(axis=1, keepdims=True)

# %% assignment_entropy
def assignment_entropy(probabilities):
    p = np.asarray(probabilities, float)
    return -np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0).sum(axis=1)

# %% written_gibbs_sampling [markdown]
# 1. Average the weighted densities of the components over the draws and normalise, after sorting the components by their
#    means.
# 2. A point estimate has no uncertainty. 425 g is ambiguous with the known recipe because it is in the middle.
