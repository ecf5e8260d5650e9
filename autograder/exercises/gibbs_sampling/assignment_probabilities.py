"""The posterior probability of each component for new observations."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import STEP, Arrays, Aspect, Exercise, Part, catalogue, f32, i32
from autograder.exercises.gibbs_sampling.data import samples, weighted
from reference import gibbs_sampling as reference

# Components 15 standard deviations from 425 g, where each density is 0 in float32.
NARROW = {
    "pi": f32([0.25, 0.75], [0.5, 0.5], [0.375, 0.625]),
    "mu": f32([350, 500], [349, 501], [349.5, 500.5]),
    "sigma": f32([5, 5], [5, 5], [5, 5]),
    "z": i32([0, 1, 1], [0, 1, 1], [0, 1, 1]),
}

ASSIGNMENT_PROBABILITIES = Exercise(
    "assignment_probabilities",
    truth=reference.assignment_probabilities,
    rule=Arrays((Part("probabilities", "(M, K)", STEP),)),
    aspects=(
        Aspect(
            "draws",
            points=1,
            hint="A new observation says something about the parameters too: draws that explain it well count for "
            "more. What do you add up over the draws, before you normalise?",
            closer="Two draws give the densities (0.09, 0.01) and (0.001, 0.009) at x. The first explains x ten "
            "times as well, so the answer lies near what it says: 0.827 for component 0. In which order do "
            "you sum and divide?",
            visible={"two components": (samples(8, 6, 2, 3), f32(350, 425, 500))},
            hidden={
                "three components": (samples(9, 7, 3, 3), f32(340, 400, 455, 520)),
                "five draws of two components": (samples(10, 5, 2, 4), f32(365, 440, 480)),
            },
        ),
        Aspect(
            "far from every mean",
            points=1,
            hint="Every density is 0 there, but its logarithm is an ordinary number. `logsumexp` adds up densities "
            "that are given by their logarithms.",
            closer="The formula has two sums, over the draws and over the components. Each must be taken of "
            "logarithms, by a function that does not leave the log scale.",
            visible={"the bento of 425 g": (NARROW, f32(425, 351, 499))},
            hidden={
                "very far from every mean": (samples(11, 6, 2, 3), f32(9000, -4000, 425)),
                "tiny weights": (weighted(15, samples(15, 6, 2, 3), level=-300), f32(375, 425, 470)),
            },
        ),
        Aspect(
            "weighted draws",
            points=1,
            hint="With log_weights, each draw's densities count by its weight. Where a weight would be a factor, "
            "its logarithm is added.",
            visible={"weighted draws": (weighted(12, samples(12, 6, 2, 3)), f32(350, 425, 500))},
            hidden={
                "weighted, three components": (weighted(13, samples(13, 7, 3, 3)), f32(380, 430, 490)),
                "other weighted draws": (weighted(14, samples(14, 5, 2, 3)), f32(360, 410, 470)),
            },
        ),
    ),
)


def _log_joint(samples, x_new, *, power: float = 1.0, use_pi: bool = True):
    """(M, S, K)."""
    log_density = norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"] ** power)
    return log_density + (jnp.log(samples["pi"]) if use_pi else 0.0)


def _log_weights(samples):
    return samples.get("log_weights", jnp.zeros(len(samples["mu"])))


@ASSIGNMENT_PROBABILITIES.mistake(
    says="You averaged each draw's own probabilities. So every draw counts the same, however badly it explains "
    "the new observation.",
    hint="That is right for an observation among the data. A new one is evidence about the parameters: what do "
    "you average over the draws, before you normalise?",
)
def responsibilities_averaged(samples, x_new):
    weights = jax.nn.softmax(_log_weights(samples))
    return jnp.einsum("s,msk->mk", weights, jax.nn.softmax(_log_joint(samples, x_new), axis=2))


@ASSIGNMENT_PROBABILITIES.mistake(
    says="The parameters were averaged first: these are the probabilities at the posterior mean.",
    hint="Average what the draws say about the observation, not the parameters.",
)
def plugged_in(samples, x_new):
    weights = jax.nn.softmax(_log_weights(samples))
    pi, mu, sigma = (weights @ samples[name] for name in ("pi", "mu", "sigma"))
    return jax.nn.softmax(jnp.log(pi) + norm.logpdf(x_new[:, None], mu, sigma), axis=1)


def _probabilities(*, weighted: bool = True, **changes: Any) -> Callable[..., Any]:
    def assignment_probabilities(samples, x_new):
        log_weights = _log_weights(samples) * (1.0 if weighted else 0.0)
        return jax.nn.softmax(logsumexp(_log_joint(samples, x_new, **changes) + log_weights[:, None], axis=1), axis=1)

    return assignment_probabilities


ASSIGNMENT_PROBABILITIES.add(
    catalogue.WEIGHTS_IGNORED.here(hint="Bayes' rule: prior times likelihood.", variant=_probabilities(use_pi=False)),
    catalogue.VARIANCE_FOR_STD.here(hint="sigma is a standard deviation already.", variant=_probabilities(power=2.0)),
    catalogue.DRAWS_NOT_WEIGHTED.here(
        hint="A weighted draw counts by its weight.", variant=_probabilities(weighted=False)
    ),
)


@ASSIGNMENT_PROBABILITIES.mistake(catalogue.EXPONENTIATED_FIRST, hint="Stay with logarithms until the last step.")
def exponentiated_first(samples, x_new):
    weights = jnp.exp(_log_weights(samples))
    joint = jnp.einsum("s,msk->mk", weights, jnp.exp(_log_joint(samples, x_new)))
    return joint / joint.sum(axis=1, keepdims=True)
