"""effective_sample_size

Python float, fsum.
"""

import math


def effective_sample_size(weights):
    return 1 / math.fsum(float(w) ** 2 for w in weights)
