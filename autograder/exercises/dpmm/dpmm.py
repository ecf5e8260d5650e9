"""Draws from the posterior of the partition."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import (
    Aspect,
    Chains,
    Exercise,
    KnownMistake,
    PartitionChains,
    catalogue,
    key_aspect,
    keyed,
)
from autograder.exercises.dpmm import distributions
from autograder.exercises.dpmm.data import (
    EIGHT,
    SIX,
    TEN,
)
from autograder.exercises.dpmm.sweep_parts import (
    NEVER_NEW,
    NEW_WITHOUT_DENSITY,
    PLUGGED_IN,
    SIZES_IGNORED,
    all_at_once,
    same_keys,
    swept,
    unchanged,
)
from reference import dpmm as reference

DPMM = Exercise(
    "dpmm",
    truth=distributions.chained,
    rule=PartitionChains("z"),
    aspects=(
        Aspect(
            "chains",
            points=3,
            hint="Sweep after sweep, each with a key of its own, each from where the last one ended. Throw the first "
            "ones away, return the rest.",
            closer="Any start will do, all in one cluster for instance. Print the number of clusters over the first "
            "hundred sweeps: it should move. Then count what you return: num_samples draws, none of them from"
            " the way there.",
            probe=Chains(),
            visible={"eight observations": keyed(EIGHT.x, EIGHT.alpha, EIGHT.base, 500)},
            hidden={
                "six observations": keyed(SIX.x, SIX.alpha, SIX.base, 500),
                "ten bentos": keyed(TEN.x, TEN.alpha, TEN.base, 500),
            },
        ),
        key_aspect(1, EIGHT.x, EIGHT.alpha, EIGHT.base, 500, hidden=(SIX.x, SIX.alpha, SIX.base, 500), short=3),
    ),
    seconds=300,
)


def chained(
    sweep: Callable[..., Any],
    *,
    burn_in: int = 100,
    start: Callable[[int], Any] = jnp.arange,
    keys: Callable[[Any, int], Any] = jax.random.split,
    finish: Callable[[Any], Any] = lambda z: z,
) -> Callable[..., Any]:
    """The reference's chain with some parts replaced, compiled as a whole."""

    @partial(jax.jit, static_argnames="num_samples")
    def dpmm(key, x, alpha, base, num_samples):
        def step(z, own_key):
            z = sweep(own_key, x, z, alpha, base)
            return z, z

        _, z = jax.lax.scan(step, start(len(x)), keys(key, burn_in + num_samples))
        return finish(z[burn_in:])

    return dpmm


@partial(jax.jit, static_argnames="num_samples")
def _prior_draws(key, x, alpha, base, num_samples):
    return jax.vmap(lambda own_key: reference.simulate_crp(own_key, len(x), alpha))(jax.random.split(key, num_samples))


DPMM.add(
    catalogue.PRIOR_FOR_POSTERIOR.here(hint="Each reassignment must look at x.", variant=_prior_draws),
    catalogue.ONE_KEY_FOR_ALL.here(
        hint="The same key gives the same random numbers: split it for every sweep.",
        variant=chained(reference.sweep, keys=same_keys),
    ),
    catalogue.NOTHING_MOVES.here(hint="Put what a sweep returns into the state.", variant=chained(unchanged)),
    KnownMistake(
        name="always_from_the_start",
        says="Every sweep begins at the start of the chain again.",
        hint="A sweep goes on from where the last one ended.",
        variant=chained(lambda key, x, z, alpha, base: reference.sweep(key, x, jnp.zeros_like(z), alpha, base)),
    ),
    catalogue.MOST_PROBABLE_LABEL.here(
        hint="Draw from the probabilities.", variant=chained(swept(draw=lambda key, p: jnp.argmax(p)))
    ),
    catalogue.ALL_AT_ONCE.here(
        hint="One after the other: the second one must see where the first one is now.", variant=chained(all_at_once)
    ),
    catalogue.NEVER_A_NEW_CLUSTER.here(
        hint="In every reassignment a new cluster must be possible.", variant=chained(swept(NEVER_NEW))
    ),
    catalogue.SIZES_IGNORED.here(
        hint="A cluster attracts in proportion to its members.", variant=chained(swept(SIZES_IGNORED))
    ),
    catalogue.DENSITY_OF_THE_NEW_CLUSTER_FORGOTTEN.here(
        hint="It predicts x_i too: by the base alone.", variant=chained(swept(NEW_WITHOUT_DENSITY))
    ),
    catalogue.NORMAL_AT_ESTIMATES.here(
        hint="`predictive_log_density` is a Student t, and wider.", variant=chained(swept(PLUGGED_IN))
    ),
    catalogue.TRANSPOSED.here(
        hint="A draw in each row: (S, N).", variant=chained(reference.sweep, finish=jnp.transpose)
    ),
    KnownMistake(
        name="burn_in_returned",
        says="The first sweeps are among the draws, and there are too many of these.",
        hint="Return num_samples draws, without the first sweeps.",
        variant=lambda key, x, alpha, base, num_samples: chained(reference.sweep, burn_in=0)(
            key, x, alpha, base, num_samples + 100
        ),
    ),
)
