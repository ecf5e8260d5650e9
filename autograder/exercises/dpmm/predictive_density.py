"""The density of the next observation."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import (
    Arrays,
    Aspect,
    Exercise,
    KnownMistake,
    Part,
    catalogue,
    f32,
    i32,
)
from autograder.exercises.dpmm import cluster_parts
from autograder.exercises.dpmm.data import (
    FIVE,
    SIX,
    TEN,
)
from reference import dpmm as reference

PREDICTIVE_DENSITY = Exercise(
    "predictive_density",
    truth=reference.predictive_density,
    rule=Arrays((Part("densities", "(M,)"),)),
    aspects=(
        Aspect(
            "densities",
            points=2,
            hint="In each draw every cluster has its size and a new one has alpha, out of N + alpha; each counts with "
            "its predictive density. Then average over the draws.",
            closer="For one draw: as many terms as there are clusters, and one for a new cluster, with shares that "
            "sum to 1. Check with a fine grid: the density must integrate to 1.",
            visible={
                "two draws": (
                    f32(-2, 0.5, 4),
                    SIX.x,
                    i32([0, 0, 1, 1, 2, 2], [4, 4, 4, 4, 0, 0]),
                    SIX.alpha,
                    SIX.base,
                ),
                "five draws": (f32(-1, 2.25, 3), SIX.x, SIX.draws(3, 5), SIX.alpha, SIX.base),
            },
            hidden={
                "two other draws": (
                    f32(-3, 1, 2.5),
                    SIX.x,
                    i32([1, 1, 1, 3, 3, 3], [5, 0, 0, 0, 0, 2]),
                    0.5,
                    SIX.base,
                ),
                "bentos": (f32(350, 425, 499.5), TEN.x, TEN.draws(4, 4), TEN.alpha, TEN.base),
                "six draws of five": (f32(-4, 0.25), FIVE.x, FIVE.draws(5, 6), FIVE.alpha, FIVE.base),
            },
        ),
    ),
)


def _predicted(
    density: Callable[..., Any] = cluster_parts.student,
    *,
    new: Callable[[Any], Any] = lambda alpha: alpha,
    total: Callable[[Any, Any], Any] = lambda n, alpha: n + alpha,
    sizes: Callable[[Any], Any] = lambda n: n,
    average: Callable[[Any], Any] = lambda densities: densities.mean(axis=0),
) -> Callable[..., Any]:
    """The reference with some parts replaced; `average` gets the densities of each draw, (S, M)."""

    def predictive_density(x_new, x, z_samples, alpha, base):
        labels = jnp.arange(len(x) + 1)

        def of_one_draw(z):
            member = 1.0 * (labels[:, None] == z)
            n = member.sum(axis=1)
            each = jnp.exp(density(x_new[:, None], cluster_parts.update(x, member, base)))  # (M, N + 1)
            weights = jnp.where(n > 0, sizes(n), 0.0)
            return jnp.sum(each * weights.at[-1].set(new(alpha)), axis=1) / total(weights.sum(), alpha)

        return average(jax.vmap(of_one_draw)(z_samples))

    return predictive_density


PREDICTIVE_DENSITY.add(
    KnownMistake(
        name="new_cluster_left_out",
        says="The next observation can only join a cluster that there is.",
        hint="It may start a new one, with the weight alpha, out of N + alpha.",
        variant=_predicted(new=lambda alpha: 0.0, total=lambda n, alpha: n),
        forms=(_predicted(new=lambda alpha: 0.0),),
    ),
    KnownMistake(
        name="not_normalised",
        says="The weights of the clusters do not sum to 1.",
        hint="N customers are seated and alpha is for a new table: divide by N + alpha.",
        variant=_predicted(total=lambda n, alpha: n),
        forms=(_predicted(total=lambda n, alpha: 1.0),),
    ),
    catalogue.ALPHA_FORGOTTEN.here(
        hint="Its share is alpha.",
        variant=_predicted(new=lambda alpha: 1.0, total=lambda n, alpha: n + 1),
        forms=(_predicted(new=lambda alpha: 1.0),),
    ),
    catalogue.SIZES_IGNORED.here(
        hint="A cluster attracts in proportion to its members.", variant=_predicted(sizes=jnp.ones_like)
    ),
    KnownMistake(
        name="logarithms_averaged",
        says="The logarithms of the densities were averaged.",
        hint="A posterior predictive density is an average of densities.",
        variant=_predicted(average=lambda p: jnp.exp(jnp.mean(jnp.log(p), axis=0))),
    ),
    catalogue.LAST_DRAW_ONLY.here(
        hint="Average over all the draws: each of them is one possible partition.",
        variant=_predicted(average=lambda p: p[-1]),
    ),
    KnownMistake(
        name="logarithm_returned",
        says="This is the logarithm of the density.",
        hint="Return the density itself.",
        variant=_predicted(average=lambda p: jnp.log(p.mean(axis=0))),
    ),
    catalogue.NORMAL_AT_ESTIMATES.here(
        hint="`predictive_log_density` is a Student t, and wider.", variant=_predicted(cluster_parts.plugged_in)
    ),
    catalogue.MEAN_TAKEN_FOR_KNOWN.here(
        hint="A new observation varies around a mean that is itself uncertain.",
        variant=_predicted(cluster_parts.narrow),
    ),
    KnownMistake(
        name="sum_over_draws",
        says="The densities of the draws were added up, not averaged.",
        hint="Divide by the number of draws.",
        variant=_predicted(average=lambda p: p.sum(axis=0)),
    ),
)
