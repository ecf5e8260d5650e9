"""The components of each draw in the order of their means."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from autograder.exercises import Aspect, Exercise, KnownMistake, Named, Part, catalogue
from autograder.exercises.gibbs_sampling.data import samples, weighted
from reference import gibbs_sampling as reference

DRAWS = (Part("pi", "(S, K)"), Part("mu", "(S, K)"), Part("sigma", "(S, K)"), Part("z", "(S, N)"))

RELABEL = Exercise(
    "relabel",
    truth=reference.relabel,
    rule=Named(DRAWS),
    aspects=(
        Aspect(
            "draws",
            points=2,
            hint="Sort each draw's means (`argsort` along the components), and move its pi, mu and sigma by the same "
            "order. z needs the other direction: the new name of each old label.",
            closer="Try mu = (30, 10, 20) and z = (0, 1, 2, 0): mu becomes (10, 20, 30) and z becomes (2, 0, 1, 2). "
            "With two components both directions are the same, so test with three.",
            visible={
                "four draws of two components": (samples(1, 4, 2, 3),),
                "five draws of three components": (samples(2, 5, 3, 6),),
            },
            hidden={
                "six draws of three components": (samples(3, 6, 3, 5),),
                "eight draws of four components": (samples(4, 8, 4, 10),),
            },
        ),
        Aspect(
            "weighted draws",
            points=1,
            hint="What has no components, such as log_weights, stays as it is, and stays in the dict.",
            rule=Named((*DRAWS, Part("log_weights", "(S,)"))),
            visible={"weighted draws": (weighted(5, samples(5, 4, 2, 3)),)},
            hidden={
                "other weighted draws": (weighted(6, samples(6, 5, 3, 4)),),
                "weighted draws of four components": (weighted(7, samples(7, 5, 4, 4)),),
            },
        ),
    ),
)


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


RELABEL.add(
    catalogue.MEANS_SORTED_ALONE.here(
        hint="pi, sigma and z belong to the same components: permute all together.",
        variant=_relabelled(lambda order, z: z, names=("mu",)),
    ),
    KnownMistake(
        name="assignments_left",
        says="z still has the old labels.",
        hint="A label is the number of a component: when components move, their numbers change.",
        variant=_relabelled(lambda order, z: z),
    ),
    catalogue.INVERSE_PERMUTATION.here(
        hint="`order[j]` is the old label of the new component j; z needs the new label of an old one.",
        variant=_relabelled(lambda order, z: jnp.take_along_axis(order, z, axis=1)),
    ),
    catalogue.DESCENDING.here(
        hint="The smallest mean comes first.", variant=_relabelled(_renamed, by=lambda samples: -samples["mu"])
    ),
    catalogue.ONE_ORDER_FOR_ALL.here(
        hint="Labels may have changed from one draw to the next. Can one order be right before and after?",
        variant=_relabelled(_renamed, by=lambda samples: jnp.broadcast_to(samples["mu"].mean(0), samples["mu"].shape)),
    ),
    catalogue.ORDERED_BY_WEIGHT.here(
        hint="What is ascending in your result, and what should be?",
        variant=_relabelled(_renamed, by=lambda samples: samples["pi"]),
    ),
)


@RELABEL.mistake(says="log_weights is missing.", hint="What has no components stays in the dict as it is.")
def weights_lost(samples):
    named = reference.relabel(samples)
    return {name: named[name] for name in ("pi", "mu", "sigma", "z")}
