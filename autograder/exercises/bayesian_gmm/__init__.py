"""A Bayesian mixture as programs in GenJAX, importance sampling, and why it fails."""

from autograder.exercises import Assignment, Written
from autograder.exercises.bayesian_gmm import pictures
from autograder.exercises.bayesian_gmm.bayesian_gmm import BAYESIAN_GMM
from autograder.exercises.bayesian_gmm.bento_mixture import BENTO_MIXTURE
from autograder.exercises.bayesian_gmm.effective_sample_size import EFFECTIVE_SAMPLE_SIZE
from autograder.exercises.bayesian_gmm.importance_sampling import IMPORTANCE_SAMPLING
from autograder.exercises.bayesian_gmm.normalize_log_weights import NORMALIZE_LOG_WEIGHTS
from autograder.exercises.bayesian_gmm.simulate_bentos import SIMULATE_BENTOS

ASSIGNMENT = Assignment(
    "bayesian_gmm",
    title="Parameters with priors: a Bayesian mixture in GenJAX",
    exercises=(
        BENTO_MIXTURE,
        SIMULATE_BENTOS,
        BAYESIAN_GMM,
        NORMALIZE_LOG_WEIGHTS,
        EFFECTIVE_SAMPLE_SIZE,
        IMPORTANCE_SAMPLING,
        Written("written_bayesian_gmm", points=4),
    ),
    libraries=("genjax",),
    pictures=pictures.numbers,
)
