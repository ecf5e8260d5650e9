"""The given pictures of the Bayesian mixture: each function draws the picture of its name."""

from typing import Any

import numpy as np

from .display import COLOURS, STYLES, still

KINDS = ("light component", "heavy component")


def doubt(numbers: dict[str, Any]) -> None:
    """What 20 bentos say about tonkatsu's share and about the two standard deviations, beside the answer of EM."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    left.fill_between(numbers["share"], numbers["share_density"], color=COLOURS[4], alpha=0.4)
    left.plot(numbers["share"], numbers["share_density"], color=COLOURS[0], label="given the 20 bentos")
    left.axvline(float(numbers["em_share"]), color="black", linestyle="--", label="EM's answer")
    left.set(xlabel="tonkatsu's share", ylabel="density", ylim=(0, None))
    left.legend(loc="upper left")
    for k, name in enumerate(KINDS):
        line = {"color": COLOURS[k], "linestyle": ("-", "-.")[k]}
        right.plot(numbers["sigma"], numbers["sigma_densities"][k], label=name, **line)
        right.axvline(float(numbers["em_sigmas"][k]), color=COLOURS[k], linestyle=STYLES[1], linewidth=1.2)
    right.set(xlabel="standard deviation of a component (g)", ylabel="density (per g)", ylim=(0, None))
    right.legend(loc="upper right")
    still(
        figure,
        "Left, how probable each share of tonkatsu is, given the 20 bentos: a broad hill around 0.6, from about 0.3 to "
        "0.8. The answer of EM is a single line at 0.6. Right, the same for the standard deviations of the two "
        "components: two hills with their tops near 2 g and tails to the right, up to 4 g. EM's answers are two "
        "dotted lines, at 1.8 and 2.0 g.",
    )


def worlds(numbers: dict[str, Any]) -> None:
    """Twenty bentos each from a dozen worlds of the prior, and the real ones below."""
    from matplotlib import pyplot as plt

    x, z = numbers["x"], numbers["z"]
    figure, panels = plt.subplots(4, 3, figsize=(9, 3.6), layout="constrained", sharex=True)
    for axes, grams, labels in zip(panels.flat, x, z, strict=True):
        for k in range(2):
            own = grams[labels == k]
            axes.plot(own, np.full(len(own), k), "|", color=COLOURS[k], markersize=12, markeredgewidth=1.5)
        axes.set(yticks=[], ylim=(-1, 2), xlim=(240, 560))
    for axes in panels[-1]:
        axes.set_xlabel("weight (g)")
    still(
        figure,
        "Twelve small panels, each with 20 marks on a scale of grams: one world of the prior each. In most of them the "
        "marks form two narrow groups, anywhere between 300 and 500 g, of very different sizes. In some the groups "
        "lie close together, and in some nearly all bentos belong to one.",
    )


def guesses(numbers: dict[str, Any]) -> None:
    """How few of the guesses share the weight: the running sum of the sorted importance weights."""
    from matplotlib import pyplot as plt

    rank, worth, best = numbers["rank"], numbers["worth"], numbers["nine_tenths"]
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for number, (size, sums) in enumerate(zip(numbers["sizes"], numbers["sums"], strict=True)):
        name = f"{size} bento{'s' if size > 1 else ''}: worth {worth[number]:.1f} draws"
        line = {"color": COLOURS[number], "linestyle": ("-", "--", ":")[number], "linewidth": 2}
        axes.plot(rank, sums, label=name, **line)
    axes.set(
        xscale="log",
        xlabel=f"the best so many of {rank[-1]:,} guesses",
        ylabel="share of all the weight",
        ylim=(0, 1.05),
    )
    axes.legend(loc="lower right")
    still(
        figure,
        f"Three rising curves: which share of all the weight the best guesses have together, out of {rank[-1]:,}. With "
        f"one bento the best {best[0]} have nine tenths of it, with two bentos the best {best[1]}, and with all twenty "
        "the best one alone.",
    )
