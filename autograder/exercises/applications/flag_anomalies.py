"""The observations that a mixture finds least probable."""

import numpy as np
from scipy.special import softmax

from autograder.exercises import EXACT, Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.numpy_gaussian import log_sum
from autograder.exercises.numpy_multivariate import deviations, diagonal, log_density, log_joint, quadratic_form
from reference import applications
from reference.real_data import HOUSEHOLDS

# Two segments of households, as a fit to all of them finds them.
SEGMENTS = f32(0.8, 0.2), f32([800, 550], [1700, 1000]), f32([[64, 40], [40, 28]], [[460, 180], [180, 116]]) * f32(1000)

FLAG_ANOMALIES = Exercise(
    "flag_anomalies",
    truth=applications.flag_anomalies,
    rule=Arrays((Part("flags", "(N,)", EXACT),)),
    aspects=(
        Aspect(
            "households",
            points=2,
            hint="First log p(x_i) for each observation, all components added up. Then flag the M = share times N "
            "observations where it is lowest.",
            closer="How many True are in your result, and where? There must be M, each in the place of its "
            "observation. Sort the log densities: the M lowest are flagged, and no other.",
            visible={"24 households, a quarter of them": (HOUSEHOLDS[27:51], *SEGMENTS, 0.25)},
            hidden={
                "other households": (HOUSEHOLDS[77:101], *SEGMENTS, 0.25),
                "an eighth of them": (HOUSEHOLDS[95:119], *SEGMENTS, 0.125),
                "half of them": (HOUSEHOLDS[88:112], *SEGMENTS, 0.5),
            },
        ),
        Aspect(
            "far from every mean",
            points=1,
            hint="Where all densities are 0 in float32, their logarithms still tell which is lowest.",
            visible={"in centimes": (100 * HOUSEHOLDS[:24], *SEGMENTS, 0.25)},
            hidden={
                "other households, in centimes": (100 * HOUSEHOLDS[124:148], *SEGMENTS, 0.25),
                "half of them, in centimes": (100 * HOUSEHOLDS[120:144], *SEGMENTS, 0.5),
            },
        ),
    ),
)


def _lowest(scores, share):
    scores = np.asarray(scores)
    flags = np.zeros(len(scores), bool)
    flags[np.argsort(scores, kind="stable")[: round(share * len(scores))]] = True
    return flags


def _log_mixture(x, weights, means, covs):
    return log_sum(log_joint(x, weights, means, covs))


@FLAG_ANOMALIES.mistake(
    says="The observations that fit best were flagged.", hint="Is a low log density surprising, or a high one?"
)
def most_probable(x, weights, means, covs, share):
    return _lowest(-_log_mixture(x, weights, means, covs), share)


@FLAG_ANOMALIES.mistake(
    says="The observations were flagged whose component is least certain.",
    hint="Between two components there is doubt, but is it rare to be there? Ask p(x), not P(z given x).",
)
def least_certain(x, weights, means, covs, share):
    return _lowest(softmax(log_joint(x, weights, means, covs), axis=1).max(axis=1), share)


@FLAG_ANOMALIES.mistake(
    says="The observations were flagged that lie far from the mean of them all.",
    hint="In a mixture, is it rare to be far from the overall mean?",
)
def far_from_overall_mean(x, weights, means, covs, share):
    centred = np.asarray(x) - np.mean(x, axis=0)
    form = np.einsum("nd,de,ne->n", centred, np.linalg.inv(np.cov(centred.T)), centred)
    return _lowest(-form, share)


@FLAG_ANOMALIES.mistake(
    catalogue.WEIGHTS_IGNORED,
    hint="An observation of a rare component is rarer than its density under that component says.",
)
def weights_ignored(x, weights, means, covs, share):
    return _lowest(log_sum(log_density(x, means, covs)), share)


@FLAG_ANOMALIES.mistake(
    says="The observations were flagged that are farthest from their nearest component, whatever its volume.",
    hint="A density is not only a distance: where is it higher, in a wide component or in a narrow one?",
)
def nearest_component_only(x, weights, means, covs, share):
    return _lowest(-quadratic_form(deviations(x, means), np.linalg.inv(covs)).min(axis=1), share)


@FLAG_ANOMALIES.mistake(
    catalogue.CORRELATIONS_IGNORED,
    hint="A high income is not unusual, nor is a low expenditure. Both together are: which entries know that?",
)
def correlations_ignored(x, weights, means, covs, share):
    return _lowest(_log_mixture(x, weights, means, diagonal(covs)), share)


@FLAG_ANOMALIES.mistake(
    says="The share was taken of the range of the log densities.",
    hint="How many observations are to be flagged? Not: how far down.",
)
def share_of_the_range(x, weights, means, covs, share):
    logs = _log_mixture(x, weights, means, covs)
    return logs < logs.min() + share * np.ptp(logs)


@FLAG_ANOMALIES.mistake(
    says="The density itself was compared with the share.",
    hint="A density has a unit and may be any positive number. The share is a share of the observations.",
)
def share_as_threshold(x, weights, means, covs, share):
    return _log_mixture(x, weights, means, covs) < np.log(share)


@FLAG_ANOMALIES.mistake(
    catalogue.EXPONENTIATED_FIRST,
    hint="Which of two observations is rarer, if both densities underflow? Their logarithms still know.",
)
def exponentiated_first(x, weights, means, covs, share):
    return _lowest(np.exp(log_joint(x, weights, means, covs)).sum(axis=1), share)


@FLAG_ANOMALIES.mistake(
    says="Log densities came back instead of flags.",
    hint="True or False for each observation: which are among the lowest?",
)
def scores_returned(x, weights, means, covs, share):
    return _log_mixture(x, weights, means, covs)


@FLAG_ANOMALIES.mistake(
    says="Positions came back instead of one flag for each observation.", hint="The answer has the length of x."
)
def positions_returned(x, weights, means, covs, share):
    return np.argsort(_log_mixture(x, weights, means, covs))[: round(share * len(x))]
