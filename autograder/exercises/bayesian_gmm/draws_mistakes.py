"""Known mistakes in what is made of draws: labels, probabilities, entropy."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import Misconception
from reference import bayesian_gmm as right


def _relabelled(
    rename: Callable[[Any, Any], Any],
    names: tuple[str, ...] = ("pi", "mu", "sigma"),
    by: Callable[[Any], Any] = lambda samples: samples["mu"],
):
    def relabel(samples):
        order = jnp.argsort(by(samples), axis=1)
        permuted = {name: jnp.take_along_axis(samples[name], order, axis=1) for name in names}
        return {**samples, **permuted, "z": rename(order, samples["z"])}

    return relabel


def _renamed(order, z):
    return jnp.take_along_axis(jnp.argsort(order, axis=1), z, axis=1)


def _relabelled_unweighted(samples):
    named = right.relabel(samples)
    return {name: named[name] for name in ("pi", "mu", "sigma", "z")}


RELABEL = (
    Misconception(
        name="means_sorted_alone",
        says="mu was sorted, but nothing else was.",
        hint="pi, sigma and z belong to the same components: permute all together.",
        variant=_relabelled(lambda order, z: z, names=("mu",)),
    ),
    Misconception(
        name="assignments_left",
        says="z still has the old labels.",
        hint="A label is the number of a component: when components move, their numbers change.",
        variant=_relabelled(lambda order, z: z),
    ),
    Misconception(
        name="inverse_permutation",
        says="z was renamed by the order, not by its inverse.",
        hint="`order[j]` is the old label of the new component j; z needs the new label of an old one.",
        variant=_relabelled(lambda order, z: jnp.take_along_axis(order, z, axis=1)),
    ),
    Misconception(
        name="descending",
        says="The components are in descending order.",
        hint="The smallest mean comes first.",
        variant=_relabelled(_renamed, by=lambda samples: -samples["mu"]),
    ),
    Misconception(
        name="one_order_for_all",
        says="All draws were put in the same order, that of the average means.",
        hint="Labels may have changed from one draw to the next. Can one order be right before and after?",
        variant=_relabelled(_renamed, by=lambda samples: jnp.broadcast_to(samples["mu"].mean(0), samples["mu"].shape)),
    ),
    Misconception(
        name="ordered_by_weight",
        says="The components are in the order of pi.",
        hint="What is ascending in your result, and what should be?",
        variant=_relabelled(_renamed, by=lambda samples: samples["pi"]),
    ),
    Misconception(
        name="weights_lost",
        says="log_weights is missing.",
        hint="What has no components stays in the dict as it is.",
        variant=_relabelled_unweighted,
    ),
)


def _log_joint(samples, x_new, *, power: float = 1.0, use_pi: bool = True):
    """(M, S, K)."""
    log_density = norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"] ** power)
    return log_density + (jnp.log(samples["pi"]) if use_pi else 0.0)


def _log_weights(samples):
    return samples.get("log_weights", jnp.zeros(len(samples["mu"])))


def _plug_in_probabilities(samples, x_new):
    weights = jax.nn.softmax(_log_weights(samples))
    pi, mu, sigma = (weights @ samples[name] for name in ("pi", "mu", "sigma"))
    return jax.nn.softmax(jnp.log(pi) + norm.logpdf(x_new[:, None], mu, sigma), axis=1)


def _probabilities(*, weighted: bool = True, **changes: Any) -> Callable[..., Any]:
    def assignment_probabilities(samples, x_new):
        log_weights = _log_weights(samples) * (1.0 if weighted else 0.0)
        return jax.nn.softmax(logsumexp(_log_joint(samples, x_new, **changes) + log_weights[:, None], axis=1), axis=1)

    return assignment_probabilities


def _responsibilities_averaged(samples, x_new):
    weights = jax.nn.softmax(_log_weights(samples))
    return jnp.einsum("s,msk->mk", weights, jax.nn.softmax(_log_joint(samples, x_new), axis=2))


def _densities_exponentiated(samples, x_new):
    weights = jnp.exp(_log_weights(samples))
    joint = jnp.einsum("s,msk->mk", weights, jnp.exp(_log_joint(samples, x_new)))
    return joint / joint.sum(axis=1, keepdims=True)


ASSIGNMENT_PROBABILITIES = (
    Misconception(
        name="responsibilities_averaged",
        says="You averaged each draw's own probabilities. So every draw counts the same, however badly it explains "
        "the new observation.",
        hint="That is right for an observation among the data. A new one is evidence about the parameters: what do "
        "you average over the draws, before you normalise?",
        variant=_responsibilities_averaged,
    ),
    Misconception(
        name="plugged_in",
        says="The parameters were averaged first: these are the probabilities at the posterior mean.",
        hint="Average what the draws say about the observation, not the parameters.",
        variant=_plug_in_probabilities,
    ),
    Misconception(
        name="weights_ignored",
        says="You ignored pi.",
        hint="Bayes' rule: prior times likelihood.",
        variant=_probabilities(use_pi=False),
    ),
    Misconception(
        name="variance_for_std",
        says="sigma squared stands where a standard deviation belongs.",
        hint="sigma is a standard deviation already.",
        variant=_probabilities(power=2.0),
    ),
    Misconception(
        name="draws_not_weighted",
        says="You ignored log_weights.",
        hint="A weighted draw counts by its weight.",
        variant=_probabilities(weighted=False),
    ),
    Misconception(
        name="exponentiated_first",
        says="Densities were exponentiated before they were normalised: far from every mean all of them are 0.",
        hint="Stay with logarithms until the last step.",
        variant=_densities_exponentiated,
    ),
)


def _entropy(log: Callable[[Any], Any] = jnp.log, axis: int = 1, sign: int = -1, average: bool = False):
    def assignment_entropy(probabilities):
        terms = jnp.where(probabilities > 0, probabilities * log(jnp.where(probabilities > 0, probabilities, 1)), 0)
        return sign * (terms.mean(axis=axis) if average else terms.sum(axis=axis))

    return assignment_entropy


ASSIGNMENT_ENTROPY = (
    Misconception(
        name="bits",
        says="The entropy is in bits.",
        hint="Nats come from the natural logarithm.",
        variant=_entropy(log=jnp.log2),
    ),
    Misconception(
        name="sign", says="The sign is wrong.", hint="p log p is never positive; entropy is.", variant=_entropy(sign=1)
    ),
    Misconception(
        name="zero_times_infinity",
        says="A probability of 0 gives NaN.",
        hint="p log p tends to 0 with p: `jax.scipy.special.xlogy` or `jnp.where`.",
        variant=lambda probabilities: -jnp.sum(probabilities * jnp.log(probabilities), axis=1),
    ),
    Misconception(
        name="averaged",
        says="The terms were averaged.",
        hint="The expectation is weighted by p already: add them up.",
        variant=_entropy(average=True),
    ),
    Misconception(
        name="gini",
        says="This is 1 minus the sum of squares.",
        hint="That measures the same thing in another way; entropy has a logarithm.",
        variant=lambda probabilities: 1 - jnp.sum(probabilities**2, axis=1),
    ),
)
