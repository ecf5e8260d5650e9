"""labelled_mle

NumPy groups; lists come back.
"""

import numpy as np


def labelled_mle(x, z, num_components):
    x, z = np.asarray(x, float), np.asarray(z)
    groups = [x[z == k] for k in range(num_components)]
    return [g.size / x.size for g in groups], [g.mean() for g in groups], [g.std() for g in groups]
