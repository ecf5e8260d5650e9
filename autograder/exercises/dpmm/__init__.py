"""How many kinds? A mixture with any number of clusters: the exercises, in the order of the notebook."""

from autograder.exercises import Assignment, Written
from autograder.exercises.dpmm import pictures
from autograder.exercises.dpmm.cluster_log_marginal import CLUSTER_LOG_MARGINAL
from autograder.exercises.dpmm.crp_probabilities import CRP_PROBABILITIES
from autograder.exercises.dpmm.dpmm import DPMM
from autograder.exercises.dpmm.num_clusters_posterior import NUM_CLUSTERS_POSTERIOR
from autograder.exercises.dpmm.num_clusters_prior import NUM_CLUSTERS_PRIOR
from autograder.exercises.dpmm.predictive_density import PREDICTIVE_DENSITY
from autograder.exercises.dpmm.predictive_log_density import PREDICTIVE_LOG_DENSITY
from autograder.exercises.dpmm.reassignment_probabilities import REASSIGNMENT_PROBABILITIES
from autograder.exercises.dpmm.simulate_crp import SIMULATE_CRP
from autograder.exercises.dpmm.stick_breaking import STICK_BREAKING
from autograder.exercises.dpmm.sweep import SWEEP
from autograder.exercises.dpmm.truncated_dpmm import TRUNCATED_DPMM

ASSIGNMENT = Assignment(
    "dpmm",
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
        Written("written_dpmm", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
    pictures=pictures.numbers,
)
