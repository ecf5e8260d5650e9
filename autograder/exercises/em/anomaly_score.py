"""How improbable each observation is."""

import numpy as np
from scipy.special import entr, softmax

from autograder.exercises import STEP, Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.em.data import CLOSE, CLOSER, NARROW, NARROWER, OVERLAP, SPREAD, TABLE
from autograder.exercises.guards import bounded, guarded, spread_floor, weight_floor
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    joint,
    log_joint,
    log_sum,
    logpdf,
    pdf,
    shadowing_pi,
    taking_std_for_variance,
    two_only,
)
from reference import em

ANOMALY_SCORE = Exercise(
    "anomaly_score",
    truth=em.anomaly_score,
    rule=Arrays((Part("scores", "(N,)", STEP),)),
    aspects=(
        Aspect(
            "everyday observations",
            points=1,
            hint="The score of x_i is -log p(x_i), where p adds up all components with their weights.",
            closer="Three steps, in this order: joint log densities (N, K), one number for each observation, the "
            "sign. With a single component of weight 1 the score is minus its log density.",
            visible={
                "eight points, two components": (OVERLAP, f32(0.4, 0.6), f32(-1, 2), f32(1, 1.5)),
                "narrow components, one of them rare": (CLOSE, *NARROW),
                "three components": (SPREAD, f32(0.4, 0.5, 0.1), f32(3, -4, 1.5), f32(2.5, 3, 0.75)),
            },
            hidden={
                "other narrow components, one of them rare": (CLOSER, *NARROWER),
                "one component": (SPREAD, f32(1), f32(0.5), f32(4)),
                "three other components": (OVERLAP, f32(0.3, 0.5, 0.2), f32(-2, 1, 3), f32(1, 0.8, 1.5)),
            },
        ),
        Aspect(
            "far from every mean",
            points=2,
            hint="A density below 1e-38 is 0 in float32, and -log 0 is infinite. Add the components up without "
            "leaving log space.",
            closer="The log of a sum of exponentials fails there if it is written as three functions. One function "
            "does all three, and takes the largest term out first.",
            visible={"bentos, one of them 425 g": (TABLE, f32(0.7, 0.3), f32(500, 350), f32(2, 2))},
            hidden={
                "bentos by another recipe": (TABLE, f32(0.4, 0.6), f32(500, 350), f32(2, 3)),
                "heavier by far than any bento": (TABLE * f32(1000), f32(0.7, 0.3), f32(500, 350), f32(2, 3)),
            },
        ),
    ),
)


@ANOMALY_SCORE.mistake(catalogue.SIGN, hint="A surprising weight has a low density: its score should be high.")
def sign(x, weights, means, stds):
    return log_sum(log_joint(x, weights, means, stds))


@ANOMALY_SCORE.mistake(
    catalogue.EXPONENTIATED_FIRST,
    hint="Far from every mean they are all 0 in float32, and -log 0 is infinite. Stay in log space.",
)
def exponentiated_first(x, weights, means, stds):
    return -np.log(joint(x, weights, means, stds).sum(axis=1))


@ANOMALY_SCORE.mistake(says="The density came back.", hint="The score is its negative logarithm.")
def density_for_score(x, weights, means, stds):
    return joint(x, weights, means, stds).sum(axis=1)


@ANOMALY_SCORE.mistake(catalogue.BEST_COMPONENT_ONLY, hint="p(x_i) adds up all components.")
def best_component_only(x, weights, means, stds):
    return -np.max(log_joint(x, weights, means, stds), axis=1)


@ANOMALY_SCORE.mistake(
    catalogue.WEIGHTS_IGNORED,
    hint="A weight that a rare component made is more surprising than one of a common component.",
)
def weights_ignored(x, weights, means, stds):
    return -log_sum(logpdf(x, means, stds))


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

ANOMALY_SCORE.add(
    catalogue.STD_AS_VARIANCE.here(
        hint="The exponent divides by the squared standard deviation.", variant=taking_std_for_variance(_score)
    ),
    catalogue.SMALL_CONSTANT_ADDED.here(
        hint="Far from every mean all observations are beyond it, and then they look equally surprising. Can you add "
        "up densities without leaving log space?",
        variant=GUARDED[0],
        forms=GUARDED[1:],
    ),
    spread_floor(lambda raised: lambda x, w, m, s: _score(x, w, m, raised(s))),
    weight_floor(lambda raised: lambda x, w, m, s: _score(x, raised(w), m, s)),
)


@ANOMALY_SCORE.mistake(
    says="Negative scores became 0.",
    hint="A density may be above 1, near the mean of a narrow component. What is the sign of its score?",
)
def never_negative(x, weights, means, stds):
    return np.maximum(_score(x, weights, means, stds), 0)


@ANOMALY_SCORE.mistake(says="The logarithm is to base 2.", hint="log in this course is the natural one.")
def another_base(x, weights, means, stds):
    return _score(x, weights, means, stds) / np.log(np.float32(2))


@ANOMALY_SCORE.mistake(catalogue.DECIMAL_LOGARITHM, hint="log in this course is the natural one.")
def decimal_logarithm(x, weights, means, stds):
    return _score(x, weights, means, stds) / np.log(np.float32(10))


@ANOMALY_SCORE.mistake(
    says="The score is 1 minus the density.",
    hint="A density is no probability: it may be above 1. The score is its negative logarithm.",
)
def one_minus_density(x, weights, means, stds):
    return 1 - joint(x, weights, means, stds).sum(axis=1)


@ANOMALY_SCORE.mistake(
    says="The score is 1 divided by the density.",
    hint="That grows in the same direction, but beyond all numbers of float32. What does its logarithm do?",
)
def one_over_density(x, weights, means, stds):
    return 1 / joint(x, weights, means, stds).sum(axis=1)


@ANOMALY_SCORE.mistake(
    catalogue.LOG_INSIDE_SUM,
    hint="An observation comes from one component or another: add densities over k, and only then take the log.",
    forms=(lambda x, w, m, s: -(w * logpdf(x, m, s)).sum(axis=1),),
)
def log_inside_sum(x, weights, means, stds):
    return -log_joint(x, weights, means, stds).sum(axis=1)


@ANOMALY_SCORE.mistake(
    catalogue.CONSTANT_FORGOTTEN, hint="A density integrates to 1: which factor with pi makes it so?"
)
def constant_forgotten(x, weights, means, stds):
    return _score(x, weights, means, stds) - 0.5 * LOG_2PI


@ANOMALY_SCORE.mistake(
    says="The score is the distance to the nearest mean, in standard deviations.",
    hint="How probable is a component, and how high is it there? The score is about p(x_i).",
    forms=(lambda x, w, m, s: 0.5 * np.min(((x[:, None] - m) / s) ** 2, axis=1),),
)
def distance_for_score(x, weights, means, stds):
    return np.min(np.abs(x[:, None] - means) / stds, axis=1)


@ANOMALY_SCORE.mistake(
    catalogue.PI_SHADOWED,
    hint="Which of your names is pi, and what does it hold where you take the logarithm of 2 pi?",
    forms=(lambda x, w, m, s: -log_sum(log_joint(x, w, m, s) + 0.5 * np.log(np.float32(np.pi) / w)),),
)
def pi_shadowed(x, weights, means, stds):
    return -np.log(shadowing_pi(joint)(x, weights, means, stds).sum(axis=1))


@ANOMALY_SCORE.mistake(
    says="The scores of all observations were added up.",
    hint="One score for each observation.",
    forms=(lambda x, w, m, s: _score(x, w, m, s).mean(),),
)
def added_up(x, weights, means, stds):
    return _score(x, weights, means, stds).sum()


ANOMALY_SCORE.add(
    catalogue.TWO_COMPONENTS_ONLY.here(
        hint="K is the length of weights. Does a line of your code work for two components only?",
        variant=two_only(_score),
    ),
)


@ANOMALY_SCORE.mistake(
    says="The score measures doubt about the component.",
    hint="A weight can belong to one component beyond doubt and still be a surprise: 425 g is. "
    "The score is about p(x_i).",
    forms=(
        lambda x, w, m, s: 1 - np.max(softmax(log_joint(x, w, m, s), axis=1), axis=1),
        lambda x, w, m, s: entr(softmax(log_joint(x, w, m, s), axis=1)).sum(axis=1),
    ),
)
def doubt_for_surprise(x, weights, means, stds):
    return -np.log(np.max(softmax(log_joint(x, weights, means, stds), axis=1), axis=1))


ANOMALY_SCORE.combine(
    "std_as_variance",
    "sign",
    "weights_ignored",
    "density_for_score",
    "best_component_only",
    "constant_forgotten",
    "another_base",
    change=taking_std_for_variance,
)

ANOMALY_SCORE.combine(
    "weights_ignored",
    "sign",
    "density_for_score",
    "best_component_only",
    "constant_forgotten",
    change=lambda variant: lambda x, w, m, s: variant(x, np.ones(len(w), np.float32), m, s),
)
