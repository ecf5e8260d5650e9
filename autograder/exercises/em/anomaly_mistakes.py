"""Known mistakes in scoring anomalies: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import entr, softmax

from autograder.exercises import Misconception
from autograder.exercises.guards import bounded, guarded, named, on_top, one_of, spread_floor
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    joint,
    log_joint,
    log_sum,
    logpdf,
    pdf,
    pi_shadowed,
    std_as_variance,
    two_only,
)


def _score(x, weights, means, stds):
    return -log_sum(log_joint(x, weights, means, stds))


GUARDED = (
    *guarded(
        lambda e, x, w, m, s: -np.log(joint(x, w, m, s).sum(axis=1) + e),
        lambda e, x, w, m, s: -np.log(np.maximum(joint(x, w, m, s).sum(axis=1), e)),
        lambda e, x, w, m, s: -np.log((w * (pdf(x, m, s) + e)).sum(axis=1)),
        lambda e, x, w, m, s: -np.log((joint(x, w, m, s) + e).sum(axis=1)),
    ),
    *bounded(
        lambda b, x, w, m, s: np.minimum(_score(x, w, m, s), b),
        lambda b, x, w, m, s: -log_sum(np.log(w) + np.maximum(logpdf(x, m, s), -b)),
    ),
)

ANOMALY_SCORE = (
    Misconception(
        name="sign",
        says="The sign is turned round.",
        hint="A surprising weight has a low density: its score should be high.",
        variant=lambda x, w, m, s: log_sum(log_joint(x, w, m, s)),
    ),
    Misconception(
        name="exponentiated_first",
        says="The densities were added up before any log was taken.",
        hint="Far from every mean they are all 0 in float32, and -log 0 is infinite. Stay in log space.",
        variant=lambda x, w, m, s: -np.log(joint(x, w, m, s).sum(axis=1)),
    ),
    Misconception(
        name="density_for_score",
        says="The density came back.",
        hint="The score is its negative logarithm.",
        variant=lambda x, w, m, s: joint(x, w, m, s).sum(axis=1),
    ),
    Misconception(
        name="nearest_component_only",
        says="Only the best component of each observation counted.",
        hint="p(x_i) adds up all components.",
        variant=lambda x, w, m, s: -np.max(log_joint(x, w, m, s), axis=1),
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="A weight that a rare component made is more surprising than one of a common component.",
        variant=lambda x, w, m, s: -log_sum(logpdf(x, m, s)),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=std_as_variance(_score),
    ),
    Misconception(
        name="small_constant_added",
        says="A constant keeps the densities, or their logarithms, away from the end of the scale.",
        hint="Far from every mean all observations are beyond it, and then they look equally surprising. Can you add "
        "up densities without leaving log space?",
        variant=GUARDED[0],
        forms=GUARDED[1:],
    ),
    spread_floor(lambda raised: lambda x, w, m, s: _score(x, w, m, raised(s))),
    Misconception(
        name="never_negative",
        says="Negative scores became 0.",
        hint="A density may be above 1, near the mean of a narrow component. What is the sign of its score?",
        variant=lambda x, w, m, s: np.maximum(_score(x, w, m, s), 0),
    ),
    Misconception(
        name="another_base",
        says="The logarithm is to base 2.",
        hint="log in this course is the natural one.",
        variant=lambda x, w, m, s: _score(x, w, m, s) / np.log(np.float32(2)),
    ),
    Misconception(
        name="decimal_logarithm",
        says="The logarithm is to base 10.",
        hint="log in this course is the natural one.",
        variant=lambda x, w, m, s: _score(x, w, m, s) / np.log(np.float32(10)),
    ),
    Misconception(
        name="one_minus_density",
        says="The score is 1 minus the density.",
        hint="A density is no probability: it may be above 1. The score is its negative logarithm.",
        variant=lambda x, w, m, s: 1 - joint(x, w, m, s).sum(axis=1),
    ),
    Misconception(
        name="one_over_density",
        says="The score is 1 divided by the density.",
        hint="That grows in the same direction, but beyond all numbers of float32. What does its logarithm do?",
        variant=lambda x, w, m, s: 1 / joint(x, w, m, s).sum(axis=1),
    ),
    Misconception(
        name="log_inside_sum",
        says="Logs were added up over the components, too.",
        hint="An observation comes from one component or another: add densities over k, and only then take the log.",
        variant=lambda x, w, m, s: -log_joint(x, w, m, s).sum(axis=1),
        forms=(lambda x, w, m, s: -(w * logpdf(x, m, s)).sum(axis=1),),
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant of the Gaussian is missing.",
        hint="A density integrates to 1: which factor with pi makes it so?",
        variant=lambda x, w, m, s: _score(x, w, m, s) - 0.5 * LOG_2PI,
    ),
    Misconception(
        name="distance_for_score",
        says="The score is the distance to the nearest mean, in standard deviations.",
        hint="How probable is a component, and how high is it there? The score is about p(x_i).",
        variant=lambda x, w, m, s: np.min(np.abs(x[:, None] - m) / s, axis=1),
        forms=(lambda x, w, m, s: 0.5 * np.min(((x[:, None] - m) / s) ** 2, axis=1),),
    ),
    Misconception(
        name="pi_shadowed",
        says="The mixing proportions were taken for the number 3.14159.",
        hint="Which of your names is pi, and what does it hold where you take the logarithm of 2 pi?",
        variant=lambda x, w, m, s: -np.log(pi_shadowed(joint)(x, w, m, s).sum(axis=1)),
        forms=(lambda x, w, m, s: -log_sum(log_joint(x, w, m, s) + 0.5 * np.log(np.float32(np.pi) / w)),),
    ),
    Misconception(
        name="added_up",
        says="The scores of all observations were added up.",
        hint="One score for each observation.",
        variant=lambda x, w, m, s: _score(x, w, m, s).sum(),
        forms=(lambda x, w, m, s: _score(x, w, m, s).mean(),),
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the length of weights. Which line of your code knows that it is 2?",
        variant=two_only(_score),
    ),
    Misconception(
        name="doubt_for_surprise",
        says="The score measures doubt about the component.",
        hint="A weight can belong to one component beyond doubt and still be a surprise: 425 g is. "
        "The score is about p(x_i).",
        variant=lambda x, w, m, s: -np.log(np.max(softmax(log_joint(x, w, m, s), axis=1), axis=1)),
        forms=(
            lambda x, w, m, s: 1 - np.max(softmax(log_joint(x, w, m, s), axis=1), axis=1),
            lambda x, w, m, s: entr(softmax(log_joint(x, w, m, s), axis=1)).sum(axis=1),
        ),
    ),
)

ANOMALY_SCORE_TOGETHER = (
    *on_top(
        one_of(ANOMALY_SCORE, "std_as_variance"),
        named(
            ANOMALY_SCORE,
            "sign",
            "weights_ignored",
            "density_for_score",
            "nearest_component_only",
            "constant_forgotten",
            "another_base",
        ),
        std_as_variance,
    ),
    *on_top(
        one_of(ANOMALY_SCORE, "weights_ignored"),
        named(ANOMALY_SCORE, "sign", "density_for_score", "nearest_component_only", "constant_forgotten"),
        lambda variant: lambda x, w, m, s: variant(x, np.ones(len(w), np.float32), m, s),
    ),
)
