"""Learning a mixture's parameters: maximum likelihood, EM, and how many components there are."""

from autograder.exercises import Assignment, Written
from autograder.exercises.em import pictures
from autograder.exercises.em.anomaly_score import ANOMALY_SCORE
from autograder.exercises.em.bic import BIC
from autograder.exercises.em.e_step_mistakes import E_STEP
from autograder.exercises.em.elbo_mistakes import ELBO
from autograder.exercises.em.fit_em import FIT_EM
from autograder.exercises.em.labelled_mle import LABELLED_MLE
from autograder.exercises.em.m_step import M_STEP
from autograder.exercises.em.select_num_components import SELECT_NUM_COMPONENTS

ASSIGNMENT = Assignment(
    "em",
    title="Learning a mixture: expectation-maximization",
    pictures=pictures.numbers,
    exercises=(
        LABELLED_MLE,
        E_STEP,
        M_STEP,
        FIT_EM,
        ELBO,
        BIC,
        SELECT_NUM_COMPONENTS,
        ANOMALY_SCORE,
        Written("written_em", points=8),
    ),
)
