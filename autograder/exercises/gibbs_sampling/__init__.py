"""The full posterior: a Gibbs sampler, one unknown at a time, and what its draws say."""

from autograder.exercises import Assignment, Written
from autograder.exercises.gibbs_sampling import pictures
from autograder.exercises.gibbs_sampling.assignment_entropy import ASSIGNMENT_ENTROPY
from autograder.exercises.gibbs_sampling.assignment_probabilities import ASSIGNMENT_PROBABILITIES
from autograder.exercises.gibbs_sampling.gibbs import GIBBS
from autograder.exercises.gibbs_sampling.log_std_density import LOG_STD_DENSITY
from autograder.exercises.gibbs_sampling.relabel import RELABEL
from autograder.exercises.gibbs_sampling.sample_assignments import SAMPLE_ASSIGNMENTS
from autograder.exercises.gibbs_sampling.sample_means import SAMPLE_MEANS
from autograder.exercises.gibbs_sampling.sample_stds import SAMPLE_STDS
from autograder.exercises.gibbs_sampling.sample_weights import SAMPLE_WEIGHTS

ASSIGNMENT = Assignment(
    "gibbs_sampling",
    title="The full posterior: one unknown at a time",
    exercises=(
        SAMPLE_ASSIGNMENTS,
        SAMPLE_WEIGHTS,
        SAMPLE_MEANS,
        LOG_STD_DENSITY,
        SAMPLE_STDS,
        GIBBS,
        RELABEL,
        ASSIGNMENT_PROBABILITIES,
        ASSIGNMENT_ENTROPY,
        Written("written_gibbs_sampling", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
    pictures=pictures.numbers,
)
