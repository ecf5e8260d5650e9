"""Known mistakes in the E-step: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.exercises import Misconception
from autograder.exercises.guards import bounded, guarded, named, on_top, one_of, spread_floor
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    e_step,
    joint,
    log_joint,
    log_sum,
    logpdf,
    one_hot,
    std_as_variance,
    two_only,
)


def _e(resp=None, log_likelihood=None, logs=log_joint):
    """A right E-step, unless something else is made of the joint log densities, or in their place."""

    def e_step(x, weights, means, stds):
        joint_logs = logs(x, weights, means, stds)
        return (
            softmax(joint_logs, axis=1) if resp is None else resp(joint_logs),
            np.sum(log_sum(joint_logs)) if log_likelihood is None else log_likelihood(joint_logs),
        )

    return e_step


def _e_guarded(change):
    """The E-step with densities, changed by a small constant."""

    def e_step(constant, x, weights, means, stds):
        densities = change(joint(x, weights, means, stds), weights, constant)
        density = densities.sum(axis=1)
        return densities / density[:, None], np.sum(np.log(density))

    return e_step


def _e_exp_first(x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    density = densities.sum(axis=1)
    return densities / density[:, None], np.sum(np.log(density))


def _e_constant_below(constant, x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    density = densities.sum(axis=1) + constant
    return densities / density[:, None], np.sum(np.log(density))


def _e_constant_below_only(constant, x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    density = densities.sum(axis=1)
    return densities / (density[:, None] + constant), np.sum(np.log(density))


def _e_constant_in_both(constant, x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    density = densities.sum(axis=1)
    return densities / (density[:, None] + constant), np.sum(np.log(np.maximum(density, constant)))


def _e_constant_in_resp(constant, x, weights, means, stds):
    raised = joint(x, weights, means, stds) + constant
    return raised / raised.sum(axis=1)[:, None], np.sum(log_sum(log_joint(x, weights, means, stds)))


def _e_constant_in_likelihood(constant, x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), np.sum(np.log(np.exp(logs).sum(axis=1) + constant))


GUARDED = (
    *guarded(
        _e_guarded(lambda densities, weights, e: densities + e),
        _e_guarded(lambda densities, weights, e: densities + weights * e),
        _e_guarded(lambda densities, weights, e: np.maximum(densities, e)),
        _e_guarded(lambda densities, weights, e: np.maximum(densities, weights * e)),
        _e_constant_below,
        _e_constant_below_only,
        _e_constant_in_both,
        _e_constant_in_resp,
        _e_constant_in_likelihood,
    ),
    *bounded(
        lambda b, x, w, m, s: _e(logs=lambda x, w, m, s: np.maximum(log_joint(x, w, m, s), -b))(x, w, m, s),
        lambda b, x, w, m, s: _e(logs=lambda x, w, m, s: np.log(w) + np.maximum(logpdf(x, m, s), -b))(x, w, m, s),
    ),
)


def _expected_complete_data(logs):
    return np.sum(softmax(logs, axis=1) * logs)


def _hard(logs):
    return one_hot(np.argmax(logs, axis=1), logs.shape[1])


def _shift_lost(logs):
    return np.sum(log_sum(logs - logs.max(axis=1, keepdims=True)))


def _shifted_only(logs):
    return np.exp(logs - logs.max(axis=1, keepdims=True))


def _e_likelihoods(x, weights, means, stds):
    return np.exp(logpdf(x, means, stds)), e_step(x, weights, means, stds)[1]


E_STEP = (
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before they were normalised.",
        hint="Far from every mean they are all 0 in float32. What stays finite there?",
        variant=_e_exp_first,
    ),
    Misconception(
        name="small_constant_added",
        says="A constant keeps the densities, or their logarithms, away from the end of the scale.",
        hint="Far from every mean all components are beyond it, and then they look alike. What is left of the row, if "
        "you subtract its largest logarithm?",
        variant=GUARDED[0],
        forms=GUARDED[1:],
    ),
    spread_floor(lambda raised: lambda x, w, m, s: e_step(x, w, m, raised(s))),
    Misconception(
        name="mean_log_likelihood",
        says="The log likelihood is a mean over the observations.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e(log_likelihood=lambda logs: np.mean(log_sum(logs))),
    ),
    Misconception(
        name="log_inside_sum",
        says="The log likelihood sums logs over components too.",
        hint="An observation comes from one component or another: add densities over k, and only then take the log.",
        variant=_e(log_likelihood=np.sum),
    ),
    Misconception(
        name="best_component_only",
        says="The log likelihood counts only the best component of each observation.",
        hint="p(x_i) adds up all components, also the improbable ones.",
        variant=_e(log_likelihood=lambda logs: np.sum(np.max(logs, axis=1))),
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="Bayes' rule has a prior in it.",
        variant=_e(logs=lambda x, w, m, s: logpdf(x, m, s)),
    ),
    Misconception(
        name="weights_not_logged",
        says="The weights were added to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=_e(logs=lambda x, w, m, s: w + logpdf(x, m, s)),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=std_as_variance(e_step),
    ),
    Misconception(
        name="std_squared_twice",
        says="The standard deviation was squared once too often.",
        hint="stds are standard deviations already, not variances.",
        variant=lambda x, w, m, s: e_step(x, w, m, s**2),
    ),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of each Gaussian is missing.",
        hint="A wider bell is a lower one.",
        variant=_e(logs=lambda *args: log_joint(*args) + np.log(args[-1])),
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant of the Gaussian is missing.",
        hint="It cancels in the responsibilities. Does it cancel in the log likelihood?",
        variant=_e(logs=lambda *args: log_joint(*args) + 0.5 * LOG_2PI),
    ),
    Misconception(
        name="half_forgotten",
        says="The half in the exponent is missing.",
        hint="Look at the exponent of the Gaussian again: what stands before the square?",
        variant=_e(logs=lambda x, w, m, s: log_joint(x, w, m, s) - 0.5 * ((x[:, None] - m) / s) ** 2),
    ),
    Misconception(
        name="pi_shadowed",
        says="The mixing proportions were taken for the number 3.14159.",
        hint="Which of your names is pi, and what does it hold where you take the logarithm of 2 pi?",
        variant=_e(logs=lambda *args: log_joint(*args) + 0.5 * np.log(np.float32(np.pi) / args[1])),
    ),
    Misconception(
        name="expected_complete_data",
        says="The log likelihood is the expected log likelihood of data and components together.",
        hint="That is lower, by the entropy of the responsibilities. What does the log likelihood of x alone do with "
        "the components?",
        variant=_e(log_likelihood=_expected_complete_data),
    ),
    Misconception(
        name="likelihood_for_posterior",
        says="resp holds likelihoods: how probable each observation is, given the component.",
        hint="That is the other way round. How probable is the component, given the observation?",
        variant=_e_likelihoods,
    ),
    Misconception(
        name="joint_for_posterior",
        says="resp holds joint densities.",
        hint="Probabilities of the components of one observation sum to 1: what is missing?",
        variant=_e(resp=np.exp),
    ),
    Misconception(
        name="logs_for_probabilities",
        says="resp holds logarithms of the probabilities.",
        hint="A responsibility is a probability, between 0 and 1.",
        variant=_e(resp=lambda logs: log_softmax(logs, axis=1)),
    ),
    Misconception(
        name="largest_subtracted_only",
        says="The largest logarithm of each row was subtracted, but the rows were not divided by their sums.",
        hint="The largest entry of each row is now 1. What should the row add up to?",
        variant=_e(resp=_shifted_only),
    ),
    Misconception(
        name="largest_not_added_back",
        says="The largest logarithm of each row was subtracted, and never added back to the log likelihood.",
        hint="log(sum of exp(a - m)) is less than what you want. By how much?",
        variant=_e(log_likelihood=_shift_lost),
    ),
    Misconception(
        name="log_of_the_sum",
        says="The densities of all observations were added up before the logarithm.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e(log_likelihood=lambda logs: np.log(np.sum(np.exp(logs)))),
    ),
    Misconception(
        name="not_summed",
        says="There is a log likelihood for each observation.",
        hint="One number for all of them: independent observations multiply, so their logs do what?",
        variant=_e(log_likelihood=log_sum),
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the length of weights. Which line of your code knows that it is 2?",
        variant=two_only(e_step),
    ),
    Misconception(
        name="normalised_over_observations",
        says="The responsibilities sum to 1 over the observations.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e(resp=lambda logs: softmax(logs, axis=0)),
    ),
    Misconception(
        name="normalised_over_everything",
        says="The responsibilities of all observations together sum to 1.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e(resp=softmax),
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="That is k-means. EM keeps the doubt: what are the probabilities?",
        variant=_e(resp=_hard),
    ),
    Misconception(
        name="likelihood_not_logged",
        says="The likelihood came back instead of its logarithm.",
        hint="A product of many small densities underflows; its log is a sum.",
        variant=_e(log_likelihood=lambda logs: np.exp(np.sum(log_sum(logs)))),
    ),
    Misconception(
        name="negative_log_likelihood",
        says="The log likelihood has the wrong sign.",
        hint="EM makes it grow: is yours falling?",
        variant=_e(log_likelihood=lambda logs: -np.sum(log_sum(logs))),
    ),
)

E_STEP_TOGETHER = (
    *on_top(
        one_of(E_STEP, "std_as_variance"),
        named(
            E_STEP,
            "weights_ignored",
            "mean_log_likelihood",
            "log_inside_sum",
            "normalised_over_observations",
            "joint_for_posterior",
            "constant_forgotten",
            "negative_log_likelihood",
            "expected_complete_data",
            "two_components_only",
        ),
        std_as_variance,
    ),
    *on_top(
        one_of(E_STEP, "weights_ignored"),
        named(E_STEP, "mean_log_likelihood", "log_inside_sum", "constant_forgotten", "negative_log_likelihood"),
        lambda variant: lambda x, w, m, s: variant(x, np.ones(len(w), np.float32), m, s),
    ),
)
