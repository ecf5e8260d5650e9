"""Three coffee blends: a model, its priors, its posterior, and what that says about the cups."""

from autograder.exercises import Assignment, Written
from autograder.exercises.coffee import pictures
from autograder.exercises.coffee.assignment_posterior import ASSIGNMENT_POSTERIOR
from autograder.exercises.coffee.choose_mean_prior import CHOOSE_MEAN_PRIOR
from autograder.exercises.coffee.coassignment import COASSIGNMENT
from autograder.exercises.coffee.coffee_gmm import COFFEE_GMM
from autograder.exercises.coffee.fit_coffee import FIT_COFFEE
from autograder.exercises.coffee.plot_assignments import PLOT_ASSIGNMENTS
from autograder.exercises.coffee.prior_predictive import PRIOR_PREDICTIVE

ASSIGNMENT = Assignment(
    "coffee",
    title="Three coffee blends",
    pictures=pictures.numbers,
    exercises=(
        COFFEE_GMM,
        CHOOSE_MEAN_PRIOR,
        PRIOR_PREDICTIVE,
        FIT_COFFEE,
        ASSIGNMENT_POSTERIOR,
        COASSIGNMENT,
        PLOT_ASSIGNMENTS,
        Written("written_coffee", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
)
