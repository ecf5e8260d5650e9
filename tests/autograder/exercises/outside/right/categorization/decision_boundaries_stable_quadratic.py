"""decision_boundaries

Float64, centred, the quadratic formula in the form without cancellation; all special cases.
"""

import math


def decision_boundaries(weights, means, stds):
    (w0, w1), (m0, m1), (s0, s1) = ([float(v) for v in group] for group in (weights, means, stds))
    middle = (m0 + m1) / 2
    d0, d1 = m0 - middle, m1 - middle
    a = 0.5 / s1**2 - 0.5 / s0**2
    b = d0 / s0**2 - d1 / s1**2
    c = math.log(w0 / w1) - math.log(s0 / s1) - d0**2 / (2 * s0**2) + d1**2 / (2 * s1**2)
    if a == 0:
        return [] if b == 0 else [middle - c / b]
    disc = b * b - 4 * a * c
    if disc < 0:
        return []
    q = -0.5 * (b + math.copysign(math.sqrt(disc), b))
    if q == 0:
        return [middle]
    return sorted([middle + q / a, middle + c / q])
