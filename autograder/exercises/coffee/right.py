"""Right answers in other styles and by other methods than the reference, to measure false-fail rates on."""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from genjax import categorical, dirichlet, gamma, gen, normal, seed
from jax.scipy.stats import norm
from scipy.special import gammaln

from autograder.exercises import Right
from autograder.exercises.distributions import COFFEE_PRIOR
from autograder.exercises.gibbs_sampling.gibbs_right import (
    exact_draws,
    gibbs_folded_in,
    gibbs_in_chains,
    gibbs_numpy,
    gibbs_with_a_carried_key,
    metropolis_marginal,
    slice_marginal,
)
from autograder.exercises.keys import generator
from reference import coffee as reference

# --- the model ---


@gen
def _repeated(num_observations):
    pi = dirichlet(jnp.array([1.0, 1.0, 1.0])) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=3)(80.0 + 40.0 * jnp.arange(3), 20.0) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    x = normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    return x, z


@gen
def _unnormalised_logits(num_observations):
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0))(jnp.linspace(80.0, 160.0, 3), jnp.full(3, 20.0)) @ "mu"
    logits = jnp.broadcast_to(jnp.log(pi) - 2.0, (num_observations, 3))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"


@gen
def _where(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, None), axis_size=3)(jnp.full(3, 2.0), 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi / pi[0])) @ "z"
    means = jnp.where(z == 0, mu[0], jnp.where(z == 1, mu[1], mu[2]))
    stds = jnp.where(z == 0, sigma[0], jnp.where(z == 1, sigma[1], sigma[2]))
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"


@gen
def _one_hot(num_observations):
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), jnp.sqrt(jnp.full(3, 400.0))) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    pi = dirichlet(jnp.ones(3)) @ "pi"
    z = categorical.repeat(num_observations)(jax.nn.log_softmax(jnp.log(pi))) @ "z"
    member = jax.nn.one_hot(z, 3)
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(member @ mu, member @ sigma) @ "x"


COFFEE_GMM = (
    Right(name="repeated", variant=_repeated),
    Right(name="unnormalised_logits", variant=_unnormalised_logits),
    Right(name="where", variant=_where),
    Right(name="one_hot", variant=_one_hot),
)

# --- before any cup ---


def _sd_from_range():
    """Means spread over the range; two of four standard deviations on either side of each."""
    low, high = 50.0, 200.0
    locs = np.linspace(low, high, 5)[1:-1]
    return locs, np.full(3, (high - low) / 4)


CHOOSE_MEAN_PRIOR = (
    Right(name="the_tutorial", variant=lambda: (jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0))),
    Right(name="thirds_of_the_range", variant=lambda: (jnp.array([75.0, 125.0, 175.0]), jnp.full(3, 25.0))),
    Right(name="exchangeable_and_wide", variant=lambda: (125.0 * jnp.ones(3), 50.0 * jnp.ones(3))),
    Right(name="numpy_quarters", variant=_sd_from_range),
    Right(name="lists_of_numbers", variant=lambda: ([60, 125, 190], [30, 30, 30])),
    Right(name="unequal_scales", variant=lambda: (jnp.array([70.0, 110.0, 160.0]), jnp.array([15.0, 25.0, 30.0]))),
)


def _predictive_numpy(key, locs, scales, num_draws):
    rng = generator(key)
    pi = rng.dirichlet(np.ones(3), num_draws)
    mu = rng.normal(np.asarray(locs, float), np.asarray(scales, float), (num_draws, 3))
    sigma = rng.gamma(2.0, 1.0, (num_draws, 3))
    z = np.array([rng.choice(3, p=row) for row in pi])
    rows = np.arange(num_draws)
    return rng.normal(mu[rows, z], sigma[rows, z])


@partial(jax.jit, static_argnames="num_draws")
def _predictive_jitted(key, locs, scales, num_draws):
    pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
    pi = jax.random.dirichlet(pi_key, jnp.ones(3), (num_draws,))
    mu = locs + scales * jax.random.normal(mu_key, (num_draws, 3))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_draws, 3))
    z = jax.random.categorical(z_key, jnp.log(pi))[:, None]
    mean, std = (jnp.take_along_axis(parameter, z, axis=1)[:, 0] for parameter in (mu, sigma))
    return mean + std * jax.random.normal(x_key, (num_draws,))


@gen
def _world(locs, scales):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(locs, scales) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical(jnp.log(pi)) @ "z"
    return normal(mu[z], sigma[z]) @ "level"


@partial(jax.jit, static_argnames="num_draws")
def _predictive_by_program(key, locs, scales, num_draws):
    simulate = seed(_world.simulate)
    return jax.vmap(lambda k: simulate(k, locs, scales).get_retval())(jax.random.split(key, num_draws))


def _predictive_looped(key, locs, scales, num_draws):
    levels = []
    for one in jax.random.split(key, num_draws):
        pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(one, 5)
        z = jax.random.categorical(z_key, jnp.log(jax.random.dirichlet(pi_key, jnp.ones(3))))
        mean = locs[z] + scales[z] * jax.random.normal(mu_key)
        std = jax.random.gamma(sigma_key, 2.0)
        levels.append(mean + std * jax.random.normal(x_key))
    return jnp.array(levels)


@partial(jax.jit, static_argnames="num_draws")
def _predictive_of_exponentials(key, locs, scales, num_draws):
    """Dirichlet(1, 1, 1) as normalised exponentials, Gamma(2, 1) as a sum of two."""
    pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
    shares = jax.random.exponential(pi_key, (num_draws, 3))
    mu = locs + scales * jax.random.normal(mu_key, (num_draws, 3))
    sigma = jax.random.exponential(sigma_key, (2, num_draws, 3)).sum(axis=0)
    z = jax.random.categorical(z_key, jnp.log(shares))[:, None]
    mean, std = (jnp.take_along_axis(parameter, z, axis=1)[:, 0] for parameter in (mu, sigma))
    return mean + std * jax.random.normal(x_key, (num_draws,))


@partial(jax.jit, static_argnames="num_draws")
def _predictive_summed_out(key, locs, scales, num_draws):
    """With pi summed out, each blend is as probable; with mu summed out, the variances add up."""
    z_key, sigma_key, x_key = jax.random.split(key, 3)
    z = jax.random.randint(z_key, (num_draws,), 0, 3)
    sigma = jax.random.exponential(sigma_key, (2, num_draws)).sum(axis=0)  # Gamma(2, 1)
    return locs[z] + jnp.hypot(scales[z], sigma) * jax.random.normal(x_key, (num_draws,))


PRIOR_PREDICTIVE = (
    Right(name="numpy_float64", variant=_predictive_numpy),
    Right(name="jitted", variant=_predictive_jitted),
    Right(name="through_a_program", variant=_predictive_by_program),
    Right(name="loop_over_draws", variant=_predictive_looped),
    Right(name="summed_out", variant=_predictive_summed_out),
    Right(name="of_exponentials", variant=_predictive_of_exponentials, first=True),
)

# --- the fit ---


@partial(jax.jit, static_argnames="num_samples")
def _metropolis_by_assess(key, x, num_samples):
    """Metropolis-Hastings whose ratios are those of the program's own density."""
    n = len(x)
    burn_in, thin = 100, 12

    def log_density(state):
        choices = {"pi": jax.nn.softmax(state["logs"]), "mu": state["mu"], "sigma": jnp.exp(state["log_sigma"])}
        joint, _ = _where.assess(choices | {"z": state["z"], "x": x}, n)
        # pi is gammas over their sum; where that sum lies is of no importance, but it has to have a density.
        jacobian = jax.nn.log_softmax(state["logs"]).sum() + norm.logpdf(state["logs"].sum())
        return joint + jacobian + state["log_sigma"].sum()

    def decide(key, state, density, proposed, log_correction=0.0):
        new = log_density(proposed)
        accepted = jnp.log(jax.random.uniform(key)) < new - density + log_correction
        kept = {name: jnp.where(accepted, proposed[name], state[name]) for name in state}
        return kept, jnp.where(accepted, new, density)

    def relabel_cup(carry, inputs):
        i, key = inputs
        propose_key, accept_key = jax.random.split(key)
        state, density = carry
        other = (state["z"][i] + jax.random.randint(propose_key, (), 1, 3)) % 3
        return decide(accept_key, state, density, state | {"z": state["z"].at[i].set(other)}), None

    def walk(carry, inputs):
        j, key = inputs
        size_key, step_key, accept_key = jax.random.split(key, 3)
        state, density = carry
        size = 10 ** jax.random.uniform(size_key, minval=-1.0, maxval=0.8)
        steps = size * (jnp.arange(9) == j) * jax.random.normal(step_key, (9,))
        moves = {"logs": steps[:3], "mu": 2 * steps[3:6], "log_sigma": 0.5 * steps[6:]}
        return decide(
            accept_key, state, density, state | {name: state[name] + move for name, move in moves.items()}
        ), None

    def sweep(carry, key):
        cup_key, walk_key = jax.random.split(key)
        carry, _ = jax.lax.scan(relabel_cup, carry, (jnp.arange(n), jax.random.split(cup_key, n)))
        return jax.lax.scan(walk, carry, (jnp.arange(18) % 9, jax.random.split(walk_key, 18)))

    def several(carry, key):
        carry, _ = jax.lax.scan(sweep, carry, jax.random.split(key, thin))
        state, _ = carry
        pi, sigma = jax.nn.softmax(state["logs"]), jnp.exp(state["log_sigma"])
        return carry, {"pi": pi, "mu": state["mu"], "sigma": sigma, "z": state["z"]}

    mu = jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6]))
    z = jnp.argmin(jnp.abs(x[:, None] - mu), axis=1)
    state = {"logs": jnp.zeros(3), "mu": mu, "log_sigma": jnp.full(3, jnp.log(x.std() / 3)), "z": z}
    _, draws = jax.lax.scan(several, (state, log_density(state)), jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}


@partial(jax.jit, static_argnames="num_samples")
def _collapsed_gibbs(key, x, num_samples):
    """Each cup is assigned with pi and mu integrated out; they are drawn afterwards, and sigma given them."""
    locs, variance, burn_in, thin = jnp.array([80.0, 120.0, 160.0]), 400.0, 40, 10

    def beliefs(member, sigma):
        """Of the means, given cups and standard deviations."""
        precision = 1 / variance + member.sum(axis=0) / sigma**2
        return locs + (member * (x[:, None] - locs)).sum(axis=0) / sigma**2 / precision, 1 / precision

    def assign(carry, inputs):
        i, key = inputs
        member, sigma = carry
        member = member.at[i].set(0.0)
        mean, spread = beliefs(member, sigma)
        logits = jnp.log(1 + member.sum(axis=0)) + norm.logpdf(x[i], mean, jnp.sqrt(spread + sigma**2))
        return (member.at[i].set(jax.nn.one_hot(jax.random.categorical(key, logits), 3)), sigma), None

    def step(sigma, inputs):
        key, counts, squares = inputs
        step_key, accept_key = jax.random.split(key)

        def log_target(s):
            return (2 - counts) * jnp.log(s) - s - squares / (2 * s**2)

        proposed = sigma * jnp.exp(0.6 * jax.random.normal(step_key, (3,)))
        accepted = jnp.log(jax.random.uniform(accept_key, (3,))) < log_target(proposed) - log_target(sigma)
        return jnp.where(accepted, proposed, sigma), None

    def sweep(carry, key):
        z_key, pi_key, mu_key, sigma_key = jax.random.split(key, 4)
        cups = (jnp.arange(len(x)), jax.random.split(z_key, len(x)))
        (member, sigma), _ = jax.lax.scan(assign, carry, cups)
        counts = member.sum(axis=0)
        pi = jax.random.dirichlet(pi_key, 1 + counts)
        mean, spread = beliefs(member, sigma)
        mu = mean + jnp.sqrt(spread) * jax.random.normal(mu_key, (3,))
        squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
        keys = jax.random.split(sigma_key, 5)
        sigma, _ = jax.lax.scan(lambda s, k: step(s, (k, counts, squares)), sigma, keys)
        return (member, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": jnp.argmax(member, axis=1)}

    nearest = jnp.argmin(jnp.abs(x[:, None] - jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6]))), axis=1)
    start = (jax.nn.one_hot(nearest, 3), jnp.full(3, x.std() / 3))
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, thin * (burn_in + num_samples)))
    return {name: draw[thin * burn_in :: thin] for name, draw in draws.items()}


LOCS = np.array([80.0, 120.0, 160.0])
LOG_NODES = np.linspace(np.log(1e-3), np.log(200.0), 500)


def _proposals(x, labels):
    """For each assignment: its log probability but for a constant, and how to draw parameters that explain it.

    These are the counts and totals of each component, and for log sigma the mean and (a little more than) the
    standard deviation that it has when mu is summed out.
    """
    member = labels[:, None, :] == np.arange(3)[:, None]  # (J, K, N)
    counts = member.sum(axis=2).astype(float)
    totals = (member * x).sum(axis=2)
    averages = totals / np.maximum(counts, 1)
    squares = (member * (x - averages[..., None]) ** 2).sum(axis=2)
    n, average, square = counts[..., None], averages[..., None], squares[..., None]
    variance = np.exp(2 * LOG_NODES)
    # The cups of a component are independent of their average, which varies around its prior mean.
    of_average = 400 + variance / np.maximum(n, 1)
    cups = -(n - 1) * LOG_NODES - square / (2 * variance) - 0.5 * np.log(np.maximum(n, 1))
    cups -= 0.5 * (average - LOCS[:, None]) ** 2 / of_average + 0.5 * np.log(of_average)
    log_mass = 2 * LOG_NODES - np.exp(LOG_NODES) + np.where(n > 0, cups, 0.0)
    total = np.logaddexp.reduce(log_mass, axis=2)
    mass = np.exp(log_mass - total[..., None])
    center = mass @ LOG_NODES
    spread = 1.1 * np.sqrt(mass @ LOG_NODES**2 - center**2)
    return (total + gammaln(1 + counts)).sum(axis=1), (counts, totals, center, spread)


def _plausible_assignments(key, x):
    """Those that a short chain has found, under all names, and those that differ from them in one cup."""
    found = np.unique(gibbs_numpy(key, x, COFFEE_PRIOR, 400, burn_in=100)["z"], axis=0)
    renamed = [np.array(names)[found] for names in permutations(range(3))]
    moved = [np.where(np.arange(len(x)) == i, k, labels) for labels in renamed for i in range(len(x)) for k in range(3)]
    labels = np.unique(np.concatenate(moved), axis=0)
    log_probability, _ = _proposals(x, labels)
    return labels[np.argsort(-log_probability)[:300]]


def _mu_given(sigma, counts, totals):
    precision = 1 / 400 + counts / sigma**2
    return (LOCS / 400 + totals / sigma**2) / precision, precision**-0.5


def _importance_mixture(key, x, num_samples):
    """Importance sampling from a mixture of proposals, one for each plausible assignment.

    One draw in ten comes from the prior, which bounds the weights. z is summed out of the weights, and drawn
    from its conditional afterwards.
    """
    x = np.asarray(x, float)
    pilot_key, key = jax.random.split(key)
    labels = _plausible_assignments(pilot_key, x)
    log_probability, (counts, totals, center, spread) = _proposals(x, labels)
    log_share = log_probability - np.logaddexp.reduce(log_probability)

    rng = generator(key)
    chosen = rng.choice(len(labels), num_samples, p=np.exp(log_share))
    log_sigma = center[chosen] + spread[chosen] * rng.standard_t(5, (num_samples, 3))
    mean, std = _mu_given(np.exp(log_sigma), counts[chosen], totals[chosen])
    mu = rng.normal(mean, std)
    pi = rng.dirichlet(np.ones(3), num_samples)
    gammas = rng.gamma(1 + counts[chosen])
    from_prior = rng.random(num_samples) < 0.1
    pi = np.where(from_prior[:, None], pi, gammas / gammas.sum(axis=1, keepdims=True))
    mu = np.where(from_prior[:, None], rng.normal(LOCS, 20.0, (num_samples, 3)), mu)
    sigma = np.where(from_prior[:, None], rng.gamma(2.0, 1.0, (num_samples, 3)), np.exp(log_sigma))

    log_pi, log_sigma = np.log(pi), np.log(sigma)
    log_prior = np.log(2.0) + np.sum(scipy.stats.norm.logpdf(mu, LOCS, 20.0) + log_sigma - sigma, axis=1)
    log_pilot = log_share + gammaln(3 + len(x)) - gammaln(1 + counts).sum(axis=1) + log_pi @ counts.T  # (S, J)
    for k in range(3):
        log_pilot += scipy.stats.t.logpdf(log_sigma[:, k, None], 5, center[:, k], spread[:, k]) - log_sigma[:, k, None]
        precision = 1 / 400 + counts[:, k] / sigma[:, k, None] ** 2
        mean = (LOCS[k] / 400 + totals[:, k] / sigma[:, k, None] ** 2) / precision
        log_pilot += scipy.stats.norm.logpdf(mu[:, k, None], mean, precision**-0.5)
    log_proposal = np.logaddexp(np.log(0.1) + log_prior, np.log(0.9) + np.logaddexp.reduce(log_pilot, axis=1))
    log_joint = log_pi[:, None] + scipy.stats.norm.logpdf(x[:, None], mu[:, None], sigma[:, None])  # (S, N, K)
    z = np.argmax(log_joint + rng.gumbel(size=log_joint.shape), axis=2)
    log_weights = log_prior + np.logaddexp.reduce(log_joint, axis=2).sum(axis=1) - log_proposal
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


def _with_the_prior(sampler: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """A sampler of any mixture, for the coffees."""
    return lambda key, x, num_samples: sampler(key, x, COFFEE_PRIOR, num_samples, **options)


def fit_exact_draws(key, x, num_samples):
    """No chain at all: independent draws from the exact posterior."""
    return exact_draws(key, x, COFFEE_PRIOR, num_samples)


FIT_COFFEE = (
    Right(name="exact_draws", variant=fit_exact_draws, first=True),
    Right(name="compiled", variant=partial(jax.jit, static_argnames="num_samples")(reference.fit_coffee)),
    Right(name="numpy_float64_gibbs", variant=_with_the_prior(gibbs_numpy, burn_in=50, thin=10)),
    Right(name="chains_side_by_side", variant=_with_the_prior(gibbs_in_chains)),
    Right(name="sweep_folded_into_the_key", variant=_with_the_prior(gibbs_folded_in)),
    Right(name="carried_key_of_the_old_kind", variant=_with_the_prior(gibbs_with_a_carried_key)),
    Right(name="slice_marginal", variant=_with_the_prior(slice_marginal)),
    Right(name="metropolis_marginal", variant=_with_the_prior(metropolis_marginal, thin=200)),
    Right(name="genjax_metropolis", variant=_metropolis_by_assess),
    Right(name="collapsed_gibbs", variant=_collapsed_gibbs),
    Right(name="numpy_weighted", variant=_importance_mixture),
)
