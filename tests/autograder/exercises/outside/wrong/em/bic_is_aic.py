"""bic

Akaike's criterion: 2 for each parameter instead of log N.
"""


def bic(log_likelihood, num_components, num_observations):
    return 2 * (3 * num_components - 1) - 2 * log_likelihood
