"""Right answers in other styles and by other methods than the reference, to measure false-fail rates on."""

import math
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from genjax import bernoulli, categorical, dirichlet, flip, gamma, gen, normal, seed
from jax.scipy.special import logsumexp, ndtri
from jax.scipy.stats import norm

from autograder.exercises import Right
from autograder.exercises.truths import exact_posterior
from reference import bayesian_gmm as reference


def generator(key) -> np.random.Generator:
    """NumPy's generator, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


# --- the known recipe ---


@gen
def _unnormalised_logits():
    component = categorical(jnp.log(jnp.array([7.0, 3.0]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component


@gen
def _bernoulli():
    component = bernoulli(jnp.log(0.3 / 0.7)) @ "component"
    weight = normal(500.0 - 150.0 * component, 2.0) @ "weight"
    return weight, component


@gen
def _flip():
    hamburger = flip(0.3) @ "component"
    weight = normal(jnp.where(hamburger, 350.0, 500.0), 2.0) @ "weight"
    return weight, jnp.asarray(hamburger, int)


@gen
def _where():
    logits = jnp.array([0.0, math.log(3 / 7)])
    component = categorical(logits) @ "component"
    mean = jnp.where(component == 0, 500.0, 350.0)
    weight = normal(mean, jnp.sqrt(4.0)) @ "weight"
    return weight, component


@gen
def _row_of_a_table():
    component = categorical(jax.nn.log_softmax(jnp.log(jnp.array([0.7, 0.3])))) @ "component"
    row = jnp.take(jnp.array([[500.0, 2.0], [350.0, 2.0]]), component, axis=0)
    weight = normal(row[0], row[1]) @ "weight"
    return weight, component


BENTO_MIXTURE = (
    Right(name="unnormalised_logits", variant=_unnormalised_logits),
    Right(name="bernoulli_with_a_logit", variant=_bernoulli),
    Right(name="flip", variant=_flip),
    Right(name="where", variant=_where),
    Right(name="row_of_a_table", variant=_row_of_a_table),
)


def _bentos_numpy(key, num_bentos):
    rng = generator(key)
    components = rng.choice(2, size=num_bentos, p=[0.7, 0.3])
    return rng.normal(np.array([500.0, 350.0])[components], 2.0), components


@partial(jax.jit, static_argnames="num_bentos")
def _bentos_jitted(key, num_bentos):
    component_key, weight_key = jax.random.split(key)
    components = jax.random.bernoulli(component_key, 0.3, (num_bentos,)).astype(int)
    noise = jax.random.normal(weight_key, (num_bentos,))
    return jnp.where(components == 0, 500.0, 350.0) + 2.0 * noise, components


_one_bento = jax.jit(lambda key: seed(_unnormalised_logits.simulate)(key).get_retval())


def _bentos_looped(key, num_bentos):
    weights, components = [], []
    for one in jax.random.split(key, num_bentos):
        weight, component = _one_bento(one)
        weights.append(float(weight))
        components.append(int(component))
    return jnp.array(weights), jnp.array(components)


@partial(jax.jit, static_argnames="num_bentos")
def _bentos_mapped(key, num_bentos):
    def one(key):
        return seed(_where.simulate)(key).get_retval()

    return jax.lax.map(one, jax.random.split(key, num_bentos))


@partial(jax.jit, static_argnames="num_bentos")
def _bentos_by_inverse_cdf(key, num_bentos):
    u, v = jax.random.uniform(key, (2, num_bentos), minval=1e-7, maxval=1.0)
    components = (u >= 0.7).astype(int)
    return jnp.array([500.0, 350.0])[components] + 2.0 * ndtri(v), components


def _bentos_counted(key, num_bentos):
    """First how many are tonkatsu, then in which order they come."""
    rng = generator(key)
    components = np.ones(num_bentos, int)
    components[: rng.binomial(num_bentos, 0.7)] = 0
    rng.shuffle(components)
    return 500 - 150 * components + 2 * rng.standard_normal(num_bentos), components


SIMULATE_BENTOS = (
    Right(name="numpy_float64", variant=_bentos_numpy),
    Right(name="jitted", variant=_bentos_jitted, first=True),
    Right(name="loop_over_bentos", variant=_bentos_looped),
    Right(name="lax_map_of_a_program", variant=_bentos_mapped),
    Right(name="inverse_cdf", variant=_bentos_by_inverse_cdf),
    Right(name="counted_then_shuffled", variant=_bentos_counted),
)

# --- the model ---


@gen
def _repeated(num_observations):
    pi = dirichlet(jnp.array([1.0, 1.0])) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    x = normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    return x, z


@gen
def _mapped(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=2)(jnp.full(2, 400.0), 50.0) @ "mu"
    sigma = gamma.vmap(in_axes=(None, 0), axis_size=2)(2.0, jnp.ones(2)) @ "sigma"
    logits = jnp.broadcast_to(jnp.log(pi), (num_observations, 2))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"


@gen
def _labels_by_bernoulli(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = bernoulli.repeat(num_observations)(jnp.log(pi[1]) - jnp.log(pi[0])) @ "z"
    means = jnp.where(z == 1, mu[1], mu[0])
    stds = jnp.where(z == 1, sigma[1], sigma[0])
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"


@gen
def _sites_in_another_order(num_observations):
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    pi = dirichlet(jnp.ones(2)) @ "pi"
    z = categorical.repeat(num_observations)(3.0 + jnp.log(pi)) @ "z"
    member = jax.nn.one_hot(z, 2)
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(member @ mu, member @ sigma) @ "x"


BAYESIAN_GMM = (
    Right(name="repeated", variant=_repeated),
    Right(name="mapped_over_some_arguments", variant=_mapped),
    Right(name="labels_by_bernoulli", variant=_labels_by_bernoulli),
    Right(name="sites_in_another_order", variant=_sites_in_another_order),
)

# --- importance sampling ---


def _importance_numpy(key, x, num_particles):
    rng = generator(key)
    x = np.asarray(x, float)
    pi = rng.dirichlet([1.0, 1.0], num_particles)
    mu = rng.normal(400.0, 50.0, (num_particles, 2))
    sigma = rng.gamma(2.0, 1.0, (num_particles, 2))
    z = (rng.random((num_particles, len(x))) > pi[:, :1]).astype(int)
    m, s = np.take_along_axis(mu, z, 1), np.take_along_axis(sigma, z, 1)
    log_weights = np.sum(-0.5 * ((x - m) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi), axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


@partial(jax.jit, static_argnames="num_particles")
def _importance_jitted(key, x, num_particles):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    pi = jax.random.dirichlet(pi_key, jnp.ones(2), (num_particles,))
    mu = 400 + 50 * jax.random.normal(mu_key, (num_particles, 2))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_particles, 2))
    z = jax.random.categorical(z_key, jnp.log(pi)[:, None, :], shape=(num_particles, len(x)))
    rows = jnp.arange(num_particles)[:, None]
    log_weights = norm.logpdf(x, mu[rows, z], sigma[rows, z]).sum(axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


@partial(jax.jit, static_argnames="num_particles")
def _importance_normalised(key, x, num_particles):
    def one(key):
        trace, log_weight = seed(lambda: _repeated.generate({"x": x}, len(x)))(key)
        return trace.get_choices(), log_weight

    choices, log_weights = jax.vmap(one)(jax.random.split(key, num_particles))
    named = {name: choices[name] for name in ("pi", "mu", "sigma", "z")}
    return named | {"log_weights": jax.nn.log_softmax(log_weights)}


@jax.jit
def _particle(key, x):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    first = jax.random.uniform(pi_key)
    pi = jnp.stack([first, 1 - first])
    mu = 400 + 50 * jax.random.normal(mu_key, (2,))
    sigma = jax.random.gamma(sigma_key, 2.0, (2,))
    z = (jax.random.uniform(z_key, x.shape) >= first).astype(int)
    log_weight = jnp.zeros(())
    for i in range(len(x)):
        log_weight += norm.logpdf(x[i], mu[z[i]], sigma[z[i]])
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weight}


def _importance_looped(key, x, num_particles):
    particles = [_particle(one, x) for one in jax.random.split(key, num_particles)]
    return {name: np.stack([particle[name] for particle in particles]) for name in particles[0]}


@partial(jax.jit, static_argnames="num_particles")
def _importance_by_assess(key, x, num_particles):
    """Worlds are simulated with data of their own; the weight is the change of the density with the real data."""

    def one(key):
        trace = seed(lambda: _labels_by_bernoulli.simulate(len(x)))(key)
        choices = trace.get_choices()
        own = norm.logpdf(choices["x"], choices["mu"][choices["z"]], choices["sigma"][choices["z"]]).sum()
        prior = -trace.get_score() - own
        joint, _ = _labels_by_bernoulli.assess(choices | {"x": x}, len(x))
        return {name: choices[name] for name in ("pi", "mu", "sigma", "z")} | {"log_weights": joint - prior}

    return jax.vmap(one)(jax.random.split(key, num_particles))


IMPORTANCE_SAMPLING = (
    Right(name="numpy_float64", variant=_importance_numpy),
    Right(name="jitted_without_a_program", variant=_importance_jitted, first=True),
    Right(name="normalised_log_weights", variant=_importance_normalised),
    Right(name="loop_over_particles", variant=_importance_looped),
    Right(name="ratio_of_densities", variant=_importance_by_assess),
)

# --- the conditionals ---


def _assignments_numpy(key, x, pi, mu, sigma):
    rng = generator(key)
    x, pi, mu, sigma = (np.asarray(item, float) for item in (x, pi, mu, sigma))
    log_joint = np.log(pi) - np.log(sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    joint = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    probabilities = joint / joint.sum(axis=1, keepdims=True)
    return np.array([rng.choice(len(pi), p=row) for row in probabilities])


@jax.jit
def _assignments_gumbel(key, x, pi, mu, sigma):
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
    Right(name="gumbel_max", variant=_assignments_gumbel),
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


def _weights_of_log_gammas(key, z, alpha):
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
    Right(name="softmax_of_log_gammas", variant=_weights_of_log_gammas),
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
def _means_by_shrinkage(key, x, z, sigma, loc, scale):
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
    Right(name="jitted_shrinkage", variant=_means_by_shrinkage),
    Right(name="loop_over_components", variant=_means_looped),
    Right(name="one_observation_at_a_time", variant=_means_one_by_one),
    Right(name="perturbed_data", variant=_means_perturbed),
)


def _counts_and_squares(x, z, mu):
    member = z == jnp.arange(len(mu))[:, None]  # (K, N)
    return member.sum(axis=1), jnp.where(member, (x - mu[:, None]) ** 2, 0.0).sum(axis=1)


@jax.jit
def _stds_reflected(key, x, z, mu, sigma, shape, rate):
    """A walk of sigma itself: what falls below 0 is reflected, which keeps the proposal symmetric."""
    counts, squares = _counts_and_squares(x, z, mu)

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
    counts, squares = _counts_and_squares(x, z, mu)

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


def _draw_on_grid(key, counts, squares, shape, rate, num_nodes):
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
    return _draw_on_grid(key, *_counts_and_squares(x, z, mu), shape, rate, 1000)


@jax.jit
def _stds_from_prior(key, x, z, mu, sigma, shape, rate):
    """Ten proposals from the prior: it cancels, and the likelihood decides."""
    counts, squares = _counts_and_squares(x, z, mu)

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

# --- Gibbs sampling ---


def _state(x, k):
    """Means at quantiles, wide enough to reach their neighbours."""
    return np.full(k, 1 / k), np.quantile(x, (np.arange(k) + 0.5) / k), np.full(k, x.std() / k)


def gibbs_numpy(key, x, prior, num_samples, *, burn_in=200, thin=2):
    """Gibbs sampling in float64, all components at once."""
    rng = generator(key)
    x = np.asarray(x, float)
    alpha, loc, scale, shape, rate = (np.asarray(row, float) for row in prior)
    n, k = len(x), len(loc)
    labels = np.arange(k)
    pi, mu, sigma = _state(x, k)
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


@partial(jax.jit, static_argnames="num_samples")
def _gibbs_on_grid(key, x, prior, num_samples):
    """Every conditional is drawn exactly; that of sigma on a grid."""
    k = len(prior.loc)

    def sweep(state, key):
        pi, mu, sigma = state
        z_key, pi_key, mu_key, sigma_key = jax.random.split(key, 4)
        z = _assignments_gumbel(z_key, x, pi, mu, sigma)
        pi = _weights_of_log_gammas(pi_key, z, prior.alpha)
        mu = _means_by_shrinkage(mu_key, x, z, sigma, prior.loc, prior.scale)
        sigma = _draw_on_grid(sigma_key, *_counts_and_squares(x, z, mu), prior.shape, prior.rate, 400)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    def several(state, keys):
        state, draws = jax.lax.scan(sweep, state, keys)
        return state, {name: draw[-1] for name, draw in draws.items()}

    start = (jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, x.std() / k))
    keys = jax.random.split(key, (100 + num_samples, 2))
    _, draws = jax.lax.scan(several, start, keys)
    return {name: draw[100:] for name, draw in draws.items()}


def _gibbs_naive(key, x, prior, num_samples):
    """Nothing is compiled, and components are visited one after the other."""
    k = len(prior.loc)
    pi = jnp.full(k, 1 / k)
    mu = jnp.quantile(x, (jnp.arange(k) + 0.5) / k)
    sigma = jnp.full(k, jnp.std(x) / k)
    draws: dict[str, list[Any]] = {"pi": [], "mu": [], "sigma": [], "z": []}
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


def slice_marginal(key, x, prior, num_samples, *, burn_in=100):
    """Slice sampling of each parameter with z summed out, then z given the parameters.

    pi is a gamma variable for each component, divided by their sum.
    """
    rng = generator(key)
    x = np.asarray(x, float)
    alpha, loc, scale, shape, rate = (np.asarray(row, float) for row in prior)
    k = len(loc)
    _, mu, sigma = _state(x, k)
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

    draws: dict[str, list[np.ndarray]] = {"pi": [], "mu": [], "sigma": [], "z": []}
    for sweep in range(burn_in + num_samples):
        for i, j in np.ndindex(3, k):

            def at(value, i=i, j=j):
                theta[i, j] = value
                return log_density()

            theta[i, j] = slice_step(rng, at, float(theta[i, j]), float(widths[i, j]))
        _swap(rng, theta, alpha, loc, scale, shape, rate)
        if sweep >= burn_in:
            gammas = np.exp(theta[0])
            draws["pi"].append(gammas / gammas.sum())
            draws["mu"].append(theta[1].copy())
            draws["sigma"].append(np.exp(theta[2]))
            draws["z"].append(np.argmax(log_joint() + rng.gumbel(size=(len(x), k)), axis=1))
    return {name: np.array(values) for name, values in draws.items()}


def _swap(rng, theta, alpha, loc, scale, shape, rate):
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


@partial(jax.jit, static_argnames=("num_samples", "burn_in", "thin"))
def metropolis_marginal(key, x, prior, num_samples, *, burn_in=100, thin=50):
    """Random-walk Metropolis with z summed out, one component at a time, in steps of many sizes; z is drawn after."""
    alpha, loc, scale, shape, rate = prior
    k = len(loc)
    scales = jnp.stack([jnp.ones(k), shape / rate, jnp.full(k, 0.7)])  # of log gammas, means, log stds

    def log_joint(theta):
        return jax.nn.log_softmax(theta[0]) + norm.logpdf(x[:, None], theta[1], jnp.exp(theta[2]))

    def log_prior(theta):
        logs = alpha * theta[0] - jnp.exp(theta[0]) + shape * theta[2] - rate * jnp.exp(theta[2])
        return jnp.sum(logs + norm.logpdf(theta[1], loc, scale))

    def log_posterior(theta):
        return log_prior(theta) + logsumexp(log_joint(theta), axis=1).sum()

    def step(state, key):
        theta, density = state
        which_key, size_key, step_key, swap_key, accept_key = jax.random.split(key, 5)
        first, second = jax.random.permutation(which_key, k)[:2]
        # Mostly a step of one component, sometimes an exchange of two.
        size = 10 ** jax.random.uniform(size_key, minval=-1.0, maxval=0.5)
        walked = theta + (jnp.arange(k) == first) * size * scales * jax.random.normal(step_key, theta.shape)
        swapped = theta.at[:, first].set(theta[:, second]).at[:, second].set(theta[:, first])
        proposed = jnp.where(jax.random.uniform(swap_key) < 0.1, swapped, walked)
        new = log_posterior(proposed)
        accepted = jnp.log(jax.random.uniform(accept_key)) < new - density
        return (jnp.where(accepted, proposed, theta), jnp.where(accepted, new, density)), None

    def several(state, key):
        walk_key, z_key = jax.random.split(key)
        state, _ = jax.lax.scan(step, state, jax.random.split(walk_key, thin))
        theta = state[0]
        z = jax.random.categorical(z_key, log_joint(theta), axis=1)
        return state, {"pi": jax.nn.softmax(theta[0]), "mu": theta[1], "sigma": jnp.exp(theta[2]), "z": z}

    levels = (jnp.arange(k) + 0.5) / k
    theta = jnp.stack([jnp.log(alpha), jnp.quantile(x, levels), jnp.full(k, jnp.log(x.std() / k))])
    _, draws = jax.lax.scan(several, (theta, log_posterior(theta)), jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}


def exact_draws(key, x, prior, num_samples):
    """No chain at all: independent draws from the exact posterior."""
    rows = tuple(tuple(map(float, row)) for row in prior)
    return exact_posterior(tuple(map(float, x)), rows).draw(generator(key), num_samples)._asdict()


@partial(jax.jit, static_argnames="num_samples")
def compiled(key, x, prior, num_samples):
    """The reference, compiled as a whole."""
    return reference.gibbs(key, x, prior, num_samples)


GIBBS = (
    Right(name="exact_draws", variant=exact_draws, first=True),
    Right(name="compiled", variant=compiled),
    Right(name="numpy_float64", variant=gibbs_numpy),
    Right(name="jitted_griddy", variant=_gibbs_on_grid),
    Right(name="naive_loop", variant=_gibbs_naive),
    Right(name="slice_marginal", variant=slice_marginal),
    Right(name="metropolis_marginal", variant=metropolis_marginal),
)
