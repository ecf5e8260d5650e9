"""Right answers to the conditionals, in other styles and by other methods: false-fail rates are measured on them."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from genjax import categorical, dirichlet, seed
from jax.scipy.stats import norm

from autograder.exercises import Right
from autograder.exercises.keys import generator


def _assignments_numpy(key, x, pi, mu, sigma):
    rng = generator(key)
    x, pi, mu, sigma = (np.asarray(item, float) for item in (x, pi, mu, sigma))
    log_joint = np.log(pi) - np.log(sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    joint = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    probabilities = joint / joint.sum(axis=1, keepdims=True)
    return np.array([rng.choice(len(pi), p=row) for row in probabilities])


@jax.jit
def assignments_gumbel(key, x, pi, mu, sigma):
    log_joint = jnp.log(pi) - jnp.log(sigma) - 0.5 * jnp.square((x[:, None] - mu) / sigma)
    return jnp.argmax(log_joint + jax.random.gumbel(key, log_joint.shape), axis=-1)


@jax.jit
def _assignments_inverse_cdf(key, x, pi, mu, sigma):
    log_joint = jnp.log(pi)[:, None] + norm.logpdf(x, mu[:, None], sigma[:, None])  # (K, N)
    cdf = jnp.cumsum(jax.nn.softmax(log_joint, axis=0), axis=0)
    return jnp.sum(jax.random.uniform(key, x.shape) >= cdf[:-1], axis=0)


def _assignments_looped(key, x, pi, mu, sigma):
    z = []
    for one, x_i in zip(jax.random.split(key, len(x)), x, strict=True):
        logs = [jnp.log(pi[k]) + norm.logpdf(x_i, mu[k], sigma[k]) for k in range(len(pi))]
        z.append(jax.random.categorical(one, jnp.stack(logs)))
    return jnp.stack(z)


@jax.jit
def _assignments_by_race(key, x, pi, mu, sigma):
    """Exponential clocks whose rates are the probabilities: the first to ring wins."""
    log_joint = jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma)
    rates = jax.nn.softmax(log_joint, axis=1)
    return jnp.argmin(jax.random.exponential(key, rates.shape) / jnp.maximum(rates, 1e-30), axis=1)


@jax.jit
def _assignments_by_program(key, x, pi, mu, sigma):
    logits = jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma)
    draw = categorical.vmap(in_axes=(0,), axis_size=len(x))
    return seed(lambda: draw.simulate(logits))(key).get_retval()


SAMPLE_ASSIGNMENTS = (
    Right(name="numpy_float64", variant=_assignments_numpy),
    Right(name="gumbel_max", variant=assignments_gumbel),
    Right(name="inverse_cdf", variant=_assignments_inverse_cdf),
    Right(name="loop_over_observations", variant=_assignments_looped),
    Right(name="exponential_race", variant=_assignments_by_race),
    Right(name="genjax_categorical", variant=_assignments_by_program),
)


def _weights_numpy(key, z, alpha):
    counts = np.bincount(np.asarray(z), minlength=len(alpha))
    return generator(key).dirichlet(np.asarray(alpha, float) + counts)


@jax.jit
def _weights_of_gammas(key, z, alpha):
    concentration = alpha + jnp.bincount(z, length=len(alpha))
    shares = jax.random.gamma(key, concentration)
    return shares / shares.sum()


def weights_of_log_gammas(key, z, alpha):
    concentration = alpha.at[z].add(1.0)
    return jax.nn.softmax(jax.random.loggamma(key, concentration))


@jax.jit
def _weights_by_sticks(key, z, alpha):
    k = len(alpha)
    concentration = alpha + (z[:, None] == jnp.arange(k)).sum(axis=0)
    after = concentration.sum() - jnp.cumsum(concentration)
    breaks = jax.random.beta(key, concentration[:-1], after[:-1])
    left = jnp.concatenate([jnp.ones(1), jnp.cumprod(1 - breaks)])
    return left * jnp.concatenate([breaks, jnp.ones(1)])


def _weights_looped(key, z, alpha):
    concentration = []
    for k in range(len(alpha)):
        count = 0.0
        for z_i in z:
            count = count + (z_i == k)
        concentration.append(alpha[k] + count)
    return jax.random.dirichlet(key, jnp.stack(concentration))


def _weights_by_program(key, z, alpha):
    counts = jnp.sum(jnp.equal(z, jnp.arange(len(alpha))[:, None]), axis=1)
    return seed(dirichlet.simulate)(key, alpha + counts).get_retval()


SAMPLE_WEIGHTS = (
    Right(name="numpy_float64", variant=_weights_numpy),
    Right(name="normalised_gammas", variant=_weights_of_gammas),
    Right(name="softmax_of_log_gammas", variant=weights_of_log_gammas),
    Right(name="stick_breaking", variant=_weights_by_sticks),
    Right(name="loop_over_observations", variant=_weights_looped),
    Right(name="genjax_dirichlet", variant=_weights_by_program),
)


def _means_numpy(key, x, z, sigma, loc, scale):
    rng = generator(key)
    x, z, sigma, loc, scale = (np.asarray(item, float) for item in (x, z, sigma, loc, scale))
    mu = np.empty(len(loc))
    for k in range(len(loc)):
        own = x[z == k]
        variance = 1 / (1 / scale[k] ** 2 + len(own) / sigma[k] ** 2)
        mean = variance * (loc[k] / scale[k] ** 2 + own.sum() / sigma[k] ** 2)
        mu[k] = rng.normal(mean, np.sqrt(variance))
    return mu


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


def _means_looped(key, x, z, sigma, loc, scale):
    mu = []
    for k, one in enumerate(jax.random.split(key, len(loc))):
        precision = scale[k] ** -2.0 + jnp.sum(z == k) / sigma[k] ** 2
        total = loc[k] / scale[k] ** 2 + jnp.sum(jnp.where(z == k, x, 0.0)) / sigma[k] ** 2
        mu.append(total / precision + jax.random.normal(one) / jnp.sqrt(precision))
    return jnp.stack(mu)


@jax.jit
def _means_one_by_one(key, x, z, sigma, loc, scale):
    """Bayes' rule for one observation after the other: each belief is the prior of the next."""

    def see(belief, observation):
        x_i, z_i = observation
        mean, variance = belief
        gain = jnp.where(jnp.arange(len(loc)) == z_i, variance / (variance + sigma**2), 0.0)
        return (mean + gain * (x_i - mean), (1 - gain) * variance), None

    (mean, variance), _ = jax.lax.scan(see, (loc, scale**2), (x, z))
    return mean + jnp.sqrt(variance) * jax.random.normal(key, loc.shape)


@jax.jit
def _means_perturbed(key, x, z, sigma, loc, scale):
    """A draw of the prior and noisy copies of the data, averaged by precision, are a draw of the posterior."""
    prior_key, data_key = jax.random.split(key)
    drawn = loc + scale * jax.random.normal(prior_key, loc.shape)
    copies = x + sigma[z] * jax.random.normal(data_key, x.shape)
    member = (z == jnp.arange(len(loc))[:, None]).astype(float)  # (K, N)
    total = drawn / scale**2 + (member * copies).sum(axis=1) / sigma**2
    return total / (1 / scale**2 + member.sum(axis=1) / sigma**2)


SAMPLE_MEANS = (
    Right(name="numpy_float64", variant=_means_numpy),
    Right(name="jitted_shrinkage", variant=means_by_shrinkage),
    Right(name="loop_over_components", variant=_means_looped),
    Right(name="one_observation_at_a_time", variant=_means_one_by_one),
    Right(name="perturbed_data", variant=_means_perturbed),
)


def counts_and_squares(x, z, mu):
    member = z == jnp.arange(len(mu))[:, None]  # (K, N)
    return member.sum(axis=1), jnp.where(member, (x - mu[:, None]) ** 2, 0.0).sum(axis=1)


@jax.jit
def _stds_reflected(key, x, z, mu, sigma, shape, rate):
    """A walk of sigma itself: what falls below 0 is reflected, which keeps the proposal symmetric."""
    counts, squares = counts_and_squares(x, z, mu)

    def log_target(s):
        return (shape - 1 - counts) * jnp.log(s) - rate * s - squares / (2 * s**2)

    step_key, accept_key = jax.random.split(key)
    # The width may depend on all but sigma.
    width = jnp.sqrt((shape / rate**2 + squares) / (1 + counts))
    proposed = jnp.abs(sigma + width * jax.random.normal(step_key, sigma.shape))
    ratio = jnp.exp(jnp.minimum(log_target(proposed) - log_target(sigma), 0.0))
    return jnp.where(jax.random.uniform(accept_key, sigma.shape) < ratio, proposed, sigma)


@jax.jit
def _stds_mala(key, x, z, mu, sigma, shape, rate):
    """Langevin proposals for log sigma, with the gradient from JAX."""
    counts, squares = counts_and_squares(x, z, mu)

    def log_target(u):
        return (shape - counts) * u - rate * jnp.exp(u) - 0.5 * squares * jnp.exp(-2 * u)

    def drift(u):
        # Far out in a tail the gradient is enormous; any drift is right, as long as both ways are accounted for.
        gradient = jax.grad(lambda v: log_target(v).sum())(u)
        return u + 0.5 * jnp.clip(size**2 * gradient, -2.0, 2.0)

    def log_proposal(there, here):
        return norm.logpdf(there, drift(here), size)

    size = 1.5 / jnp.sqrt(2 * counts + shape)
    noise_key, accept_key = jax.random.split(key)
    here = jnp.log(sigma)
    there = drift(here) + size * jax.random.normal(noise_key, mu.shape)
    log_ratio = log_target(there) - log_target(here) + log_proposal(here, there) - log_proposal(there, here)
    accepted = -jax.random.exponential(accept_key, mu.shape) < log_ratio
    return jnp.where(accepted, jnp.exp(there), sigma)


def slice_step(rng: np.random.Generator, log_density, start: float, width: float) -> float:
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


def _stds_slice_numpy(key, x, z, mu, sigma, shape, rate):
    rng = generator(key)
    x, z, mu, sigma, shape, rate = (np.asarray(item, float) for item in (x, z, mu, sigma, shape, rate))
    moved = []
    for k in range(len(mu)):
        own = x[z == k]
        count, squares = len(own), float(np.sum((own - mu[k]) ** 2))

        def log_target(u, k=k, count=count, squares=squares):
            return (shape[k] - count) * u - rate[k] * math.exp(u) - squares / 2 * math.exp(-2 * u)

        moved.append(math.exp(slice_step(rng, log_target, math.log(sigma[k]), 1.0)))
    return moved


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


@jax.jit
def _stds_on_grid(key, x, z, mu, sigma, shape, rate):
    return draw_on_grid(key, *counts_and_squares(x, z, mu), shape, rate, 1000)


@jax.jit
def _stds_from_prior(key, x, z, mu, sigma, shape, rate):
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


@jax.jit
def _stds_in_several_steps(key, x, z, mu, sigma, shape, rate):
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


def _stds_looped(key, x, z, mu, sigma, shape, rate):
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


SAMPLE_STDS = (
    Right(name="walk_in_sigma_reflected", variant=_stds_reflected),
    Right(name="mala_in_log_sigma", variant=_stds_mala),
    Right(name="numpy_float64_slice", variant=_stds_slice_numpy),
    Right(name="grid_inverse_cdf", variant=_stds_on_grid),
    Right(name="proposals_from_the_prior", variant=_stds_from_prior),
    Right(name="several_uniform_steps", variant=_stds_in_several_steps),
    Right(name="loop_over_components", variant=_stds_looped),
)
