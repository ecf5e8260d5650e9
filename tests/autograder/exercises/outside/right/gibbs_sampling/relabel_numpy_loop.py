"""relabel

NumPy, draw by draw, a dictionary from old labels to new ones.
"""

import numpy as np


def relabel(samples):
    result = {name: np.array(values) for name, values in samples.items()}
    for s, mu in enumerate(np.asarray(samples["mu"])):
        order = sorted(range(len(mu)), key=lambda k: mu[k])
        new_name = {old: new for new, old in enumerate(order)}
        for name in ("pi", "mu", "sigma"):
            result[name][s] = np.asarray(samples[name])[s][order]
        result["z"][s] = [new_name[int(label)] for label in np.asarray(samples["z"])[s]]
    return result
