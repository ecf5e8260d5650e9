"""Known mistakes in the M-step: wrong variants of the reference, and what to say of them."""

import numpy as np

from autograder.exercises import Misconception
from autograder.exercises.guards import guarded, named, on_top, one_of, spread_floor
from autograder.exercises.numpy_gaussian import m_step, one_hot, variances_of


def _m_variances(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, means, stds**2


def _m_divided_by_n(x, resp):
    means = (resp * x[:, None]).mean(axis=0)
    return resp.mean(axis=0), means, np.sqrt((resp * (x[:, None] - means) ** 2).mean(axis=0))


def _m_counts(x, resp):
    _, means, stds = m_step(x, resp)
    return resp.sum(axis=0), means, stds


def _m_hard(x, resp):
    return m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))


def _m_overall_mean(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt((resp * (x[:, None] - np.mean(x)) ** 2).sum(axis=0) / resp.sum(axis=0))


def _m_digits_lost(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt((resp * x[:, None] ** 2).sum(axis=0) / resp.sum(axis=0) - means**2)


def _m_resp_squared(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt(((resp * (x[:, None] - means)) ** 2).sum(axis=0) / resp.sum(axis=0))


def _m_unbiased(x, resp):
    weights, means, stds = m_step(x, resp)
    counts = resp.sum(axis=0)
    return weights, means, stds * np.sqrt(counts / (counts - 1))


def _m_pooled(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, means, np.full(len(means), np.sqrt(np.sum(weights * stds**2)))


def _m_spread_divided_by_n(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt((resp * (x[:, None] - means) ** 2).mean(axis=0))


def _m_equal_weights(x, resp):
    _, means, stds = m_step(x, resp)
    return np.full(resp.shape[1], 1 / resp.shape[1]), means, stds


def _m_plain_mean(x, resp):
    weights, _, _ = m_step(x, resp)
    means = np.full(resp.shape[1], np.mean(x))
    return weights, means, np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / resp.sum(axis=0))


def _m_plain_mean_own_spread(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, np.full_like(means, np.mean(x)), stds


def _m_plain_mean_and_spread(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, np.full_like(means, np.mean(x)), np.full_like(means, np.std(x))


def _m_squares_unweighted(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, np.sqrt(((x[:, None] - means) ** 2).mean(axis=0))


def _m_absolute(x, resp):
    weights, means, _ = m_step(x, resp)
    return weights, means, (resp * np.abs(x[:, None] - means)).sum(axis=0) / resp.sum(axis=0)


def _m_raised(raised):
    def m_raised(x, resp):
        weights, means, stds = m_step(x, resp)
        return weights, means, raised(stds)

    return m_raised


def _m_with_counts(change):
    """The M-step that divides by other counts, made of the right ones and a small constant."""

    def m_changed(constant, x, resp):
        counts = change(resp.sum(axis=0), constant)
        means = (resp * x[:, None]).sum(axis=0) / counts
        return resp.mean(axis=0), means, np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)

    return m_changed


GUARDED = guarded(
    _m_with_counts(lambda counts, e: counts + e),
    _m_with_counts(np.maximum),
    lambda e, x, resp: m_step(x, resp + e),
    lambda e, x, resp: m_step(x, np.clip(resp, e, 1 - e)),
    lambda e, x, resp: m_step(x, np.maximum(resp, e)),
    constants=(1e-3, 0.01, 0.1, 1.0, 1e-4, 1e-5, 1e-6, 1e-8),
)


def _m_two_only(x, resp):
    return tuple(part[:2] for part in m_step(x, resp))


M_STEP = (
    Misconception(
        name="variance_for_std",
        says="Variances came back where standard deviations belong.",
        hint="In which unit is a standard deviation of grams?",
        variant=_m_variances,
    ),
    Misconception(
        name="divided_by_n",
        says="The sums were divided by N, the number of all observations.",
        hint="A mean of component k is over the observations that k is responsible for: how many are those?",
        variant=_m_divided_by_n,
        forms=(_m_spread_divided_by_n,),
    ),
    Misconception(
        name="counts_for_weights",
        says="The weights are effective counts.",
        hint="Mixing proportions sum to 1.",
        variant=_m_counts,
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="An observation counts for each component by its responsibility, not all or nothing.",
        variant=_m_hard,
    ),
    Misconception(
        name="overall_mean_in_spread",
        says="The spread was measured around the mean of all observations.",
        hint="Which mean does component k spread around?",
        variant=_m_overall_mean,
    ),
    Misconception(
        name="digits_lost",
        says="The variance was taken as E[x^2] - mean^2 in float32.",
        hint="Two numbers near 250 000 that differ by 4: float32 keeps seven digits. Subtract before you square.",
        variant=_m_digits_lost,
        rounding=True,
    ),
    spread_floor(_m_raised),
    Misconception(
        name="constant_added",
        says="A constant keeps the responsibilities, or their sums, away from 0.",
        hint="Every component has some responsibility, so nothing is 0/0. What does the constant do to a component that "
        "is worth a hundredth of an observation?",
        variant=GUARDED[0],
        forms=GUARDED[1:],
    ),
    Misconception(
        name="responsibility_squared",
        says="The responsibility was squared together with the deviation.",
        hint="It is a weight of the squared deviation: what belongs inside the square?",
        variant=_m_resp_squared,
        forms=(lambda x, resp: m_step(x, resp**2),),
    ),
    Misconception(
        name="divided_by_count_minus_1",
        says="The variance was divided by the effective count minus 1.",
        hint="That makes it unbiased. Which divisor makes the data most likely?",
        variant=_m_unbiased,
    ),
    Misconception(
        name="one_std_for_all",
        says="All components share one standard deviation.",
        hint="Each component has a spread of its own.",
        variant=_m_pooled,
        forms=(lambda x, resp: (*m_step(x, resp)[:2], np.full(resp.shape[1], np.std(x))),),
    ),
    Misconception(
        name="equal_weights",
        says="Every component got the same weight.",
        hint="A component that is responsible for more has a larger weight: how much larger?",
        variant=_m_equal_weights,
    ),
    Misconception(
        name="plain_mean_for_all",
        says="Every component got the mean of all observations.",
        hint="An observation counts for each component by its responsibility: where does it come in?",
        variant=_m_plain_mean,
        forms=(_m_plain_mean_own_spread, _m_plain_mean_and_spread),
    ),
    Misconception(
        name="squares_unweighted",
        says="Every observation counts fully in every spread.",
        hint="An observation counts for component k by its responsibility, in the spread as in the mean.",
        variant=_m_squares_unweighted,
    ),
    Misconception(
        name="absolute_deviations",
        says="The spread is a mean of distances, not the root of a mean of squares.",
        hint="Which of the two makes the data most likely under a Gaussian?",
        variant=_m_absolute,
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the number of columns of resp. Which line of your code knows that it is 2?",
        variant=_m_two_only,
    ),
)

M_STEP_TOGETHER = on_top(
    one_of(M_STEP, "variance_for_std"),
    named(
        M_STEP,
        "divided_by_n",
        "hard_assignment",
        "overall_mean_in_spread",
        "divided_by_count_minus_1",
        "one_std_for_all",
        "squares_unweighted",
        "plain_mean_for_all",
    ),
    variances_of,
)
