# A key of the old kind is carried along. The fit only.

# %% scratch
from functools import partial


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
def gibbs_with_a_carried_key(key, x, prior, num_samples):
    """The key of the old kind is carried along, and split for each sweep."""
    sweep = exact_sweep(x, prior)

    def go_on(carried, _):
        state, key = carried
        key, first, second = jax.random.split(key, 3)
        state, _ = sweep(state, first)
        state, draw = sweep(state, second)
        return (state, key), draw

    start = first_state(x, len(prior.loc)), jax.random.key_data(key)
    _, draws = jax.lax.scan(go_on, start, length=100 + num_samples)
    return {name: draw[100:] for name, draw in draws.items()}


PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return gibbs_with_a_carried_key(key, x, PRIOR, num_samples)
