"""plot_assignments

Figure without pyplot; markers by plot.
"""

import numpy as np
from matplotlib.figure import Figure


def plot_assignments(x, probabilities):
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()
    for column, name, style in zip(np.asarray(probabilities).T, ("low", "medium", "high"), ("o", "x", "+")):
        axes.plot(np.asarray(x), column, style, label=f"{name} blend")
    axes.set(xlabel="level (mg)", ylabel="probability", ylim=(-0.05, 1.05))
    axes.legend()
    return figure
