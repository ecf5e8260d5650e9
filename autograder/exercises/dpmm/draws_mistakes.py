"""Known mistakes in what draws of partitions say."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import Misconception
from autograder.exercises.dpmm import wrong_clusters as wrong


def _shares(count: Callable[[Any], Any], first: int = 1) -> Callable[[Any], Any]:
    """The share of draws with each number, from `first` on."""

    def num_clusters_posterior(z_samples):
        return jnp.mean(count(z_samples)[:, None] == first + jnp.arange(z_samples.shape[1]), axis=0)

    return num_clusters_posterior


def _different(z):
    z = jnp.sort(z, axis=1)
    return 1 + jnp.sum(z[:, 1:] != z[:, :-1], axis=1)


NUM_CLUSTERS_POSTERIOR = (
    Misconception(
        name="largest_label",
        says="The largest label was taken for the number of clusters.",
        hint="Labels may have gaps: (3, 3, 0, 3) are two clusters.",
        variant=_shares(lambda z: 1 + z.max(axis=1)),
        forms=(_shares(lambda z: z.max(axis=1)),),
    ),
    Misconception(
        name="changes_counted",
        says="Changes from one observation to the next were counted, not different labels.",
        hint="(0, 1, 0) are two clusters, with two changes.",
        variant=_shares(lambda z: 1 + jnp.sum(z[:, 1:] != z[:, :-1], axis=1)),
    ),
    Misconception(
        name="frequencies_of_labels",
        says="This is how often each label comes, over all draws.",
        hint="Labels mean nothing. Count the clusters of each draw first.",
        variant=lambda z: jnp.mean(z[:, :, None] == jnp.arange(z.shape[1]), axis=(0, 1)),
    ),
    Misconception(
        name="starts_at_none",
        says="The first entry is the share of draws with no cluster.",
        hint="The first entry is for one cluster.",
        variant=_shares(_different, first=0),
    ),
    Misconception(
        name="counts_for_shares",
        says="These are numbers of draws, not shares.",
        hint="Divide by the number of draws.",
        variant=lambda z: len(z) * _shares(_different)(z),
    ),
    Misconception(
        name="last_draw_only",
        says="Only the last draw counts.",
        hint="One draw is one opinion. All draws together are the posterior.",
        variant=lambda z: _shares(_different)(z[-1:]),
    ),
    Misconception(
        name="average_returned",
        says="This is the average number of clusters, not its distribution.",
        hint="Return an array: the shares of draws with 1, 2, ..., N clusters.",
        variant=lambda z: jnp.mean(_different(z)),
    ),
)


def _predicted(
    density: Callable[..., Any] = wrong.student,
    *,
    new: Callable[[Any], Any] = lambda alpha: alpha,
    total: Callable[[Any, Any], Any] = lambda n, alpha: n + alpha,
    sizes: Callable[[Any], Any] = lambda n: n,
    average: Callable[[Any], Any] = lambda densities: densities.mean(axis=0),
) -> Callable[..., Any]:
    """The reference with parts exchanged; `average` gets the densities of each draw, (S, M)."""

    def predictive_density(x_new, x, z_samples, alpha, base):
        labels = jnp.arange(len(x) + 1)

        def of_one_draw(z):
            member = 1.0 * (labels[:, None] == z)
            n = member.sum(axis=1)
            each = jnp.exp(density(x_new[:, None], wrong.update(x, member, base)))  # (M, N + 1)
            weights = jnp.where(n > 0, sizes(n), 0.0)
            return jnp.sum(each * weights.at[-1].set(new(alpha)), axis=1) / total(weights.sum(), alpha)

        return average(jax.vmap(of_one_draw)(z_samples))

    return predictive_density


PREDICTIVE_DENSITY = (
    Misconception(
        name="new_cluster_left_out",
        says="The next observation can only join a cluster that there is.",
        hint="It may start a new one, with the weight alpha, out of N + alpha.",
        variant=_predicted(new=lambda alpha: 0.0, total=lambda n, alpha: n),
        forms=(_predicted(new=lambda alpha: 0.0),),
    ),
    Misconception(
        name="not_normalised",
        says="The weights of the clusters do not sum to 1.",
        hint="N customers are seated and alpha is for a new table: divide by N + alpha.",
        variant=_predicted(total=lambda n, alpha: n),
        forms=(_predicted(total=lambda n, alpha: 1.0),),
    ),
    Misconception(
        name="alpha_forgotten",
        says="A new cluster counts as one observation, whatever alpha is.",
        hint="Its share is alpha.",
        variant=_predicted(new=lambda alpha: 1.0, total=lambda n, alpha: n + 1),
        forms=(_predicted(new=lambda alpha: 1.0),),
    ),
    Misconception(
        name="sizes_ignored",
        says="All clusters of a draw have the same weight.",
        hint="A cluster attracts in proportion to its members.",
        variant=_predicted(sizes=jnp.ones_like),
    ),
    Misconception(
        name="logarithms_averaged",
        says="The logarithms of the densities were averaged.",
        hint="A posterior predictive density is an average of densities.",
        variant=_predicted(average=lambda p: jnp.exp(jnp.mean(jnp.log(p), axis=0))),
    ),
    Misconception(
        name="last_draw_only",
        says="Only the last draw counts.",
        hint="Average over all the draws: each of them is one possible partition.",
        variant=_predicted(average=lambda p: p[-1]),
    ),
    Misconception(
        name="logarithm_returned",
        says="This is the logarithm of the density.",
        hint="Return the density itself.",
        variant=_predicted(average=lambda p: jnp.log(p.mean(axis=0))),
    ),
    Misconception(
        name="plugged_in",
        says="Each cluster predicts by a normal density at its updated parameters.",
        hint="`predictive_log_density` is a Student t, and wider.",
        variant=_predicted(wrong.plugged_in),
    ),
    Misconception(
        name="mean_taken_for_known",
        says="The factor (c_n + 1)/c_n is missing from the predictive density.",
        hint="A new observation varies around a mean that is itself uncertain.",
        variant=_predicted(wrong.narrow),
    ),
    Misconception(
        name="sum_over_draws",
        says="The densities of the draws were added up, not averaged.",
        hint="Divide by the number of draws.",
        variant=_predicted(average=lambda p: p.sum(axis=0)),
    ),
)
