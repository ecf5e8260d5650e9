"""Fitting a mixture by EM."""

import numpy as np

from autograder.exercises import FIT, Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.em.data import CLOSEST, OVERLAP, PARAMETERS, SPREAD
from autograder.exercises.em.numpy_em import GUARDED_M_STEPS, em_path
from autograder.exercises.guards import FLOORS, spread_floor
from autograder.exercises.numpy_gaussian import e_step, log_joint, m_step, one_hot
from reference import em
from reference.data import BENTOS

FITTED = tuple(Part(part.name, part.shape, FIT) for part in PARAMETERS)

FIT_EM = Exercise(
    "fit_em",
    truth=em.fit_em,
    rule=Arrays((*FITTED, Part("log_likelihoods", "(num_iters,)", FIT))),
    aspects=(
        Aspect(
            "the first iterations",
            points=3,
            hint="One iteration: an E-step with the current parameters (its log likelihood is the entry to "
            "record), then an M-step with its responsibilities.",
            closer="With num_iters = 1 the result is one M-step after one E-step, and the only entry is the log "
            "likelihood of the parameters that you were given. Get this right first, then two iterations.",
            visible={
                "eight points, three iterations": (OVERLAP, f32(0.4, 0.6), f32(-1, 2), f32(1, 1.5), 3),
                "eight points close together, three iterations": (
                    CLOSEST,
                    f32(0.4, 0.6),
                    f32(-4e-4, 7e-4),
                    f32(3e-4, 5e-4),
                    3,
                ),
            },
            hidden={
                "another start, two iterations": (OVERLAP, f32(0.8, 0.2), f32(3, -1.5), f32(2, 0.8), 2),
                "other points, three iterations": (SPREAD, f32(0.3, 0.7), f32(4, -2), f32(3, 2.5), 3),
                "other points close together, three iterations": (
                    SPREAD / np.float32(9000),
                    f32(0.3, 0.7),
                    f32(4e-4, -2e-4),
                    f32(3e-4, 4e-4),
                    3,
                ),
            },
        ),
        Aspect(
            "many iterations",
            points=3,
            hint="The function should run for any K and any num_iters, and leave the components in the order "
            "in which they started.",
            closer="Nothing may end the loop early, and nothing may be sorted, rounded or raised on the way. Are the"
            " parameters at the end of an iteration those that the next one begins with?",
            visible={"the bentos from extreme guesses": (BENTOS, f32(0.5, 0.5), f32(520, 340), f32(30, 30), 10)},
            hidden={
                "overlapping groups": (SPREAD, f32(0.5, 0.5), f32(5, -5), f32(2, 2), 12),
                "identical starting means": (OVERLAP, f32(0.3, 0.7), f32(2, 2), f32(2, 2), 12),
                "three components": (SPREAD, f32(0.3, 0.3, 0.4), f32(5, -5, 0), f32(2, 2, 1.5), 6),
            },
        ),
    ),
)


def _fit_recording(change):
    """Right EM that records another value in each iteration, from x, its parameters and the new ones."""

    def fit_em(x, weights, means, stds, num_iters):
        path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
        recorded = [change(x, *both, value) for *both, value in zip(path, path[1:], log_likelihoods, strict=False)]
        return *path[-1], np.array(recorded)

    return fit_em


def _bound(x, old, new):
    """The lower bound after the M-step, with the responsibilities from before it."""
    resp = e_step(x, *old)[0]
    return np.sum(resp * (log_joint(x, *new) - np.log(np.maximum(resp, np.finfo(np.float32).tiny))))


@FIT_EM.mistake(
    says="Each log likelihood is the one after the iteration.",
    hint="Entry 0 belongs to the initial values: which step of an iteration computes it on the way?",
    forms=(_fit_recording(lambda x, old, new, _: _bound(x, old, new)),),
)
def recorded_after_iteration(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], np.append(log_likelihoods[1:], e_step(x, *path[-1])[1])


@FIT_EM.mistake(
    says="There is one log likelihood more than there are iterations.",
    hint="One entry for each iteration: the fitted parameters have none.",
)
def one_log_likelihood_too_many(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], np.append(log_likelihoods, e_step(x, *path[-1])[1])


@FIT_EM.mistake(
    says="The parameters are those before the last iteration.",
    hint="Every iteration ends with an M-step, the last one too.",
)
def one_iteration_too_few(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-2], log_likelihoods


@FIT_EM.mistake(
    says="Only the last log likelihood came back.",
    hint="Keep one number per iteration: they show whether EM does what it promises.",
)
def last_log_likelihood_only(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], log_likelihoods[-1]


@FIT_EM.mistake(
    says="The standard deviations stayed as they were at the start.", hint="An M-step updates three things."
)
def stds_never_updated(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (*m_step(x, resp)[:2], old[2])
    )
    return *path[-1], log_likelihoods


@FIT_EM.mistake(says="The weights stayed as they were at the start.", hint="An M-step updates three things.")
def weights_never_updated(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (old[0], *m_step(x, resp)[1:])
    )
    return *path[-1], log_likelihoods


def _fit_right(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    return *path[-1], log_likelihoods


@FIT_EM.mistake(
    says="EM started from equal weights, whatever was given.", hint="The weights of the first E-step are an argument."
)
def initial_weights_ignored(x, weights, means, stds, num_iters):
    return _fit_right(x, np.full_like(weights, 1 / len(weights)), means, stds, num_iters)


def _fit_means_never_taken_over(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(
        x, weights, means, stds, num_iters, update=lambda x, resp, old: (m_step(x, resp)[0], old[1], m_step(x, resp)[2])
    )
    return *path[-1], log_likelihoods


@FIT_EM.mistake(
    says="The means stayed as they were at the start.",
    hint="An M-step updates three things.",
    forms=(_fit_means_never_taken_over,),
)
def means_never_updated(x, weights, means, stds, num_iters):
    def update(x, resp, old):
        weights, _, _ = m_step(x, resp)
        return weights, old[1], np.sqrt((resp * (x[:, None] - old[1]) ** 2).sum(axis=0) / resp.sum(axis=0))

    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


@FIT_EM.mistake(
    says="The responsibilities are those of the initial values in every iteration.",
    hint="The E-step is part of each iteration: with which parameters?",
)
def responsible_once(x, weights, means, stds, num_iters):
    resp = e_step(x, weights, means, stds)[0]
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=lambda x, _, old: m_step(x, resp))
    return *path[-1], log_likelihoods


def _fit_with(update):
    """EM with another M-step, which takes x, resp and the old parameters and returns the new ones."""

    def fit_em(x, weights, means, stds, num_iters):
        path, log_likelihoods = em_path(x, weights, means, stds, int(num_iters), update=update)
        return *path[-1], log_likelihoods

    return fit_em


def _fit_raised(raised):
    return _fit_updating(lambda x, resp, new: (*new[:2], raised(new[2])))


def _fit_guarded(m_step_guarded):
    return _fit_with(lambda x, resp, old: m_step_guarded(x, resp))


def _fit_updating(change):
    """EM with a changed M-step; `change` takes x, resp and the right new parameters and returns the wrong ones."""

    def fit_em(x, weights, means, stds, num_iters):
        path, log_likelihoods = em_path(
            x, weights, means, stds, num_iters, update=lambda x, resp, old: change(x, resp, m_step(x, resp))
        )
        return *path[-1], log_likelihoods

    return fit_em


def _expected_complete_data(x, old, new):
    return np.sum(e_step(x, *old)[0] * log_joint(x, *new))


def _spread_by_n(x, resp, new):
    return (*new[:2], np.sqrt((resp * (x[:, None] - new[1]) ** 2).mean(axis=0)))


FIT_EM.add(
    catalogue.VARIANCE_FOR_STD.here(
        hint="In which unit is a standard deviation of grams?",
        variant=_fit_updating(lambda x, resp, new: (*new[:2], new[2] ** 2)),
    ),
    catalogue.DIVIDED_BY_N.here(
        hint="An average over component k is over the observations that k is responsible for: how many are those?",
        variant=_fit_updating(_spread_by_n),
    ),
    catalogue.EXPECTED_COMPLETE_DATA.here(
        hint="That is lower, by the entropy of the responsibilities. What does the log likelihood of x alone do with "
        "the components?",
        variant=_fit_recording(lambda x, old, new, _: _expected_complete_data(x, old, old)),
        forms=(_fit_recording(lambda x, old, new, _: _expected_complete_data(x, old, new)),),
    ),
    catalogue.MEAN_LOG_LIKELIHOOD.here(
        hint="Independent observations multiply: what happens to their logs?",
        variant=_fit_recording(lambda x, old, new, value: value / len(x)),
    ),
    catalogue.NEGATIVE_LOG_LIKELIHOOD.here(
        hint="EM makes it grow: is yours falling?", variant=_fit_recording(lambda x, old, new, value: -value)
    ),
    spread_floor(_fit_raised),
    catalogue.CONSTANT_ADDED.here(
        hint="No component of these loses every observation. What does the constant do to them all the same?",
        variant=_fit_guarded(GUARDED_M_STEPS[2]),
        forms=tuple(map(_fit_guarded, (*GUARDED_M_STEPS[:2], *GUARDED_M_STEPS[3:]))),
    ),
)


@FIT_EM.mistake(
    says="The spread was measured around the means of the iteration before.",
    hint="Update the means first; the spread is around the new ones.",
)
def stale_means_in_spread(x, weights, means, stds, num_iters):
    def update(x, resp, old):
        weights, means, _ = m_step(x, resp)
        return weights, means, np.sqrt((resp * (x[:, None] - old[1]) ** 2).sum(axis=0) / resp.sum(axis=0))

    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


def _fit_k_means_guarded(constant, count_constant):
    """Classification EM, with constants that guard against spreads of 0 and empty components."""

    def update(x, resp, _):
        member = one_hot(np.argmax(resp, axis=1), resp.shape[1])
        counts = member.sum(axis=0) + count_constant
        means = member.T @ x / counts
        return counts / len(x), means, np.sqrt((member * (x[:, None] - means) ** 2).sum(axis=0) / counts) + constant

    return _fit_with(update)


@FIT_EM.mistake(
    catalogue.HARD_ASSIGNMENT,
    hint="That is k-means with spreads. EM hands the probabilities to the M-step.",
    forms=tuple(
        _fit_k_means_guarded(constant, count_constant)
        for constant in (0.0, *FLOORS)
        for count_constant in (0.0, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-3)
    ),
)
def hard_assignment(x, weights, means, stds, num_iters):
    def update(x, resp, _):
        return m_step(x, one_hot(np.argmax(resp, axis=1), resp.shape[1]))

    path, log_likelihoods = em_path(x, weights, means, stds, num_iters, update=update)
    return *path[-1], log_likelihoods


@FIT_EM.mistake(
    says="The components came back in another order than they started in.",
    hint="Component k of the answer is the one that started from the initial values k.",
)
def components_reordered(x, weights, means, stds, num_iters):
    path, log_likelihoods = em_path(x, weights, means, stds, num_iters)
    parameters = path[-1]
    order = np.argsort(parameters[1])
    return *(parameter[order] for parameter in parameters), log_likelihoods
