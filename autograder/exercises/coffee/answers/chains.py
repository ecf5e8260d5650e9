# Four chains side by side; before any cup, one draw after the other.

# %% scratch
from functools import partial


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


# %% scratch
@jax.jit
def assignments_gumbel(key, x, pi, mu, sigma):
    log_joint = jnp.log(pi) - jnp.log(sigma) - 0.5 * jnp.square((x[:, None] - mu) / sigma)
    return jnp.argmax(log_joint + jax.random.gumbel(key, log_joint.shape), axis=-1)


def weights_of_log_gammas(key, z, alpha):
    concentration = alpha.at[z].add(1.0)
    return jax.nn.softmax(jax.random.loggamma(key, concentration))


@jax.jit
def means_by_shrinkage(key, x, z, sigma, loc, scale):
    """A weighted average of the component's mean and of loc."""
    k = len(loc)
    counts = jnp.bincount(z, length=k)
    totals = jax.ops.segment_sum(x, z, num_segments=k)
    averages = totals / jnp.maximum(counts, 1)
    trust = counts * scale**2 / (counts * scale**2 + sigma**2)
    mean = trust * averages + (1 - trust) * loc
    std = scale * jnp.sqrt(1 - trust)
    return mean + std * jax.random.normal(key, (k,))


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


def exact_sweep(x, prior):
    """One sweep in which every conditional is drawn exactly; that of sigma on a grid."""

    def sweep(state, key):
        pi, mu, sigma = state
        z_key, pi_key, mu_key, sigma_key = jax.random.split(key, 4)
        z = assignments_gumbel(z_key, x, pi, mu, sigma)
        pi = weights_of_log_gammas(pi_key, z, prior.alpha)
        mu = means_by_shrinkage(mu_key, x, z, sigma, prior.loc, prior.scale)
        sigma = draw_on_grid(sigma_key, *counts_and_squares(x, z, mu), prior.shape, prior.rate, 400)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    return sweep


def first_state(x, k):
    return jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, x.std() / k)


@partial(jax.jit, static_argnames="num_samples")
def gibbs_in_chains(key, x, prior, num_samples):
    """Four chains side by side: `vmap` of a scan over keys, a draw from every second sweep."""
    burn_in, each = 100, -(-num_samples // 4)

    def chain(key):
        keys = jax.random.split(key, burn_in + 2 * each)
        _, draws = jax.lax.scan(exact_sweep(x, prior), first_state(x, len(prior.loc)), keys)
        return {name: draw[burn_in::2] for name, draw in draws.items()}

    draws = jax.vmap(chain)(jax.random.split(key, 4))
    return {name: draw.reshape(-1, *draw.shape[2:])[:num_samples] for name, draw in draws.items()}


PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return gibbs_in_chains(key, x, PRIOR, num_samples)


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
