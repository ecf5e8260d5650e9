"""Compare the exact posteriors with long runs of an independent sampler, NumPyro's NUTS.

    uv run python -m benchmarks.nuts

NUTS samples pi, mu and log sigma with z summed out. Then z is drawn from its conditional distribution. For every
summary by which draws are graded, the average is compared with the exact expectation, in Monte Carlo standard errors
(MCSE).
"""

import os
import time

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from arviz_stats.base.array import array_stats
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm
from numpyro.infer import MCMC, NUTS
from rich.console import Console
from rich.table import Column, Table
from scipy.special import ndtr

from reference import exact
from reference.data import BENTOS, COFFEES

from . import report

SEED = 0
CHAINS = 4
WARMUP = 1_000
DRAWS = 50_000  # of each chain
TITLES = ("summaries", "largest, MCSE", "beyond 3", "smallest ESS", "divergences")

# Data, prior (alpha, loc, scale, shape, rate), groups of observations that are always together, watched observations.
SETTINGS = {
    "overlap": (
        (-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4),
        ((2, 1), (-1, 2), (1, 1.5), (3, 2), (2, 0.8)),
        None,
        (0, 3, 4, 7),
    ),
    "three": (
        (-3, -0.5, 0.2, 1.1, 2.8, 4),
        ((1, 2, 0.5), (-2, 0.5, 3), (1.5, 1, 2), (2, 3, 4), (1.5, 3, 2.5)),
        None,
        (0, 1, 3, 5),
    ),
    "tiny": ((-0.5, 0.7, 2.2), ((1, 2), (0, 2), (1, 2), (2, 3), (2, 1.5)), None, (0, 1, 2)),
    "bentos": (BENTOS, ((1, 1), (400, 400), (50, 50), (2, 2), (1, 1)), BENTOS > 425, (0, 1, 2)),
    "coffees": (
        COFFEES,
        ((1, 1, 1), (80, 120, 160), (20, 20, 20), (2, 2, 2), (1, 1, 1)),
        np.digitize(COFFEES, [100, 140]),
        (0, 1, 2),
    ),
}


def log_joint_of_each(x, pi, mu, log_sigma):
    return jnp.log(pi) + norm.logpdf(x[:, None], mu, jnp.exp(log_sigma))


def model(x, alpha, loc, scale, shape, rate):
    pi = numpyro.sample("pi", dist.Dirichlet(alpha))
    mu = numpyro.sample("mu", dist.Normal(loc, scale))
    log_sigma = numpyro.sample("log_sigma", dist.ImproperUniform(dist.constraints.real, loc.shape, ()))
    # The gamma density of sigma, times the Jacobian of its logarithm.
    prior = dist.Gamma(shape, rate).log_prob(jnp.exp(log_sigma)) + log_sigma
    numpyro.factor("sigma", prior.sum())
    numpyro.factor("x", logsumexp(log_joint_of_each(x, pi, mu, log_sigma), axis=1).sum())


@jax.jit
def draw_assignments(key, x, pi, mu, log_sigma):
    def draw(key, pi, mu, log_sigma):
        return jax.random.categorical(key, log_joint_of_each(x, pi, mu, log_sigma), axis=1)

    return jax.vmap(draw)(jax.random.split(key, len(pi)), pi, mu, log_sigma)


def sample(key, x, prior, start):
    """pi, mu, sigma and z of all chains, (chains, draws, ...), and the number of divergent steps."""
    nuts_key, z_key = jax.random.split(key)
    mcmc = MCMC(
        NUTS(model, target_accept_prob=0.95),
        num_warmup=WARMUP,
        num_samples=DRAWS,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )
    mcmc.run(nuts_key, x, *prior, init_params=start)
    draws = mcmc.get_samples(group_by_chain=True)
    diverged = int(mcmc.get_extra_fields(group_by_chain=True)["diverging"].sum())
    flat = [draws[name].reshape(-1, *draws[name].shape[2:]) for name in ("pi", "mu", "log_sigma")]
    z = draw_assignments(z_key, x, *flat).reshape(CHAINS, DRAWS, -1)
    return tuple(np.asarray(a) for a in (draws["pi"], draws["mu"], jnp.exp(draws["log_sigma"]), z)), diverged


def functionals(draws, x, levels, watched):
    """The functions of each draw whose expectations `exact.summaries` computes: (chains, draws, F)."""
    pi, mu, sigma, z = draws
    u, v = (mu - x.mean()) / x.std(), sigma / x.std()
    z = z[..., watched]
    sums = [values.sum(axis=-1) for values in (u, u**2, v, v**2, u * v, pi**2, pi * u, pi * u**2, pi * v)]
    below = [np.sum(pi * ndtr((level - mu) / sigma), axis=-1) for level in levels]
    same = [z[..., i] == z[..., i + 1] for i in range(len(watched) - 1)]
    own = [np.take_along_axis(values, z, axis=-1) for values in (pi, u, v)]
    return np.concatenate([np.stack([*sums, *below, *same], axis=-1), *own], axis=-1)


def compare(key, x, prior, groups, watched):
    """Differences (F,) in Monte Carlo standard errors, the smallest effective sample size, divergences."""
    x = np.asarray(x, float)
    prior = tuple(np.asarray(values, float) for values in prior)
    num_components = len(prior[0])
    if groups is None:
        posterior = exact.posterior(x, prior)
        means = np.quantile(x, (np.arange(num_components) + 0.5) / num_components)
    else:
        posterior = exact.posterior(x, prior, exact.grouped_assignments(groups, num_components))
        means = np.array([x[groups == group].mean() for group in range(num_components)])
    start = {
        "pi": np.zeros((CHAINS, num_components - 1)),  # unconstrained
        "mu": np.broadcast_to(means, (CHAINS, num_components)),
        "log_sigma": np.full((CHAINS, num_components), np.log(x.std() / num_components / 2)),
    }
    draws, diverged = sample(key, jnp.array(x), prior, start)
    if groups is not None:
        # No chain switches between labellings: all keep the labelling in which they started.
        here = np.array(groups, int)
        if not np.all(draws[3] == here):
            raise RuntimeError("a chain has left its labelling")
        posterior = posterior.restricted(np.all(posterior.assignments == here, axis=1))

    levels = np.quantile(x, [0.1, 0.5, 0.8])
    values = functionals(draws, x, levels, watched)
    truth = exact.summaries(posterior, levels, watched)
    constant = values.std(axis=(0, 1)) < 1e-12  # two observations that are always, or never, together
    if not np.allclose(values[0, 0, constant], truth[constant], atol=1e-12):
        raise RuntimeError("a function that is constant in all draws differs from its exact expectation")
    values, truth = values[..., ~constant], truth[~constant]
    ess = np.array([array_stats.ess(function, method="mean") for function in np.moveaxis(values, -1, 0)])
    error = values.std(axis=(0, 1)) / np.sqrt(ess)
    return (values.mean(axis=(0, 1)) - truth) / error, float(ess.min()), diverged


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    load, started = os.getloadavg()[0], time.process_time()
    rows, differences = [], []
    for index, (name, setting) in enumerate(SETTINGS.items()):
        difference, ess, diverged = compare(jax.random.key(SEED + index), *setting)
        differences.append(difference)
        rows.append(
            {
                "data": name,
                "summaries": len(difference),
                "largest": round(float(np.abs(difference).max()), 3),
                "beyond_3": int(np.sum(np.abs(difference) > 3)),
                "smallest_ess": round(ess),
                "divergences": diverged,
            }
        )
    every = np.concatenate(differences)
    figures = {
        "seed": SEED,
        "chains": CHAINS,
        "warmup": WARMUP,
        "draws_per_chain": DRAWS,
        "cpu_seconds": round(time.process_time() - started),
        "summaries": len(every),
        "largest": round(float(np.abs(every).max()), 3),
        "beyond_3": int(np.sum(np.abs(every) > 3)),
        "data": rows,
    }
    report.write("nuts", figures, load=load, libraries=("numpyro", "jax", "numpy", "scipy", "arviz-stats"))

    table = Table("data", *(Column(title, justify="right") for title in TITLES))
    for row in rows:
        table.add_row(*map(str, row.values()))
    console = Console()
    console.print(table)
    console.print(
        f"{len(every)} summaries: the largest difference is {figures['largest']} Monte Carlo standard errors, "
        f"{figures['beyond_3']} lie beyond 3. {figures['cpu_seconds']} CPU seconds."
    )


if __name__ == "__main__":
    main()
