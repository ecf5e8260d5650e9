"""Known mistakes in a sweep and in a chain of sweeps."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import Misconception
from autograder.exercises.dpmm import reassignment_mistakes as wrong
from reference import dpmm as right

type Reassign = Callable[..., Any]


def _draw(key, probabilities):
    return jax.random.categorical(key, jnp.log(probabilities))


def swept(
    reassign: Reassign = right.reassignment_probabilities,
    *,
    draw: Callable[[Any, Any], Any] = _draw,
    keys: Callable[[Any, int], Any] = jax.random.split,
    only: Callable[[int], Any] = jnp.arange,
) -> Callable[..., Any]:
    """The reference's sweep with parts exchanged; `only` says which observations move."""

    def sweep(key, x, z, alpha, base):
        def step(z, moving):
            i, one = moving
            return z.at[i].set(draw(one, reassign(i, x, z, alpha, base))), None

        order = only(len(x))
        return jax.lax.scan(step, jnp.asarray(z), (order, keys(key, len(order))))[0]

    return sweep


def _all_at_once(key, x, z, alpha, base):
    """Every observation sees the others as they were before the sweep."""
    p = jax.vmap(lambda i: right.reassignment_probabilities(i, x, z, alpha, base))(jnp.arange(len(x)))
    return jax.random.categorical(key, jnp.log(p), axis=1)


def _unchanged(key, x, z, alpha, base):
    """What was drawn is lost."""
    swept()(key, x, z, alpha, base)
    return z


def _same_keys(key, count: int):
    return jnp.broadcast_to(key, (count,))


SWEEP = (
    Misconception(
        name="nothing_moves",
        says="The labels come back as they went in.",
        hint="Put the new label in its place, and return what has changed. A JAX array is not changed in place.",
        variant=_unchanged,
    ),
    Misconception(
        name="most_probable_label",
        says="Each observation went to its most probable cluster.",
        hint="Draw from the probabilities: `argmax` hides the uncertainty that the sampler is there for.",
        variant=swept(draw=lambda key, p: jnp.argmax(p)),
    ),
    Misconception(
        name="all_at_once",
        says="All observations moved at once, each given the others as they were before the sweep.",
        hint="One after the other: the second one must see where the first one is now.",
        variant=_all_at_once,
    ),
    Misconception(
        name="one_key_for_all",
        says="Every observation was moved with the same key.",
        hint="A key is good for one draw. Split it into one for each observation.",
        variant=swept(keys=_same_keys),
    ),
    Misconception(
        name="probabilities_for_logits",
        says="`jax.random.categorical` was given probabilities.",
        hint="It takes their logarithms.",
        variant=swept(draw=jax.random.categorical),
    ),
    Misconception(
        name="never_a_new_cluster",
        says="No sweep ever opens a new cluster.",
        hint="In every reassignment a new cluster must be possible.",
        variant=swept(wrong.NEVER_NEW),
    ),
    Misconception(
        name="alpha_forgotten",
        says="New clusters come as if alpha were 1.",
        hint="The weight of a new cluster is alpha.",
        variant=swept(wrong.ALPHA_FORGOTTEN),
    ),
    Misconception(
        name="sizes_ignored",
        says="The sizes of the clusters play no part.",
        hint="A cluster attracts in proportion to its members.",
        variant=swept(wrong.SIZES_IGNORED),
    ),
    Misconception(
        name="likelihood_ignored",
        says="x plays no part: the draws follow the prior.",
        hint="Each seat is weighted by how well its cluster predicts x_i.",
        variant=swept(wrong.LIKELIHOOD_IGNORED),
    ),
    Misconception(
        name="density_of_the_new_cluster_forgotten",
        says="A new cluster has the weight alpha, without a density.",
        hint="It predicts x_i too: by the base alone.",
        variant=swept(wrong.NEW_WITHOUT_DENSITY),
    ),
    Misconception(
        name="itself_not_removed",
        says="Each observation still counts for the cluster that it is in when it moves.",
        hint="It leaves first.",
        variant=swept(wrong.ITSELF_NOT_REMOVED),
    ),
    Misconception(
        name="plugged_in",
        says="Each cluster predicts by a normal density at its updated parameters.",
        hint="`predictive_log_density` is a Student t, and wider.",
        variant=swept(wrong.PLUGGED_IN),
    ),
    Misconception(
        name="mean_taken_for_known",
        says="The factor (c_n + 1)/c_n is missing from the predictive density.",
        hint="A new observation varies around a mean that is itself uncertain.",
        variant=swept(wrong.MEAN_TAKEN_FOR_KNOWN),
    ),
)


def chained(
    sweep: Callable[..., Any],
    *,
    burn_in: int = 100,
    start: Callable[[int], Any] = jnp.arange,
    keys: Callable[[Any, int], Any] = jax.random.split,
    finish: Callable[[Any], Any] = lambda z: z,
) -> Callable[..., Any]:
    """The reference's chain with parts exchanged, compiled as a whole."""

    @partial(jax.jit, static_argnames="num_samples")
    def dpmm(key, x, alpha, base, num_samples):
        def step(z, one):
            z = sweep(one, x, z, alpha, base)
            return z, z

        _, z = jax.lax.scan(step, start(len(x)), keys(key, burn_in + num_samples))
        return finish(z[burn_in:])

    return dpmm


@partial(jax.jit, static_argnames="num_samples")
def _prior_draws(key, x, alpha, base, num_samples):
    return jax.vmap(lambda one: right.simulate_crp(one, len(x), alpha))(jax.random.split(key, num_samples))


DPMM = (
    Misconception(
        name="prior_for_posterior",
        says="The draws follow the prior.",
        hint="Each reassignment must look at x.",
        variant=_prior_draws,
    ),
    Misconception(
        name="one_key_for_all",
        says="Every sweep used the same key.",
        hint="The same key gives the same random numbers: split it for every sweep.",
        variant=chained(right.sweep, keys=_same_keys),
    ),
    Misconception(
        name="nothing_moves",
        says="The chain never leaves its start.",
        hint="Put what a sweep returns into the state.",
        variant=chained(_unchanged),
    ),
    Misconception(
        name="always_from_the_start",
        says="Every sweep begins at the start of the chain again.",
        hint="A sweep goes on from where the last one ended.",
        variant=chained(lambda key, x, z, alpha, base: right.sweep(key, x, jnp.zeros_like(z), alpha, base)),
    ),
    Misconception(
        name="most_probable_label",
        says="Each observation went to its most probable cluster.",
        hint="Draw from the probabilities.",
        variant=chained(swept(draw=lambda key, p: jnp.argmax(p))),
    ),
    Misconception(
        name="all_at_once",
        says="All observations moved at once, each given the others as they were before the sweep.",
        hint="One after the other: the second one must see where the first one is now.",
        variant=chained(_all_at_once),
    ),
    Misconception(
        name="never_a_new_cluster",
        says="No sweep ever opens a new cluster.",
        hint="In every reassignment a new cluster must be possible.",
        variant=chained(swept(wrong.NEVER_NEW)),
    ),
    Misconception(
        name="sizes_ignored",
        says="The sizes of the clusters play no part.",
        hint="A cluster attracts in proportion to its members.",
        variant=chained(swept(wrong.SIZES_IGNORED)),
    ),
    Misconception(
        name="density_of_the_new_cluster_forgotten",
        says="A new cluster has the weight alpha, without a density.",
        hint="It predicts x_i too: by the base alone.",
        variant=chained(swept(wrong.NEW_WITHOUT_DENSITY)),
    ),
    Misconception(
        name="plugged_in",
        says="Each cluster predicts by a normal density at its updated parameters.",
        hint="`predictive_log_density` is a Student t, and wider.",
        variant=chained(swept(wrong.PLUGGED_IN)),
    ),
    Misconception(
        name="transposed",
        says="Draws and observations are swapped.",
        hint="A draw in each row: (S, N).",
        variant=chained(right.sweep, finish=jnp.transpose),
    ),
    Misconception(
        name="burn_in_returned",
        says="The first sweeps are among the draws, and there are too many of these.",
        hint="Return num_samples draws, without the first sweeps.",
        variant=lambda key, x, alpha, base, num_samples: chained(right.sweep, burn_in=0)(
            key, x, alpha, base, num_samples + 100
        ),
    ),
)
