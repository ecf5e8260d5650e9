# Python loops over observations and components, and lists. Nothing is compiled.

# %% scratch
import math


# %% sample_assignments
def sample_assignments(key, x, pi, mu, sigma):
    z = []
    for one, x_i in zip(jax.random.split(key, len(x)), x, strict=True):
        logs = [jnp.log(pi[k]) + norm.logpdf(x_i, mu[k], sigma[k]) for k in range(len(pi))]
        z.append(jax.random.categorical(one, jnp.stack(logs)))
    return jnp.stack(z)


# %% sample_weights
def sample_weights(key, z, alpha):
    concentration = []
    for k in range(len(alpha)):
        count = 0.0
        for z_i in z:
            count = count + (z_i == k)
        concentration.append(alpha[k] + count)
    return jax.random.dirichlet(key, jnp.stack(concentration))


# %% sample_means
def sample_means(key, x, z, sigma, loc, scale):
    mu = []
    for k, one in enumerate(jax.random.split(key, len(loc))):
        precision = scale[k] ** -2.0 + jnp.sum(z == k) / sigma[k] ** 2
        total = loc[k] / scale[k] ** 2 + jnp.sum(jnp.where(z == k, x, 0.0)) / sigma[k] ** 2
        mu.append(total / precision + jax.random.normal(one) / jnp.sqrt(precision))
    return jnp.stack(mu)


# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    return [
        shape * v - rate * math.exp(v) - count * v - squares / (2 * math.exp(v) ** 2) for v in np.asarray(u).tolist()
    ]


# %% sample_stds
def sample_stds(key, x, z, mu, sigma, shape, rate):
    moved = []
    for k, one in enumerate(jax.random.split(key, len(mu))):
        step_key, accept_key = jax.random.split(one)
        count = jnp.sum(z == k)
        squares = jnp.sum(jnp.where(z == k, x - mu[k], 0.0) ** 2)
        old, new = sigma[k], sigma[k] * jnp.exp(0.7 * jax.random.normal(step_key))
        log_ratio = (shape[k] - count) * jnp.log(new / old) - rate[k] * (new - old)
        log_ratio -= squares / 2 * (new**-2.0 - old**-2.0)
        moved.append(jnp.where(jnp.log(jax.random.uniform(accept_key)) < log_ratio, new, old))
    return jnp.stack(moved)


# %% gibbs
def gibbs(key, x, prior, num_samples):
    """Nothing is compiled, and components are visited one after the other."""
    k = len(prior.loc)
    pi = jnp.full(k, 1 / k)
    mu = jnp.quantile(x, (jnp.arange(k) + 0.5) / k)
    sigma = jnp.full(k, jnp.std(x) / k)
    draws = {"pi": [], "mu": [], "sigma": [], "z": []}
    burn_in = 100
    for sweep in range(burn_in + num_samples):
        key, z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 6)
        log_joint = jnp.log(pi) - jnp.log(sigma) - (x[:, None] - mu) ** 2 / (2 * sigma**2)
        z = jax.random.categorical(z_key, log_joint)
        counts = jnp.stack([jnp.sum(z == j) for j in range(k)])
        pi = jax.random.dirichlet(pi_key, prior.alpha + counts)
        noise = jax.random.normal(mu_key, (k,))
        means = []
        for j in range(k):
            precision = 1 / prior.scale[j] ** 2 + counts[j] / sigma[j] ** 2
            total = prior.loc[j] / prior.scale[j] ** 2 + jnp.sum(x * (z == j)) / sigma[j] ** 2
            means.append(total / precision + noise[j] / jnp.sqrt(precision))
        mu = jnp.stack(means)
        squares = jnp.stack([jnp.sum((z == j) * (x - mu[j]) ** 2) for j in range(k)])
        for sigma_key, size in zip(sigma_keys, (0.4, 0.9), strict=True):
            noise, log_u = jax.random.normal(sigma_key, (2, k))
            log_u = norm.logcdf(log_u)  # the logarithm of a uniform number
            new = sigma * jnp.exp(size * noise)
            log_ratio = (prior.shape - counts) * jnp.log(new / sigma) - prior.rate * (new - sigma)
            log_ratio = log_ratio - squares / 2 * (1 / new**2 - 1 / sigma**2)
            sigma = jnp.where(log_u < log_ratio, new, sigma)
        if sweep >= burn_in:
            for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma), ("z", z)):
                draws[name].append(value)
    return {name: jnp.stack(values) for name, values in draws.items()}


# %% relabel
def relabel(samples):
    named = {name: np.asarray(samples[name]).tolist() for name in ("pi", "mu", "sigma", "z")}
    for s, means in enumerate(named["mu"]):
        order = sorted(range(len(means)), key=means.__getitem__)
        for name in ("pi", "mu", "sigma"):
            named[name][s] = [named[name][s][k] for k in order]
        named["z"][s] = [order.index(k) for k in named["z"][s]]
    return dict(samples) | {name: np.array(rows) for name, rows in named.items()}


# %% assignment_probabilities
def assignment_probabilities(samples, x_new):
    draws = {name: np.asarray(values, np.float64).tolist() for name, values in samples.items()}
    log_weights = draws.get("log_weights", [0.0] * len(draws["mu"]))
    table = []
    for x in np.asarray(x_new, np.float64).tolist():
        logs = [
            [
                log_weight + math.log(w) - math.log(s) - ((x - m) / s) ** 2 / 2
                for w, m, s in zip(draws["pi"][i], draws["mu"][i], draws["sigma"][i])
            ]
            for i, log_weight in enumerate(log_weights)
        ]
        top = max(map(max, logs))
        totals = [sum(math.exp(log - top) for log in column) for column in zip(*logs)]
        table.append([total / sum(totals) for total in totals])
    return table


# %% assignment_entropy
def assignment_entropy(probabilities):
    return [-sum(p * math.log(p) for p in row if p > 0) for row in np.asarray(probabilities).tolist()]
