# Slice sampling with z summed out; Python lists.

# %% scratch
import math


# %% scratch
def rng_of(key):
    """NumPy's random numbers, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


# %% scratch
def state(x, k):
    """Means at quantiles, wide enough to reach their neighbours."""
    return np.full(k, 1 / k), np.quantile(x, (np.arange(k) + 0.5) / k), np.full(k, x.std() / k)


def swap(rng, theta, alpha, loc, scale, shape, rate):
    """Propose that two components exchange their parameters: only the prior can tell the difference."""

    def log_prior(t):
        gammas = np.sum(alpha * t[0] - np.exp(t[0]))
        means = -0.5 * np.sum(((t[1] - loc) / scale) ** 2)
        return gammas + means + np.sum(shape * t[2] - rate * np.exp(t[2]))

    i, j = rng.choice(len(loc), 2, replace=False)
    proposed = theta.copy()
    proposed[:, [i, j]] = theta[:, [j, i]]
    if -rng.exponential() < log_prior(proposed) - log_prior(theta):
        theta[:] = proposed


def slice_step(rng, log_density, start, width):
    """One slice sampling step with stepping out and shrinkage (Neal 2003)."""
    level = log_density(start) - rng.exponential()
    low = start - width * rng.random()
    high = low + width
    while log_density(low) > level:
        low -= width
    while log_density(high) > level:
        high += width
    while True:
        proposed = rng.uniform(low, high)
        if log_density(proposed) > level:
            return proposed
        if proposed < start:
            low = proposed
        else:
            high = proposed


def slice_marginal(key, x, prior, num_samples, *, burn_in=100):
    """Slice sampling of each parameter with z summed out, then z given the parameters.

    pi is a gamma variable for each component, divided by their sum.
    """
    rng = rng_of(key)
    x = np.asarray(x, float)
    alpha, loc, scale, shape, rate = (np.asarray(row, float) for row in prior)
    k = len(loc)
    _, mu, sigma = state(x, k)
    theta = np.stack([np.log(alpha), mu, np.log(sigma)])  # (3, K): log gammas, means, log stds
    widths = np.stack([np.ones(k), np.full(k, x.std()), np.ones(k)])
    exponents = np.stack([alpha, shape])

    def log_joint():
        return theta[0] - theta[2] - 0.5 * ((x[:, None] - theta[1]) * np.exp(-theta[2])) ** 2

    def log_density():
        ends = theta[::2]
        prior_part = np.sum(exponents * ends) - np.exp(theta[0]).sum() - rate @ np.exp(theta[2])
        prior_part -= 0.5 * np.sum(((theta[1] - loc) / scale) ** 2)
        logs = log_joint()
        top = logs.max(axis=1)
        mixture = np.sum(np.log(np.exp(logs - top[:, None]).sum(axis=1)) + top)
        return prior_part + mixture - len(x) * np.log(np.exp(theta[0]).sum())

    draws = {"pi": [], "mu": [], "sigma": [], "z": []}
    for sweep in range(burn_in + num_samples):
        for i, j in np.ndindex(3, k):

            def at(value, i=i, j=j):
                theta[i, j] = value
                return log_density()

            theta[i, j] = slice_step(rng, at, float(theta[i, j]), float(widths[i, j]))
        swap(rng, theta, alpha, loc, scale, shape, rate)
        if sweep >= burn_in:
            gammas = np.exp(theta[0])
            draws["pi"].append(gammas / gammas.sum())
            draws["mu"].append(theta[1].copy())
            draws["sigma"].append(np.exp(theta[2]))
            draws["z"].append(np.argmax(log_joint() + rng.gumbel(size=(len(x), k)), axis=1))
    return {name: np.array(values) for name, values in draws.items()}


PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return slice_marginal(key, x, PRIOR, num_samples)


# %% assignment_posterior
def assignment_posterior(samples):
    draws = {name: np.asarray(values).tolist() for name, values in samples.items()}
    count = len(draws["mu"])
    logs = draws.get("log_weights", [0.0] * count)
    weights = [math.exp(log - max(logs)) for log in logs]
    table = []
    for i in range(len(draws["z"][0])):
        row = [0.0, 0.0, 0.0]
        for s in range(count):
            means = draws["mu"][s]
            row[sum(mean < means[draws["z"][s][i]] for mean in means)] += weights[s] / sum(weights)
        table.append(row)
    return table


# %% coassignment
def coassignment(z_samples):
    draws = np.asarray(z_samples).tolist()
    cups = range(len(draws[0]))
    return [[sum(z[i] == z[j] for z in draws) / len(draws) for j in cups] for i in cups]


# %% scratch
BLENDS = ("low", "medium", "high")


def labelled(axes):
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend given data)")
    axes.legend()
    return axes.figure


# %% plot_assignments
def plot_assignments(x, probabilities):
    """As pandas draws a table: one place for each cup, its level at the tick."""
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    _, axes = plt.subplots()
    at, below = np.arange(len(x)), np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.bar(at, probabilities[:, k], bottom=below, label=name)
        below = below + probabilities[:, k]
    axes.set_xticks(at, [f"{level:.0f}" for level in x], rotation=90)
    return labelled(axes)
