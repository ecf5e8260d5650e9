"""EM and its score in plain NumPy, for wrong variants."""

import numpy as np

from autograder.exercises.guards import guarded
from autograder.exercises.numpy_gaussian import e_step, m_step


def penalised(log_likelihood, num_components, num_observations, *, count=None, price=np.log):
    """The right BIC, unless `count` or `price` of the parameters is changed."""
    count = 3 * num_components - 1 if count is None else count
    return count * price(num_observations) - 2 * log_likelihood


def em_path(x, weights, means, stds, num_iters, *, update=lambda x, resp, old: m_step(x, resp)):
    """Run EM; return the parameters before and after each iteration, and the log likelihoods before each."""
    path, log_likelihoods = [(weights, means, stds)], []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, *path[-1])
        log_likelihoods.append(log_likelihood)
        path.append(update(x, resp, path[-1]))
    return path, np.array(log_likelihoods)


def m_with_counts(change):
    """An M-step that divides by changed counts; `change` takes the right counts and a small constant."""

    def m_changed(constant, x, resp):
        counts = change(resp.sum(axis=0), constant)
        means = (resp * x[:, None]).sum(axis=0) / counts
        return resp.mean(axis=0), means, np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)

    return m_changed


GUARDED_M_STEPS = guarded(
    m_with_counts(lambda counts, e: counts + e),
    m_with_counts(np.maximum),
    lambda e, x, resp: m_step(x, resp + e),
    lambda e, x, resp: m_step(x, np.clip(resp, e, 1 - e)),
    lambda e, x, resp: m_step(x, np.maximum(resp, e)),
    constants=(0.01, 1e-3, 0.1, 1.0, 1e-4, 1e-5, 1e-6, 1e-8),
)
