"""e_step

Python loops and math; a list of lists and a float.
"""

import math


def e_step(x, weights, means, stds):
    resp, total = [], 0.0
    for xi in x:
        lj = [
            math.log(w) - math.log(s) - 0.5 * math.log(2 * math.pi) - 0.5 * ((float(xi) - float(m)) / float(s)) ** 2
            for w, m, s in zip(map(float, weights), means, map(float, stds))
        ]
        top = max(lj)
        parts = [math.exp(v - top) for v in lj]
        resp.append([p / sum(parts) for p in parts])
        total += top + math.log(sum(parts))
    return resp, total
