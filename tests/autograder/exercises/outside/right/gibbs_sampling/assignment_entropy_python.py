"""assignment_entropy

Python sums that skip zeros; a list comes back.
"""

import math


def assignment_entropy(probabilities):
    return [-sum(float(p) * math.log(float(p)) for p in row if float(p) > 0) for row in probabilities]
