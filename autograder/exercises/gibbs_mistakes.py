"""Known mistakes in a whole Gibbs sampler: a function of a key, the observations, the prior and the number of draws."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import KnownMistake, catalogue
from autograder.exercises.gibbs_parts import (
    argmax_assignments,
    assignments_variant,
    assignments_with_pi_shadowed,
    means_variant,
    stds_variant,
)
from reference import gibbs_sampling as right


def gibbs_variant(
    *,
    assignments: Callable[..., Any] = right.sample_assignments,
    weights: Callable[..., Any] = right.sample_weights,
    means: Callable[..., Any] = right.sample_means,
    stds: Callable[..., Any] = right.sample_stds,
    burn_in: int = 300,
    start: Callable[[Any, int], Any] = lambda x, k: jnp.quantile(x, (jnp.arange(k) + 0.5) / k),
    one_key: bool = False,
    finish: Callable[[dict[str, Any]], dict[str, Any]] = lambda draws: draws,
    change_prior: Callable[[Any], Any] = lambda prior: prior,
    end_of_sweep: Callable[..., Any] = lambda *state: state,
) -> Callable[..., dict[str, Any]]:
    """The reference's sampler with some parts replaced, compiled as a whole."""

    @partial(jax.jit, static_argnames="num_samples")
    def gibbs(key, x, prior, num_samples):
        prior = change_prior(prior)

        def sweep(state, key):
            pi, mu, sigma = state
            z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 6)
            z = assignments(z_key, x, pi, mu, sigma)
            pi = weights(pi_key, z, prior.alpha)
            mu = means(mu_key, x, z, sigma, prior.loc, prior.scale)
            for sigma_key in sigma_keys:
                sigma = stds(sigma_key, x, z, mu, sigma, prior.shape, prior.rate)
            pi, mu, sigma, z = end_of_sweep(pi, mu, sigma, z)
            return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

        k = len(prior.loc)
        first = (jnp.full(k, 1 / k), start(x, k), jnp.full(k, jnp.std(x) / k))
        keys = jax.random.split(key, burn_in + num_samples)
        keys = jnp.broadcast_to(key, keys.shape) if one_key else keys
        _, draws = jax.lax.scan(sweep, first, keys)
        return finish({name: draw[burn_in:] for name, draw in draws.items()})

    return gibbs


@partial(jax.jit, static_argnames="num_samples")
def _from_the_old_state(key, x, prior, num_samples):
    """Draw every block given the values of the others before the sweep."""
    k, burn_in = len(prior.loc), 300

    def sweep(state, key):
        pi, mu, sigma, z = (state[name] for name in ("pi", "mu", "sigma", "z"))
        z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 6)
        drawn = {
            "z": right.sample_assignments(z_key, x, pi, mu, sigma),
            "pi": right.sample_weights(pi_key, z, prior.alpha),
            "mu": right.sample_means(mu_key, x, z, sigma, prior.loc, prior.scale),
        }
        for sigma_key in sigma_keys:
            sigma = right.sample_stds(sigma_key, x, z, mu, sigma, prior.shape, prior.rate)
        return drawn | {"sigma": sigma}, drawn | {"sigma": sigma}

    means = jnp.quantile(x, (jnp.arange(k) + 0.5) / k)
    nearest = jnp.argmin(jnp.abs(x[:, None] - means), axis=1)
    start = {"pi": jnp.full(k, 1 / k), "mu": means, "sigma": jnp.full(k, jnp.std(x) / k), "z": nearest}
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}


def _sorted(pi, mu, sigma, z):
    order = jnp.argsort(mu)
    return pi[order], mu[order], sigma[order], jnp.argsort(order)[z]


@partial(jax.jit, static_argnames="num_samples")
def _prior_draws(key, x, prior, num_samples):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    shape = (num_samples, len(prior.loc))
    pi = jax.random.dirichlet(pi_key, prior.alpha, (num_samples,))
    return {
        "pi": pi,
        "mu": prior.loc + prior.scale * jax.random.normal(mu_key, shape),
        "sigma": jax.random.gamma(sigma_key, prior.shape, shape) / prior.rate,
        "z": jax.random.categorical(z_key, jnp.log(pi)[:, None], axis=2, shape=(num_samples, len(x))),
    }


def _averaged_labels(draws: dict[str, Any]) -> dict[str, Any]:
    """Label switching 'removed' by averaging over the labels."""
    return draws | {
        name: jnp.broadcast_to(draws[name].mean(axis=1, keepdims=True), draws[name].shape) for name in ("mu",)
    }


def _plugged_in(draws: dict[str, Any]) -> dict[str, Any]:
    return draws | {
        name: jnp.broadcast_to(draws[name].mean(axis=0), draws[name].shape) for name in ("pi", "mu", "sigma")
    }


MISTAKES: tuple[KnownMistake, ...] = (
    catalogue.PRIOR_FOR_POSTERIOR.here(
        hint="Each step must look at x.",
        variant=_prior_draws,
    ),
    catalogue.ONE_KEY_FOR_ALL.here(
        hint="The same key gives the same random numbers: split it for every sweep.",
        variant=gibbs_variant(one_key=True),
    ),
    KnownMistake(
        name="stuck_chain",
        says="sigma never moves from its start.",
        hint="Put what a step returns into the state.",
        variant=gibbs_variant(stds=lambda key, x, z, mu, sigma, shape, rate: sigma),
    ),
    KnownMistake(
        name="means_never_move",
        says="mu never moves from its start.",
        hint="Put what a step returns into the state.",
        variant=gibbs_variant(
            means=lambda key, x, z, sigma, loc, scale: jnp.quantile(x, (jnp.arange(len(loc)) + 0.5) / len(loc))
        ),
    ),
    KnownMistake(
        name="no_burn_in_from_afar",
        says="The chain starts far from the data, and the way there is among the draws.",
        hint="Start near the data, and throw the first sweeps away.",
        variant=gibbs_variant(burn_in=0, start=lambda x, k: jnp.max(x) + 20 * jnp.std(x) * jnp.arange(1.0, k + 1)),
    ),
    KnownMistake(
        name="most_probable_assignments",
        says="z was the most probable assignment, not a draw.",
        hint="`argmax` hides the uncertainty that the sampler is there for.",
        variant=gibbs_variant(assignments=argmax_assignments),
    ),
    KnownMistake(
        name="weights_fixed",
        says="pi stays at even odds.",
        hint="pi has a conditional of its own.",
        variant=gibbs_variant(weights=lambda key, z, alpha: jnp.full(len(alpha), 1 / len(alpha))),
    ),
    catalogue.WEIGHTS_IGNORED.here(
        hint="Look where z is drawn. Bayes' rule: prior times likelihood.",
        variant=gibbs_variant(assignments=assignments_variant(prior=jnp.zeros_like)),
    ),
    catalogue.PI_SHADOWED.here(
        hint="In the sampler, `pi` is what was drawn. Which `pi` does 2 pi sigma^2 mean?",
        variant=gibbs_variant(assignments=assignments_with_pi_shadowed),
    ),
    KnownMistake(
        name="old_state",
        says="Each block was drawn given the others as they were before the sweep.",
        hint="Follow one sweep by hand: which values of z does the step for mu see, those before or those just drawn?",
        variant=_from_the_old_state,
    ),
    KnownMistake(
        name="sorted_in_the_chain",
        says="The components are put in order within every sweep, and the chain goes on from there.",
        hint="Every component has priors of its own. What happens to them when two components change places?",
        variant=gibbs_variant(end_of_sweep=_sorted),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="Look where z is drawn: sigma is a standard deviation already.",
        variant=gibbs_variant(assignments=assignments_variant(power=2.0)),
    ),
    KnownMistake(
        name="prior_of_the_means_ignored",
        says="The prior of mu plays no part.",
        hint="Its precision adds to that of the data.",
        variant=gibbs_variant(means=means_variant(prior_precision=lambda scale: 1e-4 * jnp.ones_like(scale))),
    ),
    KnownMistake(
        name="wrong_precision",
        says="The data count as one observation when mu is drawn.",
        hint="n_k observations have n_k times the precision of one.",
        variant=gibbs_variant(means=means_variant(data_precision=lambda counts, sigma: (counts > 0) / sigma**2)),
    ),
    catalogue.JACOBIAN_MISSING.here(
        hint="The density of log sigma is that of sigma times sigma.",
        variant=gibbs_variant(stds=stds_variant(exponent=lambda shape, counts: shape - 1 - counts)),
    ),
    KnownMistake(
        name="prior_of_the_stds_dropped",
        says="The prior of sigma plays no part.",
        hint="The target is prior times likelihood.",
        variant=gibbs_variant(
            stds=stds_variant(exponent=lambda shape, counts: 1 - counts, prior_rate=lambda rate: 0.05 + 0 * rate)
        ),
    ),
    catalogue.SCALE_FOR_RATE.here(
        hint="A large rate means small values.",
        variant=gibbs_variant(change_prior=lambda prior: prior._replace(rate=1 / prior.rate)),
    ),
    catalogue.ALWAYS_ACCEPTED.here(
        hint="Only with a probability of the ratio of the target densities.",
        variant=gibbs_variant(stds=stds_variant(always=True)),
    ),
    catalogue.ALPHA_IGNORED.here(
        hint="alpha is in the prior.",
        variant=gibbs_variant(change_prior=lambda prior: prior._replace(alpha=jnp.ones_like(prior.alpha))),
    ),
    catalogue.FIRST_PRIOR_FOR_ALL.here(
        hint="The prior's arrays have an entry for each component.",
        variant=gibbs_variant(change_prior=lambda prior: type(prior)(*(row[0] + 0 * row for row in prior))),
    ),
    catalogue.MEANS_SORTED_ALONE.here(
        hint="pi, sigma and z belong to the same components: permute all together.",
        variant=gibbs_variant(finish=lambda draws: draws | {"mu": jnp.sort(draws["mu"], axis=1)}),
    ),
    KnownMistake(
        name="labels_averaged",
        says="The means were averaged over the components.",
        hint="Label switching is no reason to average labels: relabel, or use what does not depend on labels.",
        variant=gibbs_variant(finish=_averaged_labels),
    ),
    KnownMistake(
        name="plugged_in",
        says="Every draw is the same point estimate.",
        hint="A posterior is its draws; their mean has forgotten the uncertainty.",
        variant=gibbs_variant(finish=_plugged_in),
    ),
    KnownMistake(
        name="variances_returned",
        says="sigma holds variances.",
        hint="sigma is a standard deviation, in the unit of x.",
        variant=gibbs_variant(finish=lambda draws: draws | {"sigma": draws["sigma"] ** 2}),
    ),
)
