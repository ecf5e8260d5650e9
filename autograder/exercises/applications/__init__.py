"""Mixtures at work, in D dimensions: pictures, anomalies, segments."""

from autograder.exercises import Assignment, Written
from autograder.exercises.applications import pictures
from autograder.exercises.applications.e_step_full import E_STEP_FULL
from autograder.exercises.applications.flag_anomalies import FLAG_ANOMALIES
from autograder.exercises.applications.m_step_full import M_STEP_FULL
from autograder.exercises.applications.multivariate_log_density import MULTIVARIATE_LOG_DENSITY
from autograder.exercises.applications.segment_image import SEGMENT_IMAGE

ASSIGNMENT = Assignment(
    "applications",
    title="Mixtures at work: pictures, anomalies, segments",
    pictures=pictures.numbers,
    exercises=(
        MULTIVARIATE_LOG_DENSITY,
        E_STEP_FULL,
        M_STEP_FULL,
        SEGMENT_IMAGE,
        FLAG_ANOMALIES,
        Written("written_applications", points=5),
    ),
)
