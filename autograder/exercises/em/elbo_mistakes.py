"""Known mistakes in the lower bound of the log likelihood."""

import numpy as np
from scipy.special import entr, log_softmax, softmax, xlogy

from autograder.exercises import KnownMistake, catalogue
from autograder.exercises.em.elbo import ELBO
from autograder.exercises.guards import bounded, guarded
from autograder.exercises.numpy_gaussian import LOG_2PI, joint, log_joint, log_sum, logpdf, taking_std_for_variance


@ELBO.mistake(
    says="The term with the logarithm of the responsibilities is missing.",
    hint="The expected log likelihood of data and labels alone is too low. What does each term subtract from "
    "the log of the joint density?",
)
def entropy_forgotten(x, resp, weights, means, stds):
    return np.sum(resp * log_joint(x, weights, means, stds))


@ELBO.mistake(
    says="The term with the logarithm of the responsibilities has the wrong sign.",
    hint="log r is negative. Subtracting it makes the bound higher, so that it can touch the log likelihood.",
)
def entropy_sign(x, resp, weights, means, stds):
    return np.sum(resp * log_joint(x, weights, means, stds)) - np.sum(entr(resp))


@ELBO.mistake(
    says="The log likelihood came back, whatever the responsibilities are.",
    hint="The bound equals the log likelihood only right after an E-step. Where do you use resp?",
)
def log_likelihood_for_bound(x, resp, weights, means, stds):
    return np.sum(log_sum(log_joint(x, weights, means, stds)))


@ELBO.mistake(
    catalogue.ZERO_TIMES_INFINITY, hint="r log r goes to 0 with r. How do you keep the logarithm from seeing a 0?"
)
def zero_times_infinity(x, resp, weights, means, stds):
    return np.sum(resp * (log_joint(x, weights, means, stds) - np.log(resp)))


# Constants that show: a smaller one in place of a responsibility of 0 changes nothing in float32.
LARGE = (1e-4, 1e-3, 1e-5, 1e-6, 1e-2)


def _of(resp, logs):
    return np.sum(resp * logs) + np.sum(entr(resp))


def _clipped(e, x, resp, w, m, s):
    kept = np.clip(resp, e, 1)
    return np.sum(kept * (log_joint(x, w, m, s) - np.log(kept)))


def _added(e, x, resp, w, m, s):
    raised = resp + e
    return np.sum(raised * (log_joint(x, w, m, s) - np.log(raised)))


CLIPPED = guarded(_clipped, constants=LARGE)

ELBO.add(
    catalogue.SMALL_CONSTANT_ADDED.here(
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
)


@ELBO.mistake(
    catalogue.EXPONENTIATED_FIRST,
    hint="Far from every mean they are 0 in float32, and log 0 is infinite. Which logarithm do you have already?",
)
def exponentiated_first(x, resp, weights, means, stds):
    return np.sum(xlogy(resp, joint(x, weights, means, stds))) + np.sum(entr(resp))


@ELBO.mistake(
    says="The logarithm is of the responsibilities of an E-step, not of those that were given.",
    hint="resp may come from anywhere. Which responsibilities does the formula use, both times?",
)
def entropy_of_the_posterior(x, resp, w, m, s):
    logs = log_joint(x, w, m, s)
    return np.sum(resp * logs) + np.sum(entr(softmax(logs, axis=1)))


def _divergence(x, resp, w, m, s):
    return np.sum(resp * log_softmax(log_joint(x, w, m, s), axis=1)) + np.sum(entr(resp))


ELBO.add(
    KnownMistake(
        name="divergence_for_bound",
        says="This is how far the bound lies below the log likelihood, not the bound.",
        hint="The formula has the joint density of observation and component, not the posterior probability.",
        variant=_divergence,
        forms=(lambda *args: -_divergence(*args),),
    )
)


def _with_logs(logs):
    """The bound with other log densities of observations and components."""
    return lambda x, resp, w, m, s: _of(resp, logs(x, w, m, s))


ELBO.add(
    catalogue.WEIGHTS_IGNORED.here(
        hint="The joint density of an observation and its component has two factors.",
        variant=_with_logs(lambda x, w, m, s: logpdf(x, m, s)),
    ),
    catalogue.WEIGHTS_NOT_LOGGED.here(
        hint="A product of densities is a sum of logs: of which logs?",
        variant=_with_logs(lambda x, w, m, s: w + logpdf(x, m, s)),
    ),
)


@ELBO.mistake(
    says="Only the mixing proportions and the responsibilities are in the bound.",
    hint="How well do the components explain the observations? That is the second term in the brackets.",
)
def densities_ignored(x, resp, weights, means, stds):
    return np.sum(resp * np.log(weights)) + np.sum(entr(resp))


def _on_bound(change):
    """The bound with changed log densities: `change` takes and returns a function of x and the parameters."""
    return lambda x, resp, w, m, s: _of(resp, change(log_joint)(x, w, m, s))


ELBO.add(
    catalogue.STD_AS_VARIANCE.here(
        hint="The exponent divides by the squared standard deviation.", variant=_on_bound(taking_std_for_variance)
    ),
    catalogue.CONSTANT_FORGOTTEN.here(
        hint="It cancels in responsibilities. Does it cancel in the bound?",
        variant=_with_logs(lambda *args: log_joint(*args) + 0.5 * LOG_2PI),
    ),
    catalogue.PI_SHADOWED.here(
        hint="Which of your names is pi, and what does it hold where you take the logarithm of 2 pi?",
        variant=_with_logs(lambda *args: log_joint(*args) + 0.5 * np.log(np.float32(np.pi) / args[1])),
    ),
)


def _bound(x, resp, weights, means, stds):
    """The right bound."""
    return _of(resp, log_joint(x, weights, means, stds))


@ELBO.mistake(
    says="The bound is a mean over the observations.",
    hint="It is a bound of the log likelihood, which adds up the observations.",
)
def mean_for_sum(x, *args):
    return _bound(x, *args) / len(x)


@ELBO.mistake(
    says="There is a bound for each observation.",
    hint="One number for all of them: over which two indices does the formula sum?",
    forms=(lambda x, r, w, m, s: r * log_joint(x, w, m, s) + entr(r),),
)
def not_summed(x, resp, weights, means, stds):
    return np.sum(resp * log_joint(x, weights, means, stds) + entr(resp), axis=1)


@ELBO.mistake(catalogue.SIGN, hint="The bound lies below the log likelihood. On which side is yours?")
def sign(*args):
    return -_bound(*args)


@ELBO.mistake(
    says="The terms were added up as they are, without the responsibilities in front of them.",
    hint="An improbable component should count little. What weights the terms of an observation?",
)
def responsibilities_forgotten(x, resp, weights, means, stds):
    return np.sum(log_joint(x, weights, means, stds) - np.log(np.where(resp > 0, resp, 1)))


@ELBO.mistake(
    catalogue.TWO_COMPONENTS_ONLY,
    hint="K is the length of weights. Does a line of your code work for two components only?",
)
def two_components_only(x, resp, weights, means, stds):
    two = np.array([0, min(1, len(means) - 1)])
    return _bound(x, resp[:, two], weights[two], means[two], stds[two])


ELBO.combine(
    "std_as_variance",
    "entropy_forgotten",
    "entropy_sign",
    "weights_ignored",
    "mean_for_sum",
    "constant_forgotten",
    change=lambda variant: lambda x, r, w, m, s: variant(x, r, w, m, np.sqrt(s)),
)

ELBO.combine(
    "weights_ignored",
    "entropy_forgotten",
    "entropy_sign",
    "mean_for_sum",
    change=lambda variant: lambda x, r, w, m, s: variant(x, r, np.ones(len(w), np.float32), m, s),
)
