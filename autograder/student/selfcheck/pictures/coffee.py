"""The given pictures of the three coffee blends: each function draws the picture of its name."""

from typing import Any

import numpy as np

from .display import COLOURS, STYLES, still

BLENDS = ("low", "medium", "high")


def cups(numbers: dict[str, Any]) -> None:
    """The measured caffeine levels, without the blends, which nobody wrote down."""
    from matplotlib import pyplot as plt

    x = numbers["x"]
    figure, axes = plt.subplots(figsize=(8, 2.8), layout="constrained")
    axes.hist(x, bins=np.arange(75, 165, 1.5).tolist(), color="0.75", edgecolor="white")
    axes.plot(x, np.full(len(x), -0.35), "|", color="black", markersize=9)
    axes.plot(99, 0.25, "v", color=COLOURS[1], markersize=9)
    axes.annotate("a cup of 99 mg that\ncomes later: which blend?", (99, 0.6), ha="center", va="bottom",
                  color=COLOURS[1])  # fmt: skip
    axes.set(xlabel="caffeine (mg)", ylabel="number of cups", ylim=(-0.8, None))
    still(
        figure,
        "A histogram of the caffeine of 30 cups: three groups of ten, near 81, 119 and 157 mg. A mark at 99 mg, "
        "between the first group and the second, stands for a cup that will come later.",
    )


def priors(numbers: dict[str, Any]) -> None:
    """The priors of the means: they contain an order, but they overlap."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 2.6), layout="constrained")
    for k, name in enumerate(BLENDS):
        axes.plot(
            numbers["x"], numbers["densities"][:, k], linestyle=STYLES[k], color=COLOURS[k], label=f"mu of {k}: {name}"
        )
    axes.set(xlabel="mean of a blend (mg)", ylabel="prior density (per mg)", ylim=(0, None))
    axes.legend()
    still(
        figure,
        "Three bells of the same width: the priors of the means, around 80, 120 and 160 mg, with standard deviations "
        "of 20 mg. Neighbours overlap between 80 and 120 mg, and between 120 and 160 mg.",
    )


def predictive(numbers: dict[str, Any]) -> None:
    """The predictive density of the next cup under the fitted model, over the measured cups."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    axes.hist(
        numbers["cups"],
        bins=np.arange(75, 165, 1.5).tolist(),
        density=True,
        color="0.8",
        edgecolor="white",
        label="the 30 cups",
    )
    axes.plot(numbers["x"], numbers["density"], color=COLOURS[0], label="p(next cup given the 30 cups)")
    axes.set(xlabel="caffeine (mg)", ylabel="density (per mg)")
    axes.legend(loc="upper center", ncols=2, bbox_to_anchor=(0.5, 1.2))
    still(
        figure,
        "A histogram of the 30 cups, and above it the posterior predictive density: three narrow hills, at 81, 119 and "
        "157 mg, which cover the three groups of cups and are nearly zero between them.",
    )


def between(numbers: dict[str, Any]) -> None:
    """The probability of the low blend: with the parameters at their means, and averaged over the posterior."""
    from matplotlib import pyplot as plt

    x = numbers["x"]
    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    axes.plot(x, numbers["held"], "--", color=COLOURS[1], label="parameters held at their posterior means")
    axes.plot(x, numbers["exact"], color=COLOURS[0], label="exact: the cup is one of the data")
    axes.axvline(99, color="0.7", linewidth=0.8)
    axes.set(xlabel="caffeine of the new cup (mg)", ylabel="P(low blend)")
    axes.legend(loc="lower left")
    at = int(np.argmin(np.abs(x - 99)))
    still(
        figure,
        "The probability that a new cup is of the low blend, against its caffeine from 94 to 104 mg. With the "
        "parameters held fixed it drops from 1 to 0 within one mg, near 98 mg. The exact probability falls gently "
        f"from 0.99 at 95 mg to 0.01 at 102 mg; at 99 mg it is {numbers['exact'][at]:.2f}.",
    )
