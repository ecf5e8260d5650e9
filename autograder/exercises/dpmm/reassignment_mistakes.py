"""Known mistakes where one observation moves."""

import jax.numpy as jnp

from autograder.exercises import Misconception
from autograder.exercises.dpmm import wrong_clusters as wrong
from autograder.exercises.dpmm.wrong_clusters import Change, reassigned


def _exponentiated_first(logs):
    p = jnp.exp(logs)
    return p / p.sum()


ITSELF_NOT_REMOVED = reassigned(without_i=False)
ALPHA_FORGOTTEN = reassigned(new_weight=lambda alpha, n: 1.0)
ALPHA_OVER_TABLES = reassigned(new_weight=lambda alpha, n: alpha / jnp.maximum(jnp.sum(n > 0), 1))
SIZES_IGNORED = reassigned(sizes=jnp.ones_like)
NEW_WITHOUT_DENSITY = reassigned(new_density=jnp.zeros_like)
LIKELIHOOD_IGNORED = reassigned(likelihood=0.0)
NEVER_NEW = reassigned(new_weight=lambda alpha, n: 0.0)
PLUGGED_IN = reassigned(density=wrong.plugged_in)
MEAN_TAKEN_FOR_KNOWN = reassigned(density=wrong.narrow)
DEGREES_HALVED = reassigned(density=wrong.degrees_halved)
VARIANCE_FOR_STD = reassigned(density=wrong.not_rooted)
SCALE_FOR_RATE = reassigned(change=Change(inverse_rate=True))
PULL_FORGOTTEN = reassigned(change=Change(pull=0.0))

REASSIGNMENT_PROBABILITIES = (
    Misconception(
        name="itself_not_removed",
        says="Observation i still counts for the cluster that it is in.",
        hint="It leaves first: its own cluster has one member less, and another mean.",
        variant=ITSELF_NOT_REMOVED,
    ),
    Misconception(
        name="alpha_forgotten",
        says="A new cluster counts as one observation, whatever alpha is.",
        hint="Its share is alpha.",
        variant=ALPHA_FORGOTTEN,
    ),
    Misconception(
        name="alpha_over_tables",
        says="alpha was divided by the number of clusters.",
        hint="There is one new cluster, and it has all of alpha.",
        variant=ALPHA_OVER_TABLES,
    ),
    Misconception(
        name="sizes_ignored",
        says="The sizes of the clusters play no part.",
        hint="A cluster attracts in proportion to its members.",
        variant=SIZES_IGNORED,
    ),
    Misconception(
        name="likelihood_ignored",
        says="x_i plays no part: these are the seats of the restaurant.",
        hint="Each seat is weighted by how well its cluster predicts x_i.",
        variant=LIKELIHOOD_IGNORED,
    ),
    Misconception(
        name="density_of_the_new_cluster_forgotten",
        says="The new cluster has the weight alpha, without a density.",
        hint="It predicts x_i too: by the base alone.",
        variant=NEW_WITHOUT_DENSITY,
    ),
    Misconception(
        name="never_a_new_cluster",
        says="There is no new cluster.",
        hint="Which label does it have, and which weight?",
        variant=NEVER_NEW,
    ),
    Misconception(
        name="new_cluster_at_every_free_label",
        says="Every unused label is a new cluster with the weight alpha.",
        hint="All unused labels are the same new cluster. It stands once, at the lowest of them.",
        variant=reassigned(place=lambda n: n == 0),
    ),
    Misconception(
        name="new_cluster_at_the_highest_label",
        says="The new cluster stands at the highest free label.",
        hint="At the lowest one.",
        variant=reassigned(place=lambda n: jnp.arange(len(n)) == len(n) - 1 - jnp.argmax(n[::-1] == 0)),
        forms=(reassigned(place=lambda n: jnp.arange(len(n)) == jnp.sum(n > 0)),),
    ),
    Misconception(
        name="plugged_in",
        says="Each cluster predicts x_i by a normal density at its updated parameters.",
        hint="`predictive_log_density` is a Student t, and wider.",
        variant=PLUGGED_IN,
    ),
    Misconception(
        name="mean_taken_for_known",
        says="The factor (c_n + 1)/c_n is missing from the predictive density.",
        hint="A new observation varies around a mean that is itself uncertain.",
        variant=MEAN_TAKEN_FOR_KNOWN,
    ),
    Misconception(
        name="degrees_of_freedom_halved",
        says="The predictive density has a_n degrees of freedom.",
        hint="The shape of an inverse gamma is half the degrees of freedom.",
        variant=DEGREES_HALVED,
    ),
    Misconception(
        name="variance_for_std",
        says="The predictive density has the squared scale where the scale belongs.",
        hint="`t.logpdf` takes a scale, like a standard deviation.",
        variant=VARIANCE_FOR_STD,
    ),
    Misconception(
        name="scale_for_rate",
        says="The rate of the base was taken for its inverse.",
        hint="b is the rate of the gamma distribution of 1 / s^2, so it is the scale of s^2 itself.",
        variant=SCALE_FOR_RATE,
    ),
    Misconception(
        name="pull_of_the_prior_forgotten",
        says="The distance between the mean of a cluster and loc is missing from its rate.",
        hint="Which term of b_n knows where the base expected the data?",
        variant=PULL_FORGOTTEN,
    ),
    Misconception(
        name="not_normalised",
        says="The values are not divided by their sum.",
        hint="They are probabilities: they sum to 1.",
        variant=reassigned(finish=jnp.exp),
    ),
    Misconception(
        name="logarithms_returned",
        says="These are logarithms.",
        hint="Return probabilities: `jax.nn.softmax` makes them from logarithms.",
        variant=reassigned(finish=lambda logs: logs),
        forms=(reassigned(finish=lambda logs: jnp.log(_exponentiated_first(logs))),),
    ),
)
