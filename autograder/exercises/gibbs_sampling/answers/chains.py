# JAX, compiled; Gumbel noise, softmax of log gammas; four chains side by side.

# %% scratch
from functools import partial


# %% sample_assignments
@jax.jit
def sample_assignments(key, x, pi, mu, sigma):
    log_joint = jnp.log(pi) - jnp.log(sigma) - 0.5 * jnp.square((x[:, None] - mu) / sigma)
    return jnp.argmax(log_joint + jax.random.gumbel(key, log_joint.shape), axis=-1)


# %% sample_weights
def sample_weights(key, z, alpha):
    concentration = alpha.at[z].add(1.0)
    return jax.nn.softmax(jax.random.loggamma(key, concentration))


# %% sample_means
@jax.jit
def sample_means(key, x, z, sigma, loc, scale):
    """Bayes' rule for one observation after the other: each belief is the prior of the next."""

    def see(belief, observation):
        x_i, z_i = observation
        mean, variance = belief
        gain = jnp.where(jnp.arange(len(loc)) == z_i, variance / (variance + sigma**2), 0.0)
        return (mean + gain * (x_i - mean), (1 - gain) * variance), None

    (mean, variance), _ = jax.lax.scan(see, (loc, scale**2), (x, z))
    return mean + jnp.sqrt(variance) * jax.random.normal(key, loc.shape)


# %% log_std_density
@jax.jit
def log_std_density(u, count, squares, shape, rate):
    """So that the largest value is 0."""
    logs = (shape - count) * u - rate * jnp.exp(u) - squares / 2 * jnp.exp(-2 * u)
    return logs - logs.max()


# %% sample_stds
@jax.jit
def sample_stds(key, x, z, mu, sigma, shape, rate):
    """Multiplicative steps, uniform in log sigma; the Jacobian is a factor of the ratio."""

    def log_posterior(s):
        return jax.scipy.stats.gamma.logpdf(s, shape, scale=1 / rate) + jnp.where(
            z[:, None] == jnp.arange(len(mu)), norm.logpdf(x[:, None], mu, s), 0.0
        ).sum(axis=0)

    step_key, accept_key = jax.random.split(key)
    factors = jnp.exp(jax.random.uniform(step_key, (8, *mu.shape), minval=-1.2, maxval=1.2))
    uniforms = jax.random.uniform(accept_key, (8, *mu.shape))
    for factor, u in zip(factors, uniforms, strict=True):
        proposed = sigma * factor
        ratio = jnp.exp(jnp.minimum(log_posterior(proposed) - log_posterior(sigma), 80.0)) * factor
        sigma = jnp.where(u < ratio, proposed, sigma)
    return sigma


# %% scratch
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
        z = sample_assignments(z_key, x, pi, mu, sigma)
        pi = sample_weights(pi_key, z, prior.alpha)
        mu = means_by_shrinkage(mu_key, x, z, sigma, prior.loc, prior.scale)
        sigma = draw_on_grid(sigma_key, *counts_and_squares(x, z, mu), prior.shape, prior.rate, 400)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    return sweep


def first_state(x, k):
    return jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, x.std() / k)


# %% gibbs
@partial(jax.jit, static_argnames="num_samples")
def gibbs(key, x, prior, num_samples):
    """Four chains side by side: `vmap` of a scan over keys, a draw from every second sweep."""
    burn_in, each = 100, -(-num_samples // 4)

    def chain(key):
        keys = jax.random.split(key, burn_in + 2 * each)
        _, draws = jax.lax.scan(exact_sweep(x, prior), first_state(x, len(prior.loc)), keys)
        return {name: draw[burn_in::2] for name, draw in draws.items()}

    draws = jax.vmap(chain)(jax.random.split(key, 4))
    return {name: draw.reshape(-1, *draw.shape[2:])[:num_samples] for name, draw in draws.items()}


# %% relabel
@jax.jit
def relabel(samples):
    """In ascending order of the means, with the labels found by search."""
    order = jnp.argsort(samples["mu"], axis=1)
    places = jnp.argsort(order, axis=1)
    named = {name: jax.vmap(lambda row, o: row[o])(samples[name], order) for name in ("pi", "mu", "sigma")}
    return samples | named | {"z": jax.vmap(lambda row, place: place[row])(samples["z"], places)}


# %% assignment_probabilities
@jax.jit
def assignment_probabilities(samples, x_new):
    log_weights = samples["log_weights"] if "log_weights" in samples else jnp.zeros(len(samples["mu"]))

    def add(total, draw):
        pi, mu, sigma, log_weight = draw
        return jnp.logaddexp(total, log_weight + jnp.log(pi) + norm.logpdf(x_new[:, None], mu, sigma)), None

    start = jnp.full((len(x_new), samples["mu"].shape[1]), -jnp.inf)
    draws = (samples["pi"], samples["mu"], samples["sigma"], log_weights)
    return jax.nn.softmax(jax.lax.scan(add, start, draws)[0], axis=1)


# %% assignment_entropy
@jax.jit
def assignment_entropy(probabilities):
    logs = jnp.log(jnp.where(probabilities > 0, probabilities, 1.0))
    return jnp.einsum("mk,mk->m", probabilities, -logs)
