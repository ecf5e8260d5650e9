"""Known mistakes in what draws say about the cups, as wrong variants of the reference."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import Misconception


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


ASSIGNMENT_POSTERIOR = (
    Misconception(
        name="labels_as_they_are",
        says="The labels were counted as they are in each draw.",
        hint="Label 0 may be another blend in the next draw: order the components of each draw by mu first.",
        variant=_assigned(relabel=False),
    ),
    Misconception(
        name="inverse_permutation",
        says="z was renamed by the order, not by its inverse.",
        hint="`argsort` gives the old label of each new one; z needs the new label of an old one.",
        variant=_assigned(inverse=True),
    ),
    Misconception(
        name="descending",
        says="The blends are in descending order.",
        hint="Low comes first.",
        variant=_assigned(by=lambda samples: -samples["mu"]),
    ),
    Misconception(
        name="one_order_for_all",
        says="The blends were ordered once for all draws, by their average means.",
        hint="Labels may have changed from one draw to the next. Can one order be right before and after?",
        variant=_assigned(by=lambda samples: jnp.broadcast_to(samples["mu"].mean(axis=0), samples["mu"].shape)),
    ),
    Misconception(
        name="ordered_by_weight",
        says="The blends are in the order of pi.",
        hint="Low, medium and high are said of caffeine. Which parameter holds it?",
        variant=_assigned(by=lambda samples: samples["pi"]),
    ),
    Misconception(
        name="point_estimate",
        says="Only the most probable blend is left.",
        hint="Keep the probabilities: they say how sure the assignment is.",
        variant=_assigned(hard=True),
    ),
    Misconception(
        name="draws_not_weighted",
        says="log_weights plays no part.",
        hint="A weighted draw counts by its weight.",
        variant=_assigned(weighted=False),
    ),
    Misconception(
        name="transposed",
        says="Cups and blends are swapped.",
        hint="A row for each cup.",
        variant=lambda samples: _assigned()(samples).T,
    ),
)

COASSIGNMENT = (
    Misconception(
        name="of_the_averages",
        says="The average labels of two cups were compared, not their labels in each draw.",
        hint="In each draw, two cups are together or not: average that.",
        variant=lambda z: (jnp.round(z.mean(axis=0))[:, None] == jnp.round(z.mean(axis=0))).astype(float),
    ),
    Misconception(
        name="counts",
        says="These are counts.",
        hint="Divide by the number of draws.",
        variant=lambda z: jnp.sum(z[:, :, None] == z[:, None, :], axis=0),
    ),
    Misconception(
        name="as_if_independent",
        says="The probabilities of two cups were multiplied, as if their blends were independent.",
        hint="Compare within each draw, then average.",
        variant=lambda z: jnp.einsum("ik,jk->ij", jax.nn.one_hot(z, 3).mean(axis=0), jax.nn.one_hot(z, 3).mean(axis=0)),
    ),
    Misconception(
        name="draws_for_cups",
        says="Draws were compared, not cups.",
        hint="The result has a row and a column for each cup: (N, N).",
        variant=lambda z: jnp.mean(z[:, None, :] == z[None, :, :], axis=2),
    ),
    Misconception(
        name="differences",
        says="These are the probabilities that two cups differ.",
        hint="1 minus them.",
        variant=lambda z: jnp.mean(z[:, :, None] != z[:, None, :], axis=0),
    ),
)
