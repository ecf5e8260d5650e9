"""Known mistakes in learning a mixture's parameters: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import logsumexp, softmax

from autograder.exercises import Misconception
from autograder.exercises.gaussian import e_step, joint, log_joint, logpdf, m_step, one_hot

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
    return softmax(logs, axis=1), np.mean(logsumexp(logs, axis=1))


def _e_sum_of_logs(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), logs.sum()


def _e_best_component(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), np.sum(np.max(logs, axis=1))


def _e_weights_ignored(x, weights, means, stds):
    logs = logpdf(x, means, stds)
    return softmax(logs, axis=1), np.sum(logsumexp(logs, axis=1))


def _e_weights_not_logged(x, weights, means, stds):
    logs = weights + logpdf(x, means, stds)
    return softmax(logs, axis=1), np.sum(logsumexp(logs, axis=1))


def _e_wrong_axis(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=0), np.sum(logsumexp(logs, axis=1))


def _e_hard(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    hard = one_hot(np.argmax(logs, axis=1), len(weights))
    return hard, np.sum(logsumexp(logs, axis=1))


def _e_likelihood(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), np.exp(np.sum(logsumexp(logs, axis=1)))


def _e_negative(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), -np.sum(logsumexp(logs, axis=1))


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
        name="normalised_over_observations",
        says="The responsibilities sum to 1 over the observations.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e_wrong_axis,
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


def _m_stds(x, resp, counts, means, centre):
    return np.sqrt((resp * (x[:, None] - centre) ** 2).sum(axis=0) / counts)


def _m_step(x, resp):
    counts = resp.sum(axis=0)
    return counts, (resp * x[:, None]).sum(axis=0) / counts


def _m_variances(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, means, stds**2


def _m_divided_by_n(x, resp):
    means = (resp * x[:, None]).mean(axis=0)
    return resp.mean(axis=0), means, np.sqrt((resp * (x[:, None] - means) ** 2).mean(axis=0))


def _m_counts(x, resp):
    counts, means = _m_step(x, resp)
    return counts, means, _m_stds(x, resp, counts, means, means)


def _m_hard(x, resp):
    return m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))


def _m_overall_mean(x, resp):
    counts, means = _m_step(x, resp)
    return counts / len(x), means, _m_stds(x, resp, counts, means, np.mean(x))


def _m_digits_lost(x, resp):
    counts, means = _m_step(x, resp)
    return counts / len(x), means, np.sqrt((resp * x[:, None] ** 2).sum(axis=0) / counts - means**2)


def _m_resp_squared(x, resp):
    counts, means = _m_step(x, resp)
    return counts / len(x), means, np.sqrt(((resp * (x[:, None] - means)) ** 2).sum(axis=0) / counts)


def _m_unbiased(x, resp):
    counts, means = _m_step(x, resp)
    return counts / len(x), means, _m_stds(x, resp, counts - 1, means, means)


def _m_pooled(x, resp):
    counts, means = _m_step(x, resp)
    pooled = np.sqrt((resp * (x[:, None] - means) ** 2).sum() / len(x))
    return counts / len(x), means, np.full(len(counts), pooled)


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
        counts, means = _m_step(x, resp)
        return counts / len(x), means, _m_stds(x, resp, counts, means, old[1])

    path, log_likelihoods = _em(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_k_means(x, weights, means, stds, num_iters):
    path, log_likelihoods = _em(x, weights, means, stds, num_iters, update=lambda x, resp, _: _m_hard(x, resp))
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
        variant=lambda x, w, m, s: logsumexp(log_joint(x, w, m, s), axis=1),
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
        variant=lambda x, w, m, s: -logsumexp(logpdf(x, m, s), axis=1),
    ),
    Misconception(
        name="doubt_for_surprise",
        says="The score measures doubt about the component.",
        hint="A weight can belong to one component beyond doubt and still be a surprise: 425 g is. "
        "The score is about p(x_i).",
        variant=lambda x, w, m, s: -np.log(np.max(softmax(log_joint(x, w, m, s), axis=1), axis=1)),
    ),
)
