"""bic

A lambda with math.log.
"""

import math

bic = lambda ll, k, n: (3 * k - 1) * math.log(n) - 2 * ll  # noqa: E731
