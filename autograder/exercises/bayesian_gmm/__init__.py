"""The full posterior: programs in GenJAX, importance sampling, a Gibbs sampler, and what its draws say."""

from autograder.exercises import Assignment, Written
from autograder.exercises.bayesian_gmm.assignment_entropy import ASSIGNMENT_ENTROPY
from autograder.exercises.bayesian_gmm.assignment_probabilities import ASSIGNMENT_PROBABILITIES
from autograder.exercises.bayesian_gmm.bayesian_gmm import BAYESIAN_GMM
from autograder.exercises.bayesian_gmm.bento_mixture import BENTO_MIXTURE
from autograder.exercises.bayesian_gmm.effective_sample_size import EFFECTIVE_SAMPLE_SIZE
from autograder.exercises.bayesian_gmm.gibbs import GIBBS
from autograder.exercises.bayesian_gmm.importance_sampling import IMPORTANCE_SAMPLING
from autograder.exercises.bayesian_gmm.normalize_log_weights import NORMALIZE_LOG_WEIGHTS
from autograder.exercises.bayesian_gmm.relabel import RELABEL
from autograder.exercises.bayesian_gmm.sample_assignments import SAMPLE_ASSIGNMENTS
from autograder.exercises.bayesian_gmm.sample_means import SAMPLE_MEANS
from autograder.exercises.bayesian_gmm.sample_stds import SAMPLE_STDS
from autograder.exercises.bayesian_gmm.sample_weights import SAMPLE_WEIGHTS
from autograder.exercises.bayesian_gmm.simulate_bentos import SIMULATE_BENTOS

ASSIGNMENT = Assignment(
    "bayesian_gmm",
    title="The full posterior: a Bayesian mixture in GenJAX",
    exercises=(
        BENTO_MIXTURE,
        SIMULATE_BENTOS,
        BAYESIAN_GMM,
        NORMALIZE_LOG_WEIGHTS,
        EFFECTIVE_SAMPLE_SIZE,
        IMPORTANCE_SAMPLING,
        SAMPLE_ASSIGNMENTS,
        SAMPLE_WEIGHTS,
        SAMPLE_MEANS,
        SAMPLE_STDS,
        GIBBS,
        RELABEL,
        ASSIGNMENT_PROBABILITIES,
        ASSIGNMENT_ENTROPY,
        Written("written_bayesian_gmm", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
)
