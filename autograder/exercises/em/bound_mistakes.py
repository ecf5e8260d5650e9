"""Known mistakes in the lower bound of the log likelihood: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import entr, log_softmax, softmax, xlogy

from autograder.exercises import Misconception
from autograder.exercises.guards import bounded, guarded, named, on_top, one_of
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    joint,
    log_joint,
    log_sum,
    logpdf,
    std_as_variance,
)

# Constants that show: a smaller one in the place of a responsibility of 0 changes nothing that float32 holds.
LARGE = (1e-4, 1e-3, 1e-5, 1e-6, 1e-2)


def _bound(x, resp, weights, means, stds):
    """The right bound."""
    return _of(resp, log_joint(x, weights, means, stds))


def _of(resp, logs):
    return np.sum(resp * logs) + np.sum(entr(resp))


def _with_logs(logs):
    """The bound with other log densities of observations and components."""
    return lambda x, resp, w, m, s: _of(resp, logs(x, w, m, s))


def _nan_at_zero(x, resp, weights, means, stds):
    return np.sum(resp * (log_joint(x, weights, means, stds) - np.log(resp)))


def _exponentiated_first(x, resp, weights, means, stds):
    return np.sum(xlogy(resp, joint(x, weights, means, stds))) + np.sum(entr(resp))


def _clipped(e, x, resp, w, m, s):
    kept = np.clip(resp, e, 1)
    return np.sum(kept * (log_joint(x, w, m, s) - np.log(kept)))


def _added(e, x, resp, w, m, s):
    raised = resp + e
    return np.sum(raised * (log_joint(x, w, m, s) - np.log(raised)))


def _at_the_posterior(x, resp, w, m, s):
    logs = log_joint(x, w, m, s)
    return np.sum(resp * logs) + np.sum(entr(softmax(logs, axis=1)))


def _divergence(x, resp, w, m, s):
    return np.sum(resp * log_softmax(log_joint(x, w, m, s), axis=1)) + np.sum(entr(resp))


def _two(x, resp, weights, means, stds):
    two = np.array([0, min(1, len(means) - 1)])
    return _bound(x, resp[:, two], weights[two], means[two], stds[two])


def _on_bound(change):
    """The bound with other log densities: `change` takes and returns a function of the parameters."""
    return lambda x, resp, w, m, s: _of(resp, change(log_joint)(x, w, m, s))


CLIPPED = guarded(_clipped, constants=LARGE)

ELBO = (
    Misconception(
        name="entropy_forgotten",
        says="The term with the logarithm of the responsibilities is missing.",
        hint="The expected log likelihood of data and labels alone is too low. What does each term subtract from "
        "the log of the joint density?",
        variant=lambda x, r, w, m, s: np.sum(r * log_joint(x, w, m, s)),
    ),
    Misconception(
        name="entropy_sign",
        says="The term with the logarithm of the responsibilities has the wrong sign.",
        hint="log r is negative. Subtracting it makes the bound higher, so that it can touch the log likelihood.",
        variant=lambda x, r, w, m, s: np.sum(r * log_joint(x, w, m, s)) - np.sum(entr(r)),
    ),
    Misconception(
        name="log_likelihood_for_bound",
        says="The log likelihood came back, whatever the responsibilities are.",
        hint="The bound equals the log likelihood only right after an E-step. Where do you use resp?",
        variant=lambda x, r, w, m, s: np.sum(log_sum(log_joint(x, w, m, s))),
    ),
    Misconception(
        name="zero_times_infinity",
        says="Where a responsibility is 0, 0 log 0 became NaN.",
        hint="r log r goes to 0 with r. How do you keep the logarithm from seeing a 0?",
        variant=_nan_at_zero,
    ),
    Misconception(
        name="small_constant_added",
        says="A constant keeps the responsibilities, or the log densities, away from 0 or from the end of the scale.",
        hint="An observation far from a component costs thousands of nats, even for a small part of it. Where its "
        "share is 0, it must stay 0.",
        variant=CLIPPED[0],
        forms=(
            *CLIPPED[1:],
            *guarded(_added, constants=LARGE),
            *guarded(
                lambda e, x, r, w, m, s: np.sum(r * np.log(joint(x, w, m, s) + e)) + np.sum(entr(r)),
                lambda e, x, r, w, m, s: np.sum(r * np.log(np.maximum(joint(x, w, m, s), e))) + np.sum(entr(r)),
            ),
            *bounded(lambda b, x, r, w, m, s: _of(r, np.maximum(log_joint(x, w, m, s), -b))),
        ),
    ),
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before the logarithm.",
        hint="Far from every mean they are 0 in float32, and log 0 is infinite. Which logarithm do you have already?",
        variant=_exponentiated_first,
    ),
    Misconception(
        name="entropy_of_the_posterior",
        says="The logarithm is of the responsibilities of an E-step, not of those that were given.",
        hint="resp may come from anywhere. Which responsibilities stand in the formula, both times?",
        variant=_at_the_posterior,
    ),
    Misconception(
        name="divergence_for_bound",
        says="This is how far the bound lies below the log likelihood, not the bound.",
        hint="The formula has the joint density of observation and component, not the posterior probability.",
        variant=_divergence,
        forms=(lambda *args: -_divergence(*args),),
    ),
    Misconception(
        name="weights_ignored",
        says="You ignored the mixing proportions.",
        hint="The joint density of an observation and its component has two factors.",
        variant=_with_logs(lambda x, w, m, s: logpdf(x, m, s)),
    ),
    Misconception(
        name="weights_not_logged",
        says="You added the weights to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=_with_logs(lambda x, w, m, s: w + logpdf(x, m, s)),
    ),
    Misconception(
        name="densities_ignored",
        says="Only the mixing proportions and the responsibilities are in the bound.",
        hint="How well do the components explain the observations? That is the second term in the brackets.",
        variant=lambda x, r, w, m, s: np.sum(r * np.log(w)) + np.sum(entr(r)),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=_on_bound(std_as_variance),
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant of the Gaussian is missing.",
        hint="It cancels in responsibilities. Does it cancel in the bound?",
        variant=_with_logs(lambda *args: log_joint(*args) + 0.5 * LOG_2PI),
    ),
    Misconception(
        name="pi_shadowed",
        says="The mixing proportions were taken for the number 3.14159.",
        hint="Which of your names is pi, and what does it hold where you take the logarithm of 2 pi?",
        variant=_with_logs(lambda *args: log_joint(*args) + 0.5 * np.log(np.float32(np.pi) / args[1])),
    ),
    Misconception(
        name="mean_for_sum",
        says="The bound is a mean over the observations.",
        hint="It is a bound of the log likelihood, which adds up the observations.",
        variant=lambda x, *args: _bound(x, *args) / len(x),
    ),
    Misconception(
        name="not_summed",
        says="There is a bound for each observation.",
        hint="One number for all of them: over which two indices does the formula sum?",
        variant=lambda x, r, w, m, s: np.sum(r * log_joint(x, w, m, s) + entr(r), axis=1),
        forms=(lambda x, r, w, m, s: r * log_joint(x, w, m, s) + entr(r),),
    ),
    Misconception(
        name="sign",
        says="The sign is turned round.",
        hint="The bound lies below the log likelihood. On which side is yours?",
        variant=lambda *args: -_bound(*args),
    ),
    Misconception(
        name="responsibilities_forgotten",
        says="The terms were added up as they are, without the responsibilities in front of them.",
        hint="An improbable component should count little. What weights the terms of an observation?",
        variant=lambda x, r, w, m, s: np.sum(log_joint(x, w, m, s) - np.log(np.where(r > 0, r, 1))),
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the length of weights. Which line of your code knows that it is 2?",
        variant=_two,
    ),
)

ELBO_TOGETHER = (
    *on_top(
        one_of(ELBO, "std_as_variance"),
        named(ELBO, "entropy_forgotten", "entropy_sign", "weights_ignored", "mean_for_sum", "constant_forgotten"),
        lambda variant: lambda x, r, w, m, s: variant(x, r, w, m, np.sqrt(s)),
    ),
    *on_top(
        one_of(ELBO, "weights_ignored"),
        named(ELBO, "entropy_forgotten", "entropy_sign", "mean_for_sum"),
        lambda variant: lambda x, r, w, m, s: variant(x, r, np.ones(len(w), np.float32), m, s),
    ),
)
