"""bic

3K parameters: forgets that the weights sum to 1.
"""

import numpy as np


def bic(log_likelihood, num_components, num_observations):
    return 3 * num_components * np.log(num_observations) - 2 * log_likelihood
