"""Right answers to the whole sampler, in other styles and by other methods: false-fail rates are measured on them."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import Right
from autograder.exercises.distributions import exact_posterior
from autograder.exercises.gibbs_sampling.conditional_right import (
    assignments_gumbel,
    counts_and_squares,
    draw_on_grid,
    means_by_shrinkage,
    slice_step,
    weights_of_log_gammas,
)
from autograder.exercises.keys import generator
from reference import gibbs_sampling as reference


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


def _exact_sweep(x, prior):
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


def _start(x, k):
    return jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, x.std() / k)


@partial(jax.jit, static_argnames="num_samples")
def _gibbs_on_grid(key, x, prior, num_samples):
    """Two sweeps for each draw."""
    sweep = _exact_sweep(x, prior)

    def several(state, keys):
        state, draws = jax.lax.scan(sweep, state, keys)
        return state, {name: draw[-1] for name, draw in draws.items()}

    keys = jax.random.split(key, (100 + num_samples, 2))
    _, draws = jax.lax.scan(several, _start(x, len(prior.loc)), keys)
    return {name: draw[100:] for name, draw in draws.items()}


@partial(jax.jit, static_argnames="num_samples")
def gibbs_in_chains(key, x, prior, num_samples):
    """Four chains side by side: `vmap` of a scan over keys, a draw from every second sweep."""
    burn_in, each = 100, -(-num_samples // 4)

    def chain(key):
        keys = jax.random.split(key, burn_in + 2 * each)
        _, draws = jax.lax.scan(_exact_sweep(x, prior), _start(x, len(prior.loc)), keys)
        return {name: draw[burn_in::2] for name, draw in draws.items()}

    draws = jax.vmap(chain)(jax.random.split(key, 4))
    return {name: draw.reshape(-1, *draw.shape[2:])[:num_samples] for name, draw in draws.items()}


@partial(jax.jit, static_argnames="num_samples")
def gibbs_folded_in(key, x, prior, num_samples):
    """The number of the sweep is folded into the key; draws are written to their places."""
    burn_in, sweep, start = 100, _exact_sweep(x, prior), _start(x, len(prior.loc))
    _, first = jax.eval_shape(sweep, start, key)
    kept = {name: jnp.zeros((num_samples, *form.shape), form.dtype) for name, form in first.items()}

    def go_on(i, state_and_kept):
        state, kept = state_and_kept
        state, draw = sweep(state, jax.random.fold_in(key, i))
        at = (i - burn_in) // 2  # of the draws before, the first place keeps the last
        return state, {name: rows.at[jnp.maximum(at, 0)].set(draw[name]) for name, rows in kept.items()}

    return jax.lax.fori_loop(0, burn_in + 2 * num_samples, go_on, (start, kept))[1]


@partial(jax.jit, static_argnames="num_samples")
def gibbs_with_a_carried_key(key, x, prior, num_samples):
    """The key of the old kind is carried along, and split for each sweep."""
    sweep = _exact_sweep(x, prior)

    def go_on(carried, _):
        state, key = carried
        key, first, second = jax.random.split(key, 3)
        state, _ = sweep(state, first)
        state, draw = sweep(state, second)
        return (state, key), draw

    start = _start(x, len(prior.loc)), jax.random.key_data(key)
    _, draws = jax.lax.scan(go_on, start, length=100 + num_samples)
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
    Right(name="chains_side_by_side", variant=gibbs_in_chains),
    Right(name="sweep_folded_into_the_key", variant=gibbs_folded_in),
    Right(name="carried_key_of_the_old_kind", variant=gibbs_with_a_carried_key),
    Right(name="naive_loop", variant=_gibbs_naive),
    Right(name="slice_marginal", variant=slice_marginal),
    Right(name="metropolis_marginal", variant=metropolis_marginal),
)
