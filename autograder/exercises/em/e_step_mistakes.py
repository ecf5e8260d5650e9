"""Known mistakes in the E-step."""

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.exercises import KnownMistake, catalogue
from autograder.exercises.em.e_step import E_STEP
from autograder.exercises.guards import bounded, guarded, spread_floor, weight_floor
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    e_step,
    joint,
    log_joint,
    log_sum,
    logpdf,
    one_hot,
    taking_std_for_variance,
    two_only,
)


@E_STEP.mistake(
    catalogue.EXPONENTIATED_FIRST, hint="Far from every mean they are all 0 in float32. What stays finite there?"
)
def exponentiated_first(x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    density = densities.sum(axis=1)
    return densities / density[:, None], np.sum(np.log(density))


def _e(resp=None, log_likelihood=None, logs=log_joint):
    """A right E-step, except for the replaced parts."""

    def e_step(x, weights, means, stds):
        joint_logs = logs(x, weights, means, stds)
        return (
            softmax(joint_logs, axis=1) if resp is None else resp(joint_logs),
            np.sum(log_sum(joint_logs)) if log_likelihood is None else log_likelihood(joint_logs),
        )

    return e_step


def _e_guarded(change):
    """The E-step with densities that a small constant changes."""

    def e_step(constant, x, weights, means, stds):
        densities = change(joint(x, weights, means, stds), weights, constant)
        density = densities.sum(axis=1)
        return densities / density[:, None], np.sum(np.log(density))

    return e_step


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

E_STEP.add(
    catalogue.SMALL_CONSTANT_ADDED.here(
        hint="Far from every mean all components are beyond it, and then they look alike. What is left of the row, if "
        "you subtract its largest logarithm?",
        variant=GUARDED[0],
        forms=GUARDED[1:],
    ),
    spread_floor(lambda raised: lambda x, w, m, s: e_step(x, w, m, raised(s))),
    weight_floor(lambda raised: lambda x, w, m, s: e_step(x, raised(w), m, s)),
    catalogue.MEAN_LOG_LIKELIHOOD.here(
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e(log_likelihood=lambda logs: np.mean(log_sum(logs))),
    ),
    catalogue.LOG_INSIDE_SUM.here(
        hint="An observation comes from one component or another: add densities over k, and only then take the log.",
        variant=_e(log_likelihood=np.sum),
    ),
    catalogue.BEST_COMPONENT_ONLY.here(
        hint="p(x_i) adds up all components, also the improbable ones.",
        variant=_e(log_likelihood=lambda logs: np.sum(np.max(logs, axis=1))),
    ),
    catalogue.WEIGHTS_IGNORED.here(
        hint="Bayes' rule has a prior in it.", variant=_e(logs=lambda x, w, m, s: logpdf(x, m, s))
    ),
    catalogue.WEIGHTS_NOT_LOGGED.here(
        hint="A product of densities is a sum of logs: of which logs?",
        variant=_e(logs=lambda x, w, m, s: w + logpdf(x, m, s)),
    ),
    catalogue.STD_AS_VARIANCE.here(
        hint="The exponent divides by the squared standard deviation.", variant=taking_std_for_variance(e_step)
    ),
)


@E_STEP.mistake(catalogue.STD_SQUARED_TWICE, hint="stds are standard deviations already, not variances.")
def std_squared_twice(x, weights, means, stds):
    return e_step(x, weights, means, stds**2)


def _expected_complete_data(logs):
    return np.sum(softmax(logs, axis=1) * logs)


E_STEP.add(
    catalogue.SPREAD_FORGOTTEN_IN_CONSTANT.here(
        hint="A wider bell is a lower one.", variant=_e(logs=lambda *args: log_joint(*args) + np.log(args[-1]))
    ),
    catalogue.CONSTANT_FORGOTTEN.here(
        hint="It cancels in the responsibilities. Does it cancel in the log likelihood?",
        variant=_e(logs=lambda *args: log_joint(*args) + 0.5 * LOG_2PI),
    ),
    catalogue.HALF_FORGOTTEN.here(
        hint="Look at the exponent of the Gaussian again: what stands before the square?",
        variant=_e(logs=lambda x, w, m, s: log_joint(x, w, m, s) - 0.5 * ((x[:, None] - m) / s) ** 2),
    ),
    catalogue.PI_SHADOWED.here(
        hint="Which of your names is pi, and what does it hold where you take the logarithm of 2 pi?",
        variant=_e(logs=lambda *args: log_joint(*args) + 0.5 * np.log(np.float32(np.pi) / args[1])),
    ),
    catalogue.EXPECTED_COMPLETE_DATA.here(
        hint="That is lower, by the entropy of the responsibilities. What does the log likelihood of x alone do with "
        "the components?",
        variant=_e(log_likelihood=_expected_complete_data),
    ),
)


@E_STEP.mistake(
    catalogue.LIKELIHOOD_FOR_POSTERIOR,
    hint="That is the other way round. How probable is the component, given the observation?",
)
def likelihood_for_posterior(x, weights, means, stds):
    return np.exp(logpdf(x, means, stds)), e_step(x, weights, means, stds)[1]


def _hard(logs):
    return one_hot(np.argmax(logs, axis=1), logs.shape[1])


def _shift_lost(logs):
    return np.sum(log_sum(logs - logs.max(axis=1, keepdims=True)))


def _shifted_only(logs):
    return np.exp(logs - logs.max(axis=1, keepdims=True))


E_STEP.add(
    catalogue.JOINT_FOR_POSTERIOR.here(
        hint="Probabilities of the components of one observation sum to 1: what is missing?", variant=_e(resp=np.exp)
    ),
    catalogue.LOGS_FOR_PROBABILITIES.here(
        hint="A responsibility is a probability, between 0 and 1.",
        variant=_e(resp=lambda logs: log_softmax(logs, axis=1)),
    ),
    catalogue.LARGEST_SUBTRACTED_ONLY.here(
        hint="The largest entry of each row is now 1. What should the row add up to?", variant=_e(resp=_shifted_only)
    ),
    KnownMistake(
        name="largest_not_added_back",
        says="The largest logarithm of each row was subtracted, and never added back to the log likelihood.",
        hint="log(sum of exp(a - m)) is less than what you want. By how much?",
        variant=_e(log_likelihood=_shift_lost),
    ),
    KnownMistake(
        name="log_of_the_sum",
        says="The densities of all observations were added up before the logarithm.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e(log_likelihood=lambda logs: np.log(np.sum(np.exp(logs)))),
    ),
    KnownMistake(
        name="not_summed",
        says="There is a log likelihood for each observation.",
        hint="One number for all of them: independent observations multiply, so their logs do what?",
        variant=_e(log_likelihood=log_sum),
    ),
    catalogue.TWO_COMPONENTS_ONLY.here(
        hint="K is the length of weights. Does a line of your code work for two components only?",
        variant=two_only(e_step),
    ),
    catalogue.NORMALISED_OVER_OBSERVATIONS.here(
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e(resp=lambda logs: softmax(logs, axis=0)),
    ),
    catalogue.NORMALISED_OVER_EVERYTHING.here(
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e(resp=softmax),
    ),
    catalogue.HARD_ASSIGNMENT.here(
        hint="That is k-means. EM keeps the doubt: what are the probabilities?", variant=_e(resp=_hard)
    ),
    KnownMistake(
        name="likelihood_not_logged",
        says="The likelihood came back instead of its logarithm.",
        hint="A product of many small densities underflows; its log is a sum.",
        variant=_e(log_likelihood=lambda logs: np.exp(np.sum(log_sum(logs)))),
    ),
    catalogue.NEGATIVE_LOG_LIKELIHOOD.here(
        hint="EM makes it grow: is yours falling?", variant=_e(log_likelihood=lambda logs: -np.sum(log_sum(logs)))
    ),
)

E_STEP.combine(
    "std_as_variance",
    "weights_ignored",
    "mean_log_likelihood",
    "log_inside_sum",
    "normalised_over_observations",
    "joint_for_posterior",
    "constant_forgotten",
    "negative_log_likelihood",
    "expected_complete_data",
    "two_components_only",
    change=taking_std_for_variance,
)

E_STEP.combine(
    "weights_ignored",
    "mean_log_likelihood",
    "log_inside_sum",
    "constant_forgotten",
    "negative_log_likelihood",
    change=lambda variant: lambda x, w, m, s: variant(x, np.ones(len(w), np.float32), m, s),
)
