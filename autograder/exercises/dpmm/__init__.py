"""How many kinds? A mixture with any number of clusters: the exercises in the order in which they are told."""

from autograder.exercises import Assignment, Written
from autograder.exercises.dpmm.clusters import (
    CLUSTER_LOG_MARGINAL,
    PREDICTIVE_LOG_DENSITY,
    REASSIGNMENT_PROBABILITIES,
)
from autograder.exercises.dpmm.restaurant import (
    CRP_PROBABILITIES,
    NUM_CLUSTERS_PRIOR,
    SIMULATE_CRP,
    STICK_BREAKING,
    TRUNCATED_DPMM,
)
from autograder.exercises.dpmm.samplers import DPMM, NUM_CLUSTERS_POSTERIOR, PREDICTIVE_DENSITY, SWEEP

ASSIGNMENT = Assignment(
    name="dpmm",
    title="How many kinds? A mixture that leaves the number open",
    exercises=(
        CRP_PROBABILITIES,
        SIMULATE_CRP,
        NUM_CLUSTERS_PRIOR,
        STICK_BREAKING,
        TRUNCATED_DPMM,
        CLUSTER_LOG_MARGINAL,
        PREDICTIVE_LOG_DENSITY,
        REASSIGNMENT_PROBABILITIES,
        SWEEP,
        DPMM,
        NUM_CLUSTERS_POSTERIOR,
        PREDICTIVE_DENSITY,
        Written(name="written_dpmm", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
)
