"""Known mistakes in D dimensions: wrong variants of the reference, and what to say of them.

In plain NumPy, for the same reasons as in `gaussian`.
"""

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import softmax

from autograder.exercises import Misconception
from autograder.exercises.gaussian import LOG_2PI, log_sum, one_hot

# --- right parts ---


def _deviations(x, means):
    return np.asarray(x)[:, None] - np.asarray(means)  # (N, K, D)


def _form(deviations, matrices):
    return np.einsum("nkd,kde,nke->nk", deviations, matrices, deviations)


def _half_log_det(covs):
    return np.linalg.slogdet(covs)[1] / 2


def _diagonal(covs):
    return covs * np.eye(covs.shape[-1], dtype=np.float32)


def _log_density(x, means, covs):
    distances = _form(_deviations(x, means), np.linalg.inv(covs))
    return -distances / 2 - _half_log_det(covs) - LOG_2PI * x.shape[1] / 2


def _log_joint(x, weights, means, covs):
    return np.log(weights) + _log_density(x, means, covs)


# --- multivariate_log_density ---


def _density_cov_not_inverted(x, means, covs):
    return -_form(_deviations(x, means), covs) / 2 - _half_log_det(covs) - LOG_2PI * x.shape[1] / 2


def _density_upper_triangle(x, means, covs):
    factors = np.linalg.cholesky(covs)
    z = [solve_triangular(f, np.asarray(x - m).T) for f, m in zip(factors, means, strict=True)]
    return -np.square(z).sum(axis=1).T / 2 - _half_log_det(covs) - LOG_2PI * x.shape[1] / 2


def _density_not_squared(x, means, covs):
    distances = np.sqrt(_form(_deviations(x, means), np.linalg.inv(covs)))
    return -distances / 2 - _half_log_det(covs) - LOG_2PI * x.shape[1] / 2


MULTIVARIATE_LOG_DENSITY = (
    Misconception(
        name="covariance_not_inverted",
        says="The squared deviations were multiplied by the covariances.",
        hint="In one dimension the squared deviation is divided by the variance: which matrix divides?",
        variant=_density_cov_not_inverted,
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances were used, as if the coordinates were independent.",
        hint="A long, slanted cloud: is a point at its side as probable as one at its end, equally far away?",
        variant=lambda x, m, c: _log_density(x, m, _diagonal(c)),
    ),
    Misconception(
        name="determinant_forgotten",
        says="The determinant of the covariance matrix is missing.",
        hint="A density integrates to 1, so a wider component must be lower. What measures how wide it is?",
        variant=lambda x, m, c: _log_density(x, m, c) + _half_log_det(c),
    ),
    Misconception(
        name="determinant_in_full",
        says="The determinant counts twice.",
        hint="In one dimension the density is divided by the standard deviation, the root of the variance.",
        variant=lambda x, m, c: _log_density(x, m, c) - _half_log_det(c),
    ),
    Misconception(
        name="constant_of_one_dimension",
        says="The constant is that of one dimension.",
        hint="A product of D densities: how many factors of the root of 2 pi are there?",
        variant=lambda x, m, c: _log_density(x, m, c) + LOG_2PI * (x.shape[1] - 1) / 2,
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant is missing.",
        hint="A density integrates to 1. What does exp(-z^2/2) integrate to, in D dimensions?",
        variant=lambda x, m, c: _log_density(x, m, c) + LOG_2PI * x.shape[1] / 2,
    ),
    Misconception(
        name="half_forgotten",
        says="The exponent lacks its factor of one half.",
        hint="Compare with one dimension: by what is the squared distance divided?",
        variant=lambda x, m, c: _log_density(x, m, c) - _form(_deviations(x, m), np.linalg.inv(c)) / 2,
    ),
    Misconception(
        name="distance_not_squared",
        says="The distance in the exponent was not squared.",
        hint="Twice as far out, how much lower is a log density: twice or four times?",
        variant=_density_not_squared,
    ),
    Misconception(
        name="upper_triangle_solved",
        says="The triangular solver read the upper triangle of the Cholesky factor, which is empty.",
        hint="Which triangle does your solver take unless it is told?",
        variant=_density_upper_triangle,
    ),
    Misconception(
        name="density_not_logged",
        says="The density came back instead of its logarithm.",
        hint="Can these numbers be negative, as a log density can?",
        variant=lambda x, m, c: np.exp(_log_density(x, m, c)),
    ),
    Misconception(
        name="exponentiated_first",
        says="The density was computed before its logarithm.",
        hint="Far from the mean it is 0 in float32. Which part of the formula can be logged by hand?",
        variant=lambda x, m, c: np.log(np.exp(_log_density(x, m, c))),
    ),
)


# --- e_step_full ---


def _e_step(logs):
    return softmax(logs, axis=1), log_sum(logs).sum()


def _e_exp_first(x, weights, means, covs):
    densities = np.exp(_log_joint(x, weights, means, covs))
    density = densities.sum(axis=1)
    return densities / density[:, None], np.log(density).sum()


def _e_wrong_axis(x, weights, means, covs):
    logs = _log_joint(x, weights, means, covs)
    return softmax(logs, axis=0), log_sum(logs).sum()


def _e_over_everything(x, weights, means, covs):
    logs = _log_joint(x, weights, means, covs)
    return softmax(logs), log_sum(logs).sum()


def _e_hard(x, weights, means, covs):
    logs = _log_joint(x, weights, means, covs)
    return one_hot(np.argmax(logs, axis=1), len(weights)), log_sum(logs).sum()


def _e_mean(x, weights, means, covs):
    logs = _log_joint(x, weights, means, covs)
    return softmax(logs, axis=1), log_sum(logs).mean()


def _e_sum_of_logs(x, weights, means, covs):
    logs = _log_joint(x, weights, means, covs)
    return softmax(logs, axis=1), logs.sum()


def _e_negative(x, weights, means, covs):
    resp, log_likelihood = _e_step(_log_joint(x, weights, means, covs))
    return resp, -log_likelihood


E_STEP_FULL = (
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before they were normalised.",
        hint="Far from every mean they are all 0 in float32. What stays finite there?",
        variant=_e_exp_first,
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="Bayes' rule has a prior in it.",
        variant=lambda x, w, m, c: _e_step(_log_density(x, m, c)),
    ),
    Misconception(
        name="weights_not_logged",
        says="The weights were added to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=lambda x, w, m, c: _e_step(np.asarray(w) + _log_density(x, m, c)),
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
        name="correlations_ignored",
        says="Only the variances were used, as if the coordinates were independent.",
        hint="What do the entries beside the diagonal of a covariance matrix say?",
        variant=lambda x, w, m, c: _e_step(_log_joint(x, w, m, _diagonal(c))),
    ),
    Misconception(
        name="determinant_forgotten",
        says="The determinants of the covariance matrices are missing.",
        hint="A wide component is lower than a narrow one everywhere near its mean. By how much?",
        variant=lambda x, w, m, c: _e_step(_log_joint(x, w, m, c) + _half_log_det(c)),
    ),
    Misconception(
        name="mean_log_likelihood",
        says="The log likelihood is a mean over the observations.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e_mean,
    ),
    Misconception(
        name="log_inside_sum",
        says="The log likelihood sums logs over components too.",
        hint="An observation comes from one component or another: add densities over k, and only then take the log.",
        variant=_e_sum_of_logs,
    ),
    Misconception(
        name="negative_log_likelihood",
        says="The log likelihood has the wrong sign.",
        hint="EM makes it grow: is yours falling?",
        variant=_e_negative,
    ),
)


# --- m_step_full ---


def _m_step(x, resp, *, centres=None, products=None, divisors=None):
    """A right M-step, unless something else is given for one of its parts."""
    x, resp = np.asarray(x), np.asarray(resp)
    counts = resp.sum(axis=0)
    means = resp.T @ x / counts[:, None]
    deviations = x[:, None] - (means if centres is None else centres)
    shares = resp if products is None else products
    covs = np.einsum("nk,nkd,nke->kde", shares, deviations, deviations)
    return counts / len(x), means, covs / (counts if divisors is None else divisors)[:, None, None]


def _m_divided_by_n(x, resp):
    weights, means, _ = _m_step(x, resp)
    means *= weights[:, None]
    return weights, means, _m_step(x, resp, centres=means, divisors=np.full(len(means), len(x), np.float32))[2]


def _m_counts(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights * len(x), means, covs


def _m_correlations(x, resp):
    weights, means, covs = _m_step(x, resp)
    stds = np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
    return weights, means, covs / (stds[:, :, None] * stds[:, None])


def _m_diagonal(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights, means, _diagonal(covs)


def _m_shared(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights, means, np.broadcast_to(np.einsum("k,kde->de", weights, covs), covs.shape)


def _m_digits_lost(x, resp):
    weights, means, _ = _m_step(x, resp)
    squares = _m_step(x, resp, centres=np.float32(0))[2]
    return weights, means, squares - means[:, :, None] * means[:, None]


M_STEP_FULL = (
    Misconception(
        name="products_unweighted",
        says="Every observation counts fully in every covariance matrix.",
        hint="An observation counts for component k by its responsibility, in the spread as in the mean.",
        variant=lambda x, r: _m_step(x, r, products=np.ones_like(r), divisors=np.full(r.shape[1], len(x), np.float32)),
    ),
    Misconception(
        name="divided_by_n",
        says="The sums were divided by N, the number of all observations.",
        hint="A mean of component k is over the observations that k is responsible for: how many are those?",
        variant=_m_divided_by_n,
    ),
    Misconception(
        name="divided_by_count_minus_1",
        says="The covariances were divided by the effective count minus 1.",
        hint="That makes them unbiased. Which divisor makes the data most likely?",
        variant=lambda x, r: _m_step(x, r, divisors=np.sum(r, axis=0) - 1),
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
        variant=lambda x, r: _m_step(x, one_hot(np.argmax(r, axis=1), r.shape[1])),
    ),
    Misconception(
        name="overall_mean_in_spread",
        says="The spread was measured around the mean of all observations.",
        hint="Which mean does component k spread around?",
        variant=lambda x, r: _m_step(x, r, centres=np.mean(x, axis=0)),
    ),
    Misconception(
        name="mean_not_subtracted",
        says="The products are of the observations, not of their deviations from the mean.",
        hint="Move all observations by 1000: should their spread change?",
        variant=lambda x, r: _m_step(x, r, centres=np.float32(0)),
    ),
    Misconception(
        name="responsibility_squared",
        says="The responsibility was squared together with the deviation.",
        hint="It is a weight of the product of two deviations: how often may it stand there?",
        variant=lambda x, r: _m_step(x, r, products=np.square(r)),
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances are there; the entries beside the diagonal are 0.",
        hint="Do two coordinates that rise together have a covariance of 0? Multiply each deviation with each other.",
        variant=_m_diagonal,
    ),
    Misconception(
        name="correlations_for_covariances",
        says="Correlations came back where covariances belong.",
        hint="In which unit is a covariance of grams and yen?",
        variant=_m_correlations,
    ),
    Misconception(
        name="one_covariance_for_all",
        says="All components share one covariance matrix.",
        hint="Each component has a spread of its own, around its own mean.",
        variant=_m_shared,
    ),
    Misconception(
        name="digits_lost",
        says="The covariance was taken as the mean product minus the product of the means, in float32.",
        hint="float32 keeps seven digits, and two large numbers that differ by little use them up. What comes first?",
        variant=_m_digits_lost,
    ),
)


# --- segment_image ---


def _in_unit(image):
    image = np.asarray(image)
    return image / np.float32(255) if image.dtype == np.uint8 else image


def _segments(image, score):
    image = _in_unit(image)
    return np.argmax(score(image.reshape(-1, 3)), axis=1).reshape(image.shape[:2])


def _segment(image, weights, means, covs):
    return _segments(image, lambda x: _log_joint(x, weights, means, covs))


def _segment_nearest(image, weights, means, covs):
    return _segments(image, lambda x: -np.square(_deviations(x, means)).sum(axis=2))


def _segment_columns_first(image, weights, means, covs):
    labels = _segment(image, weights, means, covs)
    return labels.reshape(labels.shape[::-1]).T


def _segment_channels_first(image, weights, means, covs):
    image = _in_unit(image)
    return np.argmax(_log_joint(image.reshape(3, -1).T, weights, means, covs), axis=1).reshape(image.shape[:2])


def _segment_bytes_as_they_are(image, weights, means, covs):
    image = np.asarray(image, np.float32)
    return _segment(image, weights, means, covs)


SEGMENT_IMAGE = (
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="The most probable component is not the one with the highest density: what does Bayes' rule add?",
        variant=lambda i, w, m, c: _segments(i, lambda x: _log_density(x, m, c)),
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
        variant=lambda i, w, m, c: _segments(i, lambda x: _log_joint(x, w, m, _diagonal(c))),
    ),
    Misconception(
        name="determinant_forgotten",
        says="The determinants of the covariance matrices are missing.",
        hint="A wide component is lower than a narrow one near its mean. What says by how much?",
        variant=lambda i, w, m, c: _segments(i, lambda x: _log_joint(x, w, m, c) + _half_log_det(c)),
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
        variant=lambda i, w, m, c: _segments(i, lambda x: -_log_joint(x, w, m, c)),
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
    return log_sum(_log_joint(x, weights, means, covs))


def _flag_share_of_range(x, weights, means, covs, share):
    logs = _log_mixture(x, weights, means, covs)
    return logs < logs.min() + share * np.ptp(logs)


def _flag_from_overall_mean(x, weights, means, covs, share):
    centred = np.asarray(x) - np.mean(x, axis=0)
    form = np.einsum("nd,de,ne->n", centred, np.linalg.inv(np.cov(centred.T)), centred)
    return _lowest(-form, share)


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
        variant=lambda x, w, m, c, share: _lowest(softmax(_log_joint(x, w, m, c), axis=1).max(axis=1), share),
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
        variant=lambda x, w, m, c, share: _lowest(log_sum(_log_density(x, m, c)), share),
    ),
    Misconception(
        name="nearest_component_only",
        says="The observations were flagged that are farthest from their nearest component, whatever its volume.",
        hint="A density is not only a distance: where is it higher, in a wide component or in a narrow one?",
        variant=lambda x, w, m, c, share: _lowest(-_form(_deviations(x, m), np.linalg.inv(c)).min(axis=1), share),
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances were used, as if the coordinates were independent.",
        hint="A high income is not unusual, nor is a low expenditure. Both together are: which entries know that?",
        variant=lambda x, w, m, c, share: _lowest(_log_mixture(x, w, m, _diagonal(c)), share),
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
        variant=lambda x, w, m, c, share: _lowest(np.exp(_log_joint(x, w, m, c)).sum(axis=1), share),
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
