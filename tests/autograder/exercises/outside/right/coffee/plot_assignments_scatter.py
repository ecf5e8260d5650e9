"""plot_assignments

Three scatter calls with different markers.
"""

import matplotlib.pyplot as plt
import numpy as np


def plot_assignments(x, probabilities):
    x, p = np.asarray(x), np.asarray(probabilities)
    fig, ax = plt.subplots(figsize=(7, 3.5))
    for k, (name, marker) in enumerate(zip(("low", "medium", "high"), "o^s")):
        ax.scatter(x, p[:, k], marker=marker, label=name)
    ax.set_xlabel("caffeine (mg)")
    ax.set_ylabel("P(blend given data)")
    ax.legend()
    return fig
