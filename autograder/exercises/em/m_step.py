"""The M-step."""

import numpy as np

from autograder.exercises import Arrays, Aspect, Exercise, catalogue
from autograder.exercises.em.data import CLOSEST, OVERLAP, PARAMETERS, SPREAD, TONKATSU, TRAYS, hardly, soft
from autograder.exercises.em.numpy_em import GUARDED_M_STEPS
from autograder.exercises.guards import spread_floor
from autograder.exercises.numpy_gaussian import m_step, one_hot, variances_of
from reference import em
from reference.data import BENTOS

M_STEP = Exercise(
    "m_step",
    truth=em.m_step,
    rule=Arrays(PARAMETERS),
    aspects=(
        Aspect(
            "two components",
            points=2,
            hint="An observation counts for component k by resp[i, k]. First how many each component is worth "
            "in all, then weighted means, then weighted squared deviations from these new means.",
            closer="Try x = (0, 4) with resp = ((1, 0), (0.5, 0.5)): component 0 is worth 1.5 observations, its mean"
            " is 4/3 and its variance 32/9. Compare line by line.",
            visible={
                "eight points, soft": (OVERLAP, soft(8, 2, seed=1)),
                "eight points close together": (CLOSEST, soft(8, 2, seed=8)),
                "a component with hardly any share": (OVERLAP, hardly(8, seed=1)),
            },
            hidden={
                "other responsibilities": (OVERLAP, soft(8, 2, seed=2)),
                "other points": (SPREAD, soft(8, 2, seed=3)),
                "other points close together": (SPREAD / np.float32(9000), soft(8, 2, seed=9)),
                "another component with hardly any share": (SPREAD, hardly(8, seed=2)),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="K is the number of columns of resp: nothing in the code should know that it is 2.",
            visible={"three components": (OVERLAP, soft(8, 3, seed=4))},
            hidden={
                "one component": (SPREAD, np.ones((8, 1), np.float32)),
                "three components, other points": (SPREAD, soft(8, 3, seed=5)),
                "five components": (OVERLAP, soft(8, 5, seed=6)),
            },
        ),
        Aspect(
            "heavy numbers",
            points=2,
            hint="float32 keeps seven digits. E[x^2] - mean^2 uses them all up at 500 g: subtract the mean "
            "from the observations, then square.",
            closer="Look for a square in your code: is the new mean subtracted before it is taken?",
            visible={"the bentos, beyond doubt": (BENTOS, np.stack([TONKATSU, 1 - TONKATSU], axis=1))},
            hidden={
                "bentos on a heavy tray": (
                    TRAYS,
                    np.stack([(TRAYS > 10425), (TRAYS <= 10425)], axis=1).astype(np.float32),
                ),
                "bentos on a heavy tray, in doubt": (TRAYS, soft(8, 2, seed=7)),
            },
        ),
    ),
)


@M_STEP.mistake(catalogue.VARIANCE_FOR_STD, hint="In which unit is a standard deviation of grams?")
def variance_for_std(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, means, stds**2


def _m_spread_divided_by_n(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt((resp * (x[:, None] - means) ** 2).mean(axis=0))


@M_STEP.mistake(
    catalogue.DIVIDED_BY_N,
    hint="A mean of component k is over the observations that k is responsible for: how many are those?",
    forms=(_m_spread_divided_by_n,),
)
def divided_by_n(x, resp):
    means = (resp * x[:, None]).mean(axis=0)
    return resp.mean(axis=0), means, np.sqrt((resp * (x[:, None] - means) ** 2).mean(axis=0))


@M_STEP.mistake(catalogue.COUNTS_FOR_WEIGHTS, hint="Mixing proportions sum to 1.")
def counts_for_weights(x, resp):
    _, means, stds = m_step(x, resp)
    return resp.sum(axis=0), means, stds


@M_STEP.mistake(
    catalogue.HARD_ASSIGNMENT,
    hint="An observation counts for each component by its responsibility, not all or nothing.",
)
def hard_assignment(x, resp):
    return m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))


@M_STEP.mistake(catalogue.OVERALL_MEAN_IN_SPREAD, hint="Which mean does component k spread around?")
def overall_mean_in_spread(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt((resp * (x[:, None] - np.mean(x)) ** 2).sum(axis=0) / resp.sum(axis=0))


@M_STEP.mistake(
    catalogue.DIGITS_LOST,
    hint="Two numbers near 250 000 that differ by 4: float32 keeps seven digits. Subtract before you square.",
    rounding=True,
)
def digits_lost(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt((resp * x[:, None] ** 2).sum(axis=0) / resp.sum(axis=0) - means**2)


def _m_raised(raised):
    def m_raised(x, resp):
        weights, means, stds = m_step(x, resp)
        return weights, means, raised(stds)

    return m_raised


M_STEP.add(
    spread_floor(_m_raised),
    catalogue.CONSTANT_ADDED.here(
        hint="Every component has some responsibility, so nothing is 0/0. What does the constant do to a component "
        "that is worth a thousandth of an observation?",
        variant=GUARDED_M_STEPS[0],
        forms=GUARDED_M_STEPS[1:],
    ),
)


@M_STEP.mistake(
    catalogue.RESPONSIBILITY_SQUARED,
    hint="It is a weight of the squared deviation: what belongs inside the square?",
    forms=(lambda x, resp: m_step(x, resp**2),),
)
def responsibility_squared(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt(((resp * (x[:, None] - means)) ** 2).sum(axis=0) / resp.sum(axis=0))


@M_STEP.mistake(
    catalogue.DIVIDED_BY_COUNT_MINUS_1, hint="That makes it unbiased. Which divisor makes the data most likely?"
)
def divided_by_count_minus_1(x, resp):
    weights, means, stds = m_step(x, resp)
    counts = resp.sum(axis=0)
    return weights, means, stds * np.sqrt(counts / (counts - 1))


@M_STEP.mistake(
    catalogue.ONE_STD_FOR_ALL,
    hint="Each component has a spread of its own.",
    forms=(lambda x, resp: (*m_step(x, resp)[:2], np.full(resp.shape[1], np.std(x))),),
)
def one_std_for_all(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, means, np.full(len(means), np.sqrt(np.sum(weights * stds**2)))


@M_STEP.mistake(
    catalogue.EQUAL_WEIGHTS, hint="A component that is responsible for more has a larger weight: how much larger?"
)
def equal_weights(x, resp):
    _, means, stds = m_step(x, resp)
    return np.full(resp.shape[1], 1 / resp.shape[1]), means, stds


def _m_plain_mean_own_spread(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, np.full_like(means, np.mean(x)), stds


def _m_plain_mean_and_spread(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, np.full_like(means, np.mean(x)), np.full_like(means, np.std(x))


@M_STEP.mistake(
    says="Every component got the mean of all observations.",
    hint="An observation counts for each component by its responsibility: where does it come in?",
    forms=(_m_plain_mean_own_spread, _m_plain_mean_and_spread),
)
def plain_mean_for_all(x, resp):
    weights, _, _ = m_step(x, resp)
    means = np.full(resp.shape[1], np.mean(x))
    return weights, means, np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / resp.sum(axis=0))


@M_STEP.mistake(
    says="Every observation counts fully in every spread.",
    hint="An observation counts for component k by its responsibility, in the spread as in the mean.",
)
def squares_unweighted(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt(((x[:, None] - means) ** 2).mean(axis=0))


@M_STEP.mistake(catalogue.ABSOLUTE_DEVIATIONS, hint="Which of the two makes the data most likely under a Gaussian?")
def absolute_deviations(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, (resp * np.abs(x[:, None] - means)).sum(axis=0) / resp.sum(axis=0)


@M_STEP.mistake(
    catalogue.TWO_COMPONENTS_ONLY,
    hint="K is the number of columns of resp. Does a line of your code work for two components only?",
)
def two_components_only(x, resp):
    return tuple(part[:2] for part in m_step(x, resp))


M_STEP.combine(
    "variance_for_std",
    "divided_by_n",
    "hard_assignment",
    "overall_mean_in_spread",
    "divided_by_count_minus_1",
    "one_std_for_all",
    "squares_unweighted",
    "plain_mean_for_all",
    change=variances_of,
)
