# A race of exponential clocks, proposals from the prior; the number of the sweep is folded into the key.

# %% scratch
from functools import partial
from genjax import dirichlet
from genjax import seed


# %% sample_assignments
@jax.jit
def sample_assignments(key, x, pi, mu, sigma):
    """Exponential clocks whose rates are the probabilities: the first to ring wins."""
    log_joint = jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma)
    rates = jax.nn.softmax(log_joint, axis=1)
    return jnp.argmin(jax.random.exponential(key, rates.shape) / jnp.maximum(rates, 1e-30), axis=1)


# %% sample_weights
def sample_weights(key, z, alpha):
    counts = jnp.sum(jnp.equal(z, jnp.arange(len(alpha))[:, None]), axis=1)
    return seed(dirichlet.simulate)(key, alpha + counts).get_retval()


# %% sample_means
@jax.jit
def sample_means(key, x, z, sigma, loc, scale):
    """A draw of the prior and noisy copies of the data, averaged by precision, are a draw of the posterior."""
    prior_key, data_key = jax.random.split(key)
    drawn = loc + scale * jax.random.normal(prior_key, loc.shape)
    copies = x + sigma[z] * jax.random.normal(data_key, x.shape)
    member = (z == jnp.arange(len(loc))[:, None]).astype(float)  # (K, N)
    total = drawn / scale**2 + (member * copies).sum(axis=1) / sigma**2
    return total / (1 / scale**2 + member.sum(axis=1) / sigma**2)


# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    """The likelihood of observations that have these squares."""
    sigma = jnp.exp(u)
    deviations = jnp.full(count, jnp.sqrt(squares / max(count, 1)))
    likelihood = norm.logpdf(deviations[:, None], 0.0, sigma).sum(axis=0)
    return likelihood + jax.scipy.stats.gamma.logpdf(sigma * rate, shape) + u


# %% scratch
def counts_and_squares(x, z, mu):
    member = z == jnp.arange(len(mu))[:, None]  # (K, N)
    return member.sum(axis=1), jnp.where(member, (x - mu[:, None]) ** 2, 0.0).sum(axis=1)


# %% sample_stds
@jax.jit
def sample_stds(key, x, z, mu, sigma, shape, rate):
    """Ten proposals from the prior: it cancels, and the likelihood decides."""
    counts, squares = counts_and_squares(x, z, mu)

    def log_likelihood(s):
        return -counts * jnp.log(s) - 0.5 * squares / s**2

    def step(sigma, key):
        step_key, accept_key = jax.random.split(key)
        proposed = jax.random.gamma(step_key, shape) / rate
        log_ratio = log_likelihood(proposed) - log_likelihood(sigma)
        return jnp.where(jnp.log(jax.random.uniform(accept_key, mu.shape)) < log_ratio, proposed, sigma), None

    return jax.lax.scan(step, sigma, jax.random.split(key, 10))[0]


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


# %% gibbs
@partial(jax.jit, static_argnames="num_samples")
def gibbs(key, x, prior, num_samples):
    """The number of the sweep is folded into the key; draws are written to their places."""
    burn_in, sweep, start = 100, exact_sweep(x, prior), first_state(x, len(prior.loc))
    _, first = jax.eval_shape(sweep, start, key)
    kept = {name: jnp.zeros((num_samples, *form.shape), form.dtype) for name, form in first.items()}

    def go_on(i, state_and_kept):
        state, kept = state_and_kept
        state, draw = sweep(state, jax.random.fold_in(key, i))
        at = (i - burn_in) // 2  # of the draws before, the first place keeps the last
        return state, {name: rows.at[jnp.maximum(at, 0)].set(draw[name]) for name, rows in kept.items()}

    return jax.lax.fori_loop(0, burn_in + 2 * num_samples, go_on, (start, kept))[1]
