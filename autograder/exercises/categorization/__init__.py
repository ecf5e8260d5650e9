"""Categorization with known parameters: which component made this?"""

from autograder.exercises import Assignment, Written
from autograder.exercises.categorization import pictures
from autograder.exercises.categorization.component_log_density import COMPONENT_LOG_DENSITY
from autograder.exercises.categorization.count_modes import COUNT_MODES
from autograder.exercises.categorization.decision_boundaries import DECISION_BOUNDARIES
from autograder.exercises.categorization.marginal_density import MARGINAL_DENSITY
from autograder.exercises.categorization.plot_mixture import PLOT_MIXTURE
from autograder.exercises.categorization.responsibilities import RESPONSIBILITIES

ASSIGNMENT = Assignment(
    "categorization",
    title="Categorization: which component made this?",
    pictures=pictures.numbers,
    exercises=(
        COMPONENT_LOG_DENSITY,
        RESPONSIBILITIES,
        MARGINAL_DENSITY,
        DECISION_BOUNDARIES,
        COUNT_MODES,
        PLOT_MIXTURE,
        Written("written_categorization", points=6),
    ),
)
