"""Known mistakes in one step of EM: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import softmax

from autograder.exercises import Misconception
from autograder.exercises.gaussian import e_step, joint, log_joint, log_sum, logpdf, m_step, one_hot

# --- labelled_mle ---


def _labelled(x, z, num_components, *, ddof=0.0):
    member = one_hot(z, num_components)
    counts = member.sum(axis=0)
    means = (member * x[:, None]).sum(axis=0) / counts
    variances = (member * (x[:, None] - means) ** 2).sum(axis=0) / (counts - ddof)
    return counts, means, variances


def _labelled_unbiased(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components, ddof=1.0)
    return counts / len(x), means, np.sqrt(variances)


def _labelled_variances(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means, variances


def _labelled_counts(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts, means, np.sqrt(variances)


def _labelled_equal_weights(x, z, num_components):
    _, means, variances = _labelled(x, z, num_components)
    return np.full(num_components, 1 / num_components), means, np.sqrt(variances)


def _labelled_pooled(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    pooled = np.sum(counts * variances) / len(x)
    return counts / len(x), means, np.full(num_components, np.sqrt(pooled))


def _labelled_digits_lost(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    squares = (one_hot(z, num_components) * x[:, None] ** 2).sum(axis=0) / counts
    return counts / len(x), means, np.sqrt(squares - means**2)


LABELLED_MLE = (
    Misconception(
        name="divided_by_n_minus_1",
        says="The variance was divided by the count minus 1.",
        hint="That makes it unbiased. Which divisor makes the data most likely?",
        variant=_labelled_unbiased,
    ),
    Misconception(
        name="variance_for_std",
        says="Variances came back where standard deviations belong.",
        hint="In which unit is a standard deviation of grams?",
        variant=_labelled_variances,
    ),
    Misconception(
        name="counts_for_weights",
        says="The weights are counts.",
        hint="Mixing proportions sum to 1.",
        variant=_labelled_counts,
    ),
    Misconception(
        name="equal_weights",
        says="Every component got the same weight.",
        hint="A component with more observations is more probable: how much more?",
        variant=_labelled_equal_weights,
    ),
    Misconception(
        name="one_std_for_all",
        says="All components share one standard deviation.",
        hint="Each component has a spread of its own, around its own mean.",
        variant=_labelled_pooled,
    ),
    Misconception(
        name="digits_lost",
        says="The variance was taken as E[x^2] - mean^2 in float32.",
        hint="Two numbers near 250 000 that differ by 4: float32 keeps seven digits. Subtract before you square.",
        variant=_labelled_digits_lost,
    ),
)


# --- e_step ---


def _e_exp_first(x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    density = densities.sum(axis=1)
    return densities / density[:, None], np.sum(np.log(density))


def _e_fudged(x, weights, means, stds):
    densities = joint(x, weights, means, stds) + np.float32(1e-12)
    density = densities.sum(axis=1)
    return densities / density[:, None], np.sum(np.log(density))


def _e_mean_log_likelihood(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), np.mean(log_sum(logs))


def _e_sum_of_logs(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), logs.sum()


def _e_best_component(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), np.sum(np.max(logs, axis=1))


def _e_weights_ignored(x, weights, means, stds):
    logs = logpdf(x, means, stds)
    return softmax(logs, axis=1), np.sum(log_sum(logs))


def _e_weights_not_logged(x, weights, means, stds):
    logs = weights + logpdf(x, means, stds)
    return softmax(logs, axis=1), np.sum(log_sum(logs))


def _e_wrong_axis(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=0), np.sum(log_sum(logs))


def _e_over_everything(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs), np.sum(log_sum(logs))


def _e_hard(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    hard = one_hot(np.argmax(logs, axis=1), len(weights))
    return hard, np.sum(log_sum(logs))


def _e_likelihood(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), np.exp(np.sum(log_sum(logs)))


def _e_negative(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), -np.sum(log_sum(logs))


E_STEP = (
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before they were normalised.",
        hint="Far from every mean they are all 0 in float32. What stays finite there?",
        variant=_e_exp_first,
    ),
    Misconception(
        name="small_constant_added",
        says="A small constant was added to keep the division finite.",
        hint="It hides the 0/0 and makes the answer wrong where it matters: at 425 g both components look equal.",
        variant=_e_fudged,
    ),
    Misconception(
        name="mean_log_likelihood",
        says="The log likelihood is a mean over the observations.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e_mean_log_likelihood,
    ),
    Misconception(
        name="log_inside_sum",
        says="The log likelihood sums logs over components too.",
        hint="An observation comes from one component or another: add densities over k, and only then take the log.",
        variant=_e_sum_of_logs,
    ),
    Misconception(
        name="best_component_only",
        says="The log likelihood counts only the best component of each observation.",
        hint="p(x_i) adds up all components, also the improbable ones.",
        variant=_e_best_component,
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="Bayes' rule has a prior in it.",
        variant=_e_weights_ignored,
    ),
    Misconception(
        name="weights_not_logged",
        says="The weights were added to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=_e_weights_not_logged,
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=lambda x, w, m, s: e_step(x, w, m, np.sqrt(s)),
    ),
    Misconception(
        name="normalised_over_observations",
        says="The responsibilities sum to 1 over the observations.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e_wrong_axis,
    ),
    Misconception(
        name="normalised_over_everything",
        says="The responsibilities of all observations together sum to 1.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e_over_everything,
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="That is k-means. EM keeps the doubt: what are the probabilities?",
        variant=_e_hard,
    ),
    Misconception(
        name="likelihood_not_logged",
        says="The likelihood came back instead of its logarithm.",
        hint="A product of many small densities underflows; its log is a sum.",
        variant=_e_likelihood,
    ),
    Misconception(
        name="negative_log_likelihood",
        says="The log likelihood has the wrong sign.",
        hint="EM makes it grow: is yours falling?",
        variant=_e_negative,
    ),
)


# --- m_step ---


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
    ),
    Misconception(
        name="responsibility_squared",
        says="The responsibility was squared together with the deviation.",
        hint="It is a weight of the squared deviation: what belongs inside the square?",
        variant=_m_resp_squared,
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
    ),
)
