"""EM and its score in plain NumPy, for wrong variants."""

import numpy as np

from autograder.exercises.numpy_gaussian import e_step, m_step


def penalised(log_likelihood, num_components, num_observations, *, count=None, price=np.log):
    """The right score, unless the parameters are counted or paid for in another way."""
    count = 3 * num_components - 1 if count is None else count
    return count * price(num_observations) - 2 * log_likelihood


def em_path(x, weights, means, stds, num_iters, *, update=lambda x, resp, old: m_step(x, resp)):
    """Run EM; the parameters before and after each iteration, and the log likelihoods before."""
    path, log_likelihoods = [(weights, means, stds)], []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, *path[-1])
        log_likelihoods.append(log_likelihood)
        path.append(update(x, resp, path[-1]))
    return path, np.array(log_likelihoods)
