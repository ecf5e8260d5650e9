"""The number of clusters in the draws."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, Part, catalogue, i32
from autograder.exercises.dpmm.data import EIGHT, SIX
from reference import dpmm as reference

NUM_CLUSTERS_POSTERIOR = Exercise(
    "num_clusters_posterior",
    truth=reference.num_clusters_posterior,
    rule=Arrays((Part("shares", "(N,)"),)),
    aspects=(
        Aspect(
            "shares",
            points=2,
            hint="Count the different labels of each draw, not the largest one: labels may have gaps. Then count the "
            "draws with 1, 2, ..., N clusters.",
            closer="z = (0, 3, 3, 0) has two clusters. For one draw, mark which of the labels 0 to N - 1 occur, and "
            "count the marks. In which place of the result does a draw with one cluster count?",
            visible={
                "four draws": (i32([0, 0, 1, 1], [3, 3, 0, 3], [2, 2, 2, 2], [1, 0, 3, 1]),),
                "five draws of six": (
                    i32(
                        [5, 5, 4, 4, 5, 5],
                        [0, 1, 2, 3, 4, 5],
                        [2, 2, 2, 0, 0, 0],
                        [1, 1, 3, 5, 5, 5],
                        [4, 4, 4, 4, 4, 4],
                    ),
                ),
            },
            hidden={
                "four other draws": (i32([2, 2, 2, 2], [3, 1, 1, 1], [0, 3, 0, 0], [2, 0, 2, 0]),),
                "three draws of six": (SIX.draws(1, 3),),
                "twelve draws of eight": (EIGHT.draws(2, 12),),
            },
        ),
    ),
)


def _share_of(count: Callable[[Any], Any], first: int = 1) -> Callable[[Any], Any]:
    """The share of draws with each number of clusters, from `first` on."""

    def num_clusters_posterior(z_samples):
        return jnp.mean(count(z_samples)[:, None] == first + jnp.arange(z_samples.shape[1]), axis=0)

    return num_clusters_posterior


def _different(z):
    z = jnp.sort(z, axis=1)
    return 1 + jnp.sum(z[:, 1:] != z[:, :-1], axis=1)


NUM_CLUSTERS_POSTERIOR.add(
    KnownMistake(
        name="largest_label",
        says="The largest label was taken for the number of clusters.",
        hint="Labels may have gaps: (3, 3, 0, 3) are two clusters.",
        variant=_share_of(lambda z: 1 + z.max(axis=1)),
        forms=(_share_of(lambda z: z.max(axis=1)),),
    ),
    KnownMistake(
        name="changes_counted",
        says="Changes from one observation to the next were counted, not different labels.",
        hint="(0, 1, 0) are two clusters, with two changes.",
        variant=_share_of(lambda z: 1 + jnp.sum(z[:, 1:] != z[:, :-1], axis=1)),
    ),
    KnownMistake(
        name="frequencies_of_labels",
        says="This is how often each label comes, over all draws.",
        hint="Labels mean nothing. Count the clusters of each draw first.",
        variant=lambda z: jnp.mean(z[:, :, None] == jnp.arange(z.shape[1]), axis=(0, 1)),
    ),
    catalogue.STARTS_AT_NONE.here(hint="The first entry is for one cluster.", variant=_share_of(_different, first=0)),
    KnownMistake(
        name="counts_for_shares",
        says="These are numbers of draws, not shares.",
        hint="Divide by the number of draws.",
        variant=lambda z: len(z) * _share_of(_different)(z),
    ),
    catalogue.LAST_DRAW_ONLY.here(
        hint="One draw is one opinion. All draws together are the posterior.",
        variant=lambda z: _share_of(_different)(z[-1:]),
    ),
    KnownMistake(
        name="average_returned",
        says="This is the average number of clusters, not its distribution.",
        hint="Return an array: the shares of draws with 1, 2, ..., N clusters.",
        variant=lambda z: jnp.mean(_different(z)),
    ),
)
