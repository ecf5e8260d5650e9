# Slice sampling with z summed out; standard deviations by the inverse of a tabulated distribution function.

# %% log_std_density
from scipy import stats


def log_std_density(u, count, squares, shape, rate):
    """With all the constants of the densities."""
    sigma = np.exp(np.asarray(u, np.float64))
    prior = stats.gamma.logpdf(sigma, shape, scale=1 / rate) + np.log(sigma)
    return prior - count * np.log(sigma) - squares / 2 / sigma**2


# %% scratch
def draw_on_grid(key, counts, squares, shape, rate, num_nodes):
    """Draws of sigma by the inverse of a distribution function that is tabulated over log sigma."""
    low = jnp.log(1e-4 * shape / rate)
    high = jnp.log(12 * shape / rate + jnp.sqrt(squares))
    nodes = low[:, None] + (high - low)[:, None] * jnp.linspace(0, 1, num_nodes)  # (K, G)
    log_density = (shape - counts)[:, None] * nodes - rate[:, None] * jnp.exp(nodes)
    log_density -= 0.5 * squares[:, None] * jnp.exp(-2 * nodes)
    density = jnp.exp(log_density - log_density.max(axis=1, keepdims=True))
    areas = (density[:, 1:] + density[:, :-1]) / 2
    cdf = jnp.concatenate([jnp.zeros_like(low)[:, None], jnp.cumsum(areas, axis=1)], axis=1)
    u = jax.random.uniform(key, low.shape)
    return jnp.exp(jax.vmap(jnp.interp)(u * cdf[:, -1], cdf, nodes))


def counts_and_squares(x, z, mu):
    member = z == jnp.arange(len(mu))[:, None]  # (K, N)
    return member.sum(axis=1), jnp.where(member, (x - mu[:, None]) ** 2, 0.0).sum(axis=1)


# %% sample_stds
@jax.jit
def sample_stds(key, x, z, mu, sigma, shape, rate):
    return draw_on_grid(key, *counts_and_squares(x, z, mu), shape, rate, 1000)


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


# %% gibbs
def gibbs(key, x, prior, num_samples, *, burn_in=100):
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
