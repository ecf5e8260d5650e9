"""The posterior probability of each blend for each cup."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises import STEP, Arrays, Aspect, Exercise, KnownMistake, Part, catalogue
from autograder.exercises.coffee.data import samples
from reference import coffee as reference


def weighted(seed: int, draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    log_weights = np.random.default_rng(seed).normal(-110, 1.5, len(draws["mu"]))
    return {**draws, "log_weights": log_weights.astype(np.float32)}


ASSIGNMENT_POSTERIOR = Exercise(
    "assignment_posterior",
    truth=reference.assignment_posterior,
    rule=Arrays((Part("probabilities", "(N, 3)", STEP),)),
    aspects=(
        Aspect(
            "draws",
            points=2,
            hint="In each draw, the component with the lowest mu is the low blend, whatever its label: rename z first.",
            closer="In each draw, find the rank of every component's mean, and put the rank in the place of the "
            "label: 0 is low then, 1 medium, 2 high. Count only after that.",
            visible={"eight draws, five cups": (samples(1, 8, 5),)},
            hidden={"ten draws, five cups": (samples(2, 10, 5),), "twelve draws, nine cups": (samples(3, 12, 9),)},
        ),
        Aspect(
            "weighted draws",
            points=1,
            hint="With log_weights, a draw counts by its weight, normalised in log space.",
            visible={"weighted draws": (weighted(4, samples(4, 8, 5)),)},
            hidden={
                "other weighted draws": (weighted(5, samples(5, 8, 5)),),
                "weighted draws of nine cups": (weighted(6, samples(6, 12, 9)),),
            },
        ),
    ),
)


def _assigned(
    relabel: bool = True,
    weighted: bool = True,
    inverse: bool = False,
    hard: bool = False,
    by: Callable[[Any], Any] = lambda samples: samples["mu"],
):
    def assignment_posterior(samples):
        order = jnp.argsort(by(samples), axis=1)
        rank = order if inverse else jnp.argsort(order, axis=1)
        blend = jnp.take_along_axis(rank, samples["z"], axis=1) if relabel else samples["z"]
        logs = samples.get("log_weights", jnp.zeros(len(rank)))
        weights = jax.nn.softmax(logs if weighted else 0 * logs)
        probabilities = jnp.einsum("s,snk->nk", weights, jax.nn.one_hot(blend, 3))
        return jax.nn.one_hot(jnp.argmax(probabilities, axis=1), 3) if hard else probabilities

    return assignment_posterior


ASSIGNMENT_POSTERIOR.add(
    KnownMistake(
        name="labels_as_they_are",
        says="The labels were counted as they are in each draw.",
        hint="Label 0 may be another blend in the next draw: order the components of each draw by mu first.",
        variant=_assigned(relabel=False),
    ),
    catalogue.INVERSE_PERMUTATION.here(
        hint="`argsort` gives the old label of each new one; z needs the new label of an old one.",
        variant=_assigned(inverse=True),
    ),
    catalogue.DESCENDING.here(hint="Low comes first.", variant=_assigned(by=lambda samples: -samples["mu"])),
    catalogue.ONE_ORDER_FOR_ALL.here(
        hint="Labels may have changed from one draw to the next. Can one order be right before and after?",
        variant=_assigned(by=lambda samples: jnp.broadcast_to(samples["mu"].mean(axis=0), samples["mu"].shape)),
    ),
    catalogue.ORDERED_BY_WEIGHT.here(
        hint="Low, medium and high are said of caffeine. Which parameter holds it?",
        variant=_assigned(by=lambda samples: samples["pi"]),
    ),
    KnownMistake(
        name="point_estimate",
        says="Only the most probable blend is left.",
        hint="Keep the probabilities: they say how sure the assignment is.",
        variant=_assigned(hard=True),
    ),
    catalogue.DRAWS_NOT_WEIGHTED.here(hint="A weighted draw counts by its weight.", variant=_assigned(weighted=False)),
)


@ASSIGNMENT_POSTERIOR.mistake(catalogue.TRANSPOSED, hint="A row for each cup.")
def transposed(samples):
    return _assigned()(samples).T
