"""Known mistakes in fitting a mixture: wrong variants of the reference, and what to say of them."""

import numpy as np

from autograder.exercises import Misconception
from autograder.exercises.guards import FLOORS, spread_floor
from autograder.exercises.numpy_gaussian import e_step, log_joint, m_step, one_hot


def em_path(x, weights, means, stds, num_iters, *, update=lambda x, resp, old: m_step(x, resp)):
    """Run EM; the parameters before and after each iteration, and the log likelihoods before."""
    path, log_likelihoods = [(weights, means, stds)], []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, *path[-1])
        log_likelihoods.append(log_likelihood)
        path.append(update(x, resp, path[-1]))
    return path, np.array(log_likelihoods)


def _fit_recorded_after(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], np.append(log_likelihoods[1:], e_step(x, *path[-1])[1])


def _fit_recorded_before_and_after(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], np.append(log_likelihoods, e_step(x, *path[-1])[1])


def _fit_one_too_few(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-2], log_likelihoods


def _fit_last_only(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], log_likelihoods[-1]


def _fit_right(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], log_likelihoods


def _fit_stds_fixed(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (*m_step(x, resp)[:2], old[2])
    )
    return *path[-1], log_likelihoods


def _fit_weights_fixed(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (old[0], *m_step(x, resp)[1:])
    )
    return *path[-1], log_likelihoods


def _fit_stale_means(x, weights, means, stds, num_iters):
    def update(x, resp, old):
        weights, means, _ = m_step(x, resp)
        return weights, means, np.sqrt((resp * (x[:, None] - old[1]) ** 2).sum(axis=0) / resp.sum(axis=0))

    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_k_means(x, weights, means, stds, num_iters):
    def update(x, resp, _):
        return m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))

    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_k_means_guarded(constant, count_constant):
    """Classification EM with constants against spreads of 0 and components without observations."""

    def update(x, resp, _):
        member = one_hot(np.argmax(resp, axis=1), resp.shape[1])
        counts = member.sum(axis=0) + count_constant
        means = member.T @ x / counts
        return counts / len(x), means, np.sqrt((member * (x[:, None] - means) ** 2).sum(axis=0) / counts) + constant

    return _fit_with(update)


def _fit_sorted(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    parameters = path[-1]
    order = np.argsort(parameters[1])
    return *(parameter[order] for parameter in parameters), log_likelihoods


def _fit_with(update):
    """EM with another M-step: from x, resp and the old parameters to the new ones."""

    def fit_em(x, weights, means, stds, num_iters):
        path, log_likelihoods = em_path(x, weights, means, stds, int(num_iters), update=update)
        return *path[-1], log_likelihoods

    return fit_em


def _fit_raised(raised):
    return _fit_updating(lambda x, resp, new: (*new[:2], raised(new[2])))


def _fit_updating(change):
    """EM whose M-step is changed: from x, resp and the right new parameters to those that it gives."""

    def fit_em(x, weights, means, stds, num_iters):
        path, log_likelihoods = em_path(
            x, weights, means, stds, num_iters, update=lambda x, resp, old: change(x, resp, m_step(x, resp))
        )
        return *path[-1], log_likelihoods

    return fit_em


def _fit_recording(change):
    """Right EM that records something else of each iteration: of x, its parameters and the new ones."""

    def fit_em(x, weights, means, stds, num_iters):
        path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
        recorded = [change(x, *both, value) for *both, value in zip(path, path[1:], log_likelihoods, strict=False)]
        return *path[-1], np.array(recorded)

    return fit_em


def _expected_complete_data(x, old, new):
    return np.sum(e_step(x, *old)[0] * log_joint(x, *new))


def _bound(x, old, new):
    """The lower bound after the M-step, with the responsibilities from before it."""
    resp = e_step(x, *old)[0]
    return np.sum(resp * (log_joint(x, *new) - np.log(np.maximum(resp, np.finfo(np.float32).tiny))))


def _spread_by_n(x, resp, new):
    return (*new[:2], np.sqrt((resp * (x[:, None] - new[1]) ** 2).mean(axis=0)))


def _fit_responsible_once(x, weights, means, stds, num_iters):
    resp = e_step(x, weights, means, stds)[0]
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=lambda x, _, old: m_step(x, resp))
    return *path[-1], log_likelihoods


def _fit_means_fixed(x, weights, means, stds, num_iters):
    def update(x, resp, old):
        weights, _, _ = m_step(x, resp)
        return weights, old[1], np.sqrt((resp * (x[:, None] - old[1]) ** 2).sum(axis=0) / resp.sum(axis=0))

    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_means_never_taken_over(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (m_step(x, resp)[0], old[1], m_step(x, resp)[2])
    )
    return *path[-1], log_likelihoods


FIT_EM = (
    Misconception(
        name="recorded_after_iteration",
        says="Each log likelihood is the one after the iteration.",
        hint="Entry 0 belongs to the initial values: which step of an iteration computes it on the way?",
        variant=_fit_recorded_after,
        forms=(_fit_recording(lambda x, old, new, _: _bound(x, old, new)),),
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
        name="initial_weights_ignored",
        says="EM started from equal weights, whatever was given.",
        hint="The weights of the first E-step are an argument.",
        variant=lambda x, w, m, s, num_iters: _fit_right(x, np.full_like(w, 1 / len(w)), m, s, num_iters),
    ),
    Misconception(
        name="means_never_updated",
        says="The means stayed as they were at the start.",
        hint="An M-step updates three things.",
        variant=_fit_means_fixed,
        forms=(_fit_means_never_taken_over,),
    ),
    Misconception(
        name="responsible_once",
        says="The responsibilities are those of the initial values in every iteration.",
        hint="The E-step is part of each iteration: with which parameters?",
        variant=_fit_responsible_once,
    ),
    Misconception(
        name="variance_for_std",
        says="Variances took the place of standard deviations in each iteration.",
        hint="In which unit is a standard deviation of grams?",
        variant=_fit_updating(lambda x, resp, new: (*new[:2], new[2] ** 2)),
    ),
    Misconception(
        name="divided_by_n",
        says="The spread was divided by N, the number of all observations.",
        hint="An average over component k is over the observations that k is responsible for: how many are those?",
        variant=_fit_updating(_spread_by_n),
    ),
    Misconception(
        name="expected_complete_data",
        says="The expected log likelihood of data and components together was recorded.",
        hint="That is lower, by the entropy of the responsibilities. What does the log likelihood of x alone do with "
        "the components?",
        variant=_fit_recording(lambda x, old, new, _: _expected_complete_data(x, old, old)),
        forms=(_fit_recording(lambda x, old, new, _: _expected_complete_data(x, old, new)),),
    ),
    Misconception(
        name="mean_log_likelihood",
        says="The log likelihoods are means over the observations.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_fit_recording(lambda x, old, new, value: value / len(x)),
    ),
    Misconception(
        name="negative_log_likelihood",
        says="The log likelihoods have the wrong sign.",
        hint="EM makes it grow: is yours falling?",
        variant=_fit_recording(lambda x, old, new, value: -value),
    ),
    spread_floor(_fit_raised),
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
        forms=tuple(
            _fit_k_means_guarded(constant, count_constant)
            for constant in (0.0, *FLOORS)
            for count_constant in (0.0, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-3)
        ),
    ),
    Misconception(
        name="components_reordered",
        says="The components came back in another order than they started in.",
        hint="Component k of the answer is the one that started from the initial values k.",
        variant=_fit_sorted,
    ),
)
