"""Known mistakes in fitting and using a mixture: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import softmax

from autograder.exercises import Misconception
from autograder.exercises.gaussian import e_step, joint, log_joint, log_sum, logpdf, m_step, one_hot

# --- fit_em ---


def _em(x, weights, means, stds, num_iters, *, update=lambda x, resp, old: m_step(x, resp)):
    """Run EM; the parameters before and after each iteration, and the log likelihoods before."""
    path, log_likelihoods = [(weights, means, stds)], []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, *path[-1])
        log_likelihoods.append(log_likelihood)
        path.append(update(x, resp, path[-1]))
    return path, np.array(log_likelihoods)


def _fit_recorded_after(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(x, weights, means, stds, num_iters)
    return *path[-1], np.append(log_likelihoods[1:], e_step(x, *path[-1])[1])


def _fit_recorded_before_and_after(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(x, weights, means, stds, num_iters)
    return *path[-1], np.append(log_likelihoods, e_step(x, *path[-1])[1])


def _fit_one_too_few(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(x, weights, means, stds, num_iters)
    return *path[-2], log_likelihoods


def _fit_last_only(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(x, weights, means, stds, num_iters)
    return *path[-1], log_likelihoods[-1]


def _fit_stds_fixed(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (*m_step(x, resp)[:2], old[2])
    )
    return *path[-1], log_likelihoods


def _fit_weights_fixed(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (old[0], *m_step(x, resp)[1:])
    )
    return *path[-1], log_likelihoods


def _fit_stale_means(x, weights, means, stds, num_iters):
    def update(x, resp, old):
        weights, means, _ = m_step(x, resp)
        return weights, means, np.sqrt((resp * (x[:, None] - old[1]) ** 2).sum(axis=0) / resp.sum(axis=0))

    path, log_likelihoods = _em(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_k_means(x, weights, means, stds, num_iters):
    def update(x, resp, _):
        return m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))

    path, log_likelihoods = _em(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_sorted(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(x, weights, means, stds, num_iters)
    parameters = path[-1]
    order = np.argsort(parameters[1])
    return *(parameter[order] for parameter in parameters), log_likelihoods


FIT_EM = (
    Misconception(
        name="recorded_after_iteration",
        says="Each log likelihood is the one after the iteration.",
        hint="Entry 0 belongs to the initial values: which step of an iteration computes it on the way?",
        variant=_fit_recorded_after,
    ),
    Misconception(
        name="one_log_likelihood_too_many",
        says="There is one log likelihood more than there are iterations.",
        hint="One entry for each iteration: the fitted parameters have none.",
        variant=_fit_recorded_before_and_after,
    ),
    Misconception(
        name="one_iteration_too_few",
        says="The parameters are those before the last iteration.",
        hint="Every iteration ends with an M-step, the last one too.",
        variant=_fit_one_too_few,
    ),
    Misconception(
        name="last_log_likelihood_only",
        says="Only the last log likelihood came back.",
        hint="Keep one number per iteration: they show whether EM does what it promises.",
        variant=_fit_last_only,
    ),
    Misconception(
        name="stds_never_updated",
        says="The standard deviations stayed as they were at the start.",
        hint="An M-step updates three things.",
        variant=_fit_stds_fixed,
    ),
    Misconception(
        name="weights_never_updated",
        says="The weights stayed as they were at the start.",
        hint="An M-step updates three things.",
        variant=_fit_weights_fixed,
    ),
    Misconception(
        name="stale_means_in_spread",
        says="The spread was measured around the means of the iteration before.",
        hint="Update the means first; the spread is around the new ones.",
        variant=_fit_stale_means,
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="That is k-means with spreads. EM hands the probabilities to the M-step.",
        variant=_fit_k_means,
    ),
    Misconception(
        name="components_reordered",
        says="The components came back in another order than they started in.",
        hint="Component k of the answer is the one that started from the initial values k.",
        variant=_fit_sorted,
    ),
)


# --- bic ---

BIC = (
    Misconception(
        name="sign_of_likelihood",
        says="The log likelihood was added, not subtracted.",
        hint="Lower is better: what should a better fit do to the score?",
        variant=lambda ll, k, n: (3 * k - 1) * np.log(n) + 2 * ll,
    ),
    Misconception(
        name="higher_is_better",
        says="The sign of the whole score is turned round.",
        hint="Here lower is better.",
        variant=lambda ll, k, n: 2 * ll - (3 * k - 1) * np.log(n),
    ),
    Misconception(
        name="weights_counted_in_full",
        says="The penalty counts 3K parameters.",
        hint="The weights sum to 1: how many of them are free?",
        variant=lambda ll, k, n: 3 * k * np.log(n) - 2 * ll,
    ),
    Misconception(
        name="components_as_parameters",
        says="The penalty counts K parameters.",
        hint="Each component brings a mean, a standard deviation and a weight.",
        variant=lambda ll, k, n: k * np.log(n) - 2 * ll,
    ),
    Misconception(
        name="weights_forgotten",
        says="The penalty counts 2K parameters.",
        hint="The weights are parameters too.",
        variant=lambda ll, k, n: 2 * k * np.log(n) - 2 * ll,
    ),
    Misconception(
        name="aic_for_bic",
        says="This is Akaike's criterion: 2 for each parameter.",
        hint="The Bayesian criterion's price of a parameter grows with the data.",
        variant=lambda ll, k, n: 2 * (3 * k - 1) - 2 * ll,
    ),
    Misconception(
        name="factor_2_missing",
        says="The log likelihood was counted once.",
        hint="On this scale the log likelihood counts twice.",
        variant=lambda ll, k, n: (3 * k - 1) * np.log(n) - ll,
    ),
    Misconception(
        name="half_scale",
        says="The score is half of what it should be.",
        hint="Both terms are on the scale of -2 log likelihood.",
        variant=lambda ll, k, n: (3 * k - 1) * np.log(n) / 2 - ll,
    ),
    Misconception(
        name="decimal_logarithm",
        says="The logarithm is to base 10.",
        hint="log in this course is the natural one.",
        variant=lambda ll, k, n: (3 * k - 1) * np.log10(n) - 2 * ll,
    ),
)


# --- select_num_components ---


def _bic(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * np.log(num_observations) - 2 * log_likelihood


def _select(x, candidates, score):
    """The candidate with the lowest score of (best log likelihood, K, N), from a few sensible starts."""
    scores = []
    for num_components in candidates:
        fits = [_em(x, *_start(x, num_components, spread), 60)[1][-1] for spread in (0.5, 1.0)]
        scores.append(score(max(fits), num_components, len(x)))
    return candidates[scores.index(min(scores))]


def _start(x, num_components, spread):
    quantiles = np.quantile(x, (np.arange(num_components) + 0.5) / num_components)
    return np.full(num_components, 1 / num_components), quantiles, np.full(num_components, spread * np.std(x))


SELECT_NUM_COMPONENTS = (
    Misconception(
        name="no_penalty",
        says="The number with the highest likelihood was chosen.",
        hint="More components always fit better: what makes them pay for it?",
        variant=lambda key, x, candidates: max(candidates),
    ),
    Misconception(
        name="highest_bic",
        says="The number with the highest BIC was chosen.",
        hint="Lower is better.",
        variant=lambda key, x, candidates: _select(x, candidates, lambda *fit: -_bic(*fit)),
    ),
    Misconception(
        name="index_for_number",
        says="The position in candidates came back, not the number of components.",
        hint="argmin says where the lowest score stands: what stands there in candidates?",
        variant=lambda key, x, candidates: candidates.index(_select(x, candidates, _bic)),
    ),
    Misconception(
        name="number_of_best_from_one",
        says="The position counted from 1 came back, not the number of components.",
        hint="The candidates need not start at 1, nor be in order.",
        variant=lambda key, x, candidates: candidates.index(_select(x, candidates, _bic)) + 1,
    ),
)


# --- anomaly_score ---


ANOMALY_SCORE = (
    Misconception(
        name="sign",
        says="The sign is turned round.",
        hint="A surprising weight has a low density: its score should be high.",
        variant=lambda x, w, m, s: log_sum(log_joint(x, w, m, s)),
    ),
    Misconception(
        name="exponentiated_first",
        says="The densities were added up before any log was taken.",
        hint="Far from every mean they are all 0 in float32, and -log 0 is infinite. Stay in log space.",
        variant=lambda x, w, m, s: -np.log(joint(x, w, m, s).sum(axis=1)),
    ),
    Misconception(
        name="density_for_score",
        says="The density came back.",
        hint="The score is its negative logarithm.",
        variant=lambda x, w, m, s: joint(x, w, m, s).sum(axis=1),
    ),
    Misconception(
        name="nearest_component_only",
        says="Only the best component of each observation counted.",
        hint="p(x_i) adds up all components.",
        variant=lambda x, w, m, s: -np.max(log_joint(x, w, m, s), axis=1),
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="A weight that a rare component made is more surprising than one of a common component.",
        variant=lambda x, w, m, s: -log_sum(logpdf(x, m, s)),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=lambda x, w, m, s: -log_sum(log_joint(x, w, m, np.sqrt(s))),
    ),
    Misconception(
        name="doubt_for_surprise",
        says="The score measures doubt about the component.",
        hint="A weight can belong to one component beyond doubt and still be a surprise: 425 g is. "
        "The score is about p(x_i).",
        variant=lambda x, w, m, s: -np.log(np.max(softmax(log_joint(x, w, m, s), axis=1), axis=1)),
    ),
)
