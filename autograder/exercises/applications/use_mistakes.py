"""Known mistakes in using a mixture of D dimensions: wrong variants of the reference, and what to say of them.

In plain NumPy, for the same reasons as in `gaussian`.
"""

import numpy as np
from scipy.special import softmax

from autograder.exercises import Misconception
from autograder.exercises.numpy_gaussian import log_sum
from autograder.exercises.numpy_multivariate import (
    deviations,
    diagonal,
    half_log_det,
    log_density,
    log_joint,
    quadratic_form,
)

# --- segment_image ---


def _in_unit(image):
    image = np.asarray(image)
    return image / np.float32(255) if image.dtype == np.uint8 else image


def _segments(image, score):
    image = _in_unit(image)
    return np.argmax(score(image.reshape(-1, 3)), axis=1).reshape(image.shape[:2])


def _segment(image, weights, means, covs):
    return _segments(image, lambda x: log_joint(x, weights, means, covs))


def _segment_nearest(image, weights, means, covs):
    return _segments(image, lambda x: -np.square(deviations(x, means)).sum(axis=2))


def _segment_columns_first(image, weights, means, covs):
    labels = _segment(image, weights, means, covs)
    return labels.reshape(labels.shape[::-1]).T


def _segment_channels_first(image, weights, means, covs):
    image = _in_unit(image)
    return np.argmax(log_joint(image.reshape(3, -1).T, weights, means, covs), axis=1).reshape(image.shape[:2])


def _segment_bytes_as_they_are(image, weights, means, covs):
    image = np.asarray(image, np.float32)
    return _segment(image, weights, means, covs)


SEGMENT_IMAGE = (
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="The most probable component is not the one with the highest density: what does Bayes' rule add?",
        variant=lambda i, w, m, c: _segments(i, lambda x: log_density(x, m, c)),
    ),
    Misconception(
        name="nearest_mean",
        says="Every pixel went to the nearest mean colour.",
        hint="That is k-means. A wide component reaches farther than a narrow one.",
        variant=_segment_nearest,
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances were used, as if red, green and blue were independent.",
        hint="Brighter skin has more of all three colours. Which entries of the matrix say so?",
        variant=lambda i, w, m, c: _segments(i, lambda x: log_joint(x, w, m, diagonal(c))),
    ),
    Misconception(
        name="determinant_forgotten",
        says="The determinants of the covariance matrices are missing.",
        hint="A wide component is lower than a narrow one near its mean. What says by how much?",
        variant=lambda i, w, m, c: _segments(i, lambda x: log_joint(x, w, m, c) + half_log_det(c)),
    ),
    Misconception(
        name="columns_for_rows",
        says="The labels were put back column after column, though the pixels were taken row after row.",
        hint="Where does the second pixel of the first row end up in your labels?",
        variant=_segment_columns_first,
    ),
    Misconception(
        name="colours_torn_apart",
        says="The image was reshaped so that a row of three numbers is not the colour of one pixel.",
        hint="Print the first row after your reshape: is it the first pixel's red, green and blue?",
        variant=_segment_channels_first,
    ),
    Misconception(
        name="channels_reversed",
        says="Red and blue were exchanged.",
        hint="In which order do the image and the means name the colours?",
        variant=lambda i, w, m, c: _segment(np.asarray(i)[:, :, ::-1], w, m, c),
    ),
    Misconception(
        name="bytes_not_scaled",
        says="Bytes were compared with mean colours between 0 and 1.",
        hint="A blue of 191 in bytes: which number is that on the scale of the means?",
        variant=_segment_bytes_as_they_are,
    ),
    Misconception(
        name="least_probable",
        says="Every pixel got its least probable component.",
        hint="Is a score that you minimise a distance, or a log probability?",
        variant=lambda i, w, m, c: _segments(i, lambda x: -log_joint(x, w, m, c)),
    ),
    Misconception(
        name="counted_from_one",
        says="The labels start at 1.",
        hint="Which label indexes the first row of means?",
        variant=lambda i, w, m, c: _segment(i, w, m, c) + 1,
    ),
    Misconception(
        name="colours_for_labels",
        says="Colours came back instead of labels.",
        hint="One integer for each pixel; the picture is made from them later.",
        variant=lambda i, w, m, c: np.asarray(m)[_segment(i, w, m, c)],
    ),
)


# --- flag_anomalies ---


def _lowest(scores, share):
    scores = np.asarray(scores)
    flags = np.zeros(len(scores), bool)
    flags[np.argsort(scores, kind="stable")[: round(share * len(scores))]] = True
    return flags


def _log_mixture(x, weights, means, covs):
    return log_sum(log_joint(x, weights, means, covs))


def _flag_share_of_range(x, weights, means, covs, share):
    logs = _log_mixture(x, weights, means, covs)
    return logs < logs.min() + share * np.ptp(logs)


def _flag_from_overall_mean(x, weights, means, covs, share):
    centred = np.asarray(x) - np.mean(x, axis=0)
    form = np.einsum("nd,de,ne->n", centred, np.linalg.inv(np.cov(centred.T)), centred)
    return _lowest(-form, share)


def _flag_far_from_nearest(x, weights, means, covs, share):
    return _lowest(-quadratic_form(deviations(x, means), np.linalg.inv(covs)).min(axis=1), share)


def _flag_positions(x, weights, means, covs, share):
    return np.argsort(_log_mixture(x, weights, means, covs))[: round(share * len(x))]


FLAG_ANOMALIES = (
    Misconception(
        name="most_probable",
        says="The observations that fit best were flagged.",
        hint="Is a low log density surprising, or a high one?",
        variant=lambda x, w, m, c, share: _lowest(-_log_mixture(x, w, m, c), share),
    ),
    Misconception(
        name="least_certain",
        says="The observations were flagged whose component is least certain.",
        hint="Between two components there is doubt, but is it rare to be there? Ask p(x), not P(z given x).",
        variant=lambda x, w, m, c, share: _lowest(softmax(log_joint(x, w, m, c), axis=1).max(axis=1), share),
    ),
    Misconception(
        name="far_from_overall_mean",
        says="The observations were flagged that lie far from the mean of them all.",
        hint="In a mixture, is it rare to be far from the overall mean?",
        variant=_flag_from_overall_mean,
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="An observation of a rare component is rarer than its density under that component says.",
        variant=lambda x, w, m, c, share: _lowest(log_sum(log_density(x, m, c)), share),
    ),
    Misconception(
        name="nearest_component_only",
        says="The observations were flagged that are farthest from their nearest component, whatever its volume.",
        hint="A density is not only a distance: where is it higher, in a wide component or in a narrow one?",
        variant=lambda x, w, m, c, share: _lowest(
            -quadratic_form(deviations(x, m), np.linalg.inv(c)).min(axis=1), share
        ),
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances were used, as if the coordinates were independent.",
        hint="A high income is not unusual, nor is a low expenditure. Both together are: which entries know that?",
        variant=lambda x, w, m, c, share: _lowest(_log_mixture(x, w, m, diagonal(c)), share),
    ),
    Misconception(
        name="share_of_the_range",
        says="The share was taken of the range of the log densities.",
        hint="How many observations are to be flagged? Not: how far down.",
        variant=_flag_share_of_range,
    ),
    Misconception(
        name="share_as_threshold",
        says="The density itself was compared with the share.",
        hint="A density has a unit and may be any positive number. The share is a share of the observations.",
        variant=lambda x, w, m, c, share: _log_mixture(x, w, m, c) < np.log(share),
    ),
    Misconception(
        name="exponentiated_first",
        says="Densities were compared that are all 0 in float32.",
        hint="Which of two observations is rarer, if both densities underflow? Their logarithms still know.",
        variant=lambda x, w, m, c, share: _lowest(np.exp(log_joint(x, w, m, c)).sum(axis=1), share),
    ),
    Misconception(
        name="scores_returned",
        says="Log densities came back instead of flags.",
        hint="True or False for each observation: which are among the lowest?",
        variant=lambda x, w, m, c, share: _log_mixture(x, w, m, c),
    ),
    Misconception(
        name="positions_returned",
        says="Positions came back instead of one flag for each observation.",
        hint="The answer has the length of x.",
        variant=_flag_positions,
    ),
)
