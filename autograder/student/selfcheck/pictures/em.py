"""The given pictures of expectation-maximization: each function draws the picture of its name."""

from typing import Any

import numpy as np

from .display import COLOURS, moving, still


def puzzle(numbers: dict[str, Any]) -> None:
    """The density when the parameters are known, and the bare weights when they are not."""
    from matplotlib import pyplot as plt

    x = numbers["x"]
    grid = np.linspace(335, 515, 721)
    figure, panels = plt.subplots(1, 2, figsize=(10, 2.8), layout="constrained", sharex=True)
    left, right = panels
    for k, (mean, weight, name) in enumerate(((500, 0.7, "tonkatsu"), (350, 0.3, "hamburger"))):
        left.plot(grid, weight * _bell(grid, mean, 2.0), color=COLOURS[k], label=name)
        mine = np.abs(x - mean) < 75
        left.plot(x[mine], np.full(mine.sum(), -0.008), "o^"[k], color=COLOURS[k], markersize=5)
    left.set(title="last assignment: the recipe is known", xlabel="weight (g)", ylabel="density (per g)")
    left.legend(loc="upper center")
    right.plot(x, np.full(len(x), -0.008), "o", color="0.4", markersize=5)
    right.set(title="this assignment: only the weights", xlabel="weight (g)", ylim=left.get_ylim(), yticks=[])
    right.text(425, 0.06, "how often?  which means?\nhow wide?  which is which?", ha="center", fontsize=11)
    still(
        figure,
        "Two panels with the weights of the 20 bentos as points. Left, the last assignment: two known bells, at 350 "
        "and 500 g, and the colour of each point says its kind. Right, this assignment: grey points and no bells; "
        "how often each kind comes, the means, the widths and the kinds are all unknown.",
    )


def soft_labels(numbers: dict[str, Any]) -> None:
    """The small example of the M-step: points whose responsibilities are between 0 and 1."""
    from matplotlib import pyplot as plt

    x, resp, means, stds = (numbers[name] for name in ("x", "resp", "means", "stds"))
    figure, axes = plt.subplots(figsize=(8, 2.6), layout="constrained")
    for k in range(2):
        axes.bar(x, resp[:, k], width=0.35, bottom=resp[:, :k].sum(axis=1), color=COLOURS[k], hatch=("", "//")[k],
                 edgecolor="white", label=f"share of component {k}")  # fmt: skip
        axes.errorbar(means[k], -0.18 - 0.16 * k, xerr=stds[k], fmt="o^"[k], color=COLOURS[k], capsize=4)
    axes.text(-0.35, -0.34, "new means ± stds", va="center", fontsize="small")
    axes.set(xlabel="x", ylabel="responsibility", xticks=x, yticks=[0, 0.5, 1], ylim=(-0.5, 1.05))
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    still(
        figure,
        "Three observations, at 0, 2 and 4. The one at 0 belongs wholly to component 0, the one at 4 to component 1, "
        "and the one at 2 by half to each. Below, the new means: 0.667 and 3.333, each pulled half as strongly by the "
        "shared observation.",
    )


def learning(numbers: dict[str, Any]) -> None:
    """EM from a poor start, iteration by iteration."""
    from matplotlib import pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    x, log_likelihoods = numbers["x"], numbers["log_likelihoods"]
    grid = np.linspace(280, 560, 1401)
    colours = LinearSegmentedColormap.from_list("two", [COLOURS[1], "0.85", COLOURS[0]])
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(8, 4.6), dpi=75, layout="constrained", height_ratios=(3, 2))

    def draw(t: int) -> None:
        top.clear()
        for k in range(2):
            bell = numbers["weights"][t, k] * _bell(grid, numbers["means"][t, k], numbers["stds"][t, k])
            top.plot(grid, bell, ("--", ":")[k], color=COLOURS[k], linewidth=2, label=f"component {k}")
        height = top.get_ylim()[1]
        top.scatter(x, np.full(len(x), -0.07 * height), c=numbers["resp"][t], cmap=colours, vmin=0, vmax=1,
                    edgecolors="0.3", linewidths=0.5, s=45, clip_on=False)  # fmt: skip
        top.set(title=f"after {t} iterations", xlim=(280, 560), ylim=(-0.14 * height, height), yticks=[],
                xlabel="weight (g)", ylabel="density")  # fmt: skip
        top.legend(loc="upper left")
        bottom.clear()
        bottom.plot(log_likelihoods, color="0.8")
        bottom.plot(log_likelihoods[: t + 1], "o-", color="black", markersize=4)
        bottom.set(xlabel="iteration", ylabel="log likelihood", xticks=range(len(log_likelihoods)))

    moving(
        figure,
        draw,
        len(log_likelihoods),
        "An animation of EM on the 20 bentos, from two wide bells at 400 and 430 g. For five iterations nearly "
        "nothing changes: both bells stay wide, and all points are a mixture of both colours. Then one bell finds "
        "the bentos of 500 g and becomes narrow, the other one follows at 350 g, and after nine iterations nothing "
        "moves any more. The log likelihood creeps from -117 to -114, jumps to -54, and never falls.",
    )


def bound(numbers: dict[str, Any]) -> None:
    """The bound touches the log likelihood at the current parameters, and the M-step moves to its maximum."""
    from matplotlib import pyplot as plt

    mean, touches, tops = numbers["mean"], numbers["touches"], numbers["tops"]
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    axes.plot(mean, numbers["log_likelihood"], color="black", linewidth=2, label="log likelihood")
    for t, curve in enumerate(numbers["bounds"]):
        axes.plot(mean, curve, ("--", ":", "-.")[t], color=COLOURS[t], label=f"bound after E-step {t + 1}")
        axes.plot(*touches[t], "o", color=COLOURS[t], markersize=8)
        axes.plot(*tops[t], "^", color=COLOURS[t], markersize=8)
    axes.plot([], [], "o", color="0.4", label="E-step: the bound touches")
    axes.plot([], [], "^", color="0.4", label="M-step: the top of the bound")
    axes.set(
        xlabel="mean of component 0 (g), all else held fixed",
        ylabel="log likelihood",
        xlim=(385, 555),
        ylim=(-132, -111),
    )
    axes.legend(loc="lower center", ncols=2, fontsize="small", bbox_to_anchor=(0.45, 0.0))
    still(
        figure,
        "The log likelihood of the bentos against the mean of one component, a black hill with its top near 495 g. "
        "Three parabolas lie below it. The first touches it at 420 g and has its top at 470 g. The second touches it "
        "there, above that top, and has its own top at 488 g. The third touches it at 488 g. Each step climbs.",
    )


def limit(numbers: dict[str, Any]) -> None:
    """Soft labels become hard labels when the standard deviations become small."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    styles = (":", "-.", "--", "-")
    for number, (std, probability) in enumerate(zip(numbers["stds"], numbers["probabilities"], strict=True)):
        axes.plot(numbers["x"], probability, styles[number], color=COLOURS[number], label=f"both stds {std:g} g")
    axes.axvline(425, color="0.7", linewidth=0.8)
    axes.set(xlabel="x (g)", ylabel="P(c = 0 given x)")
    axes.legend()
    still(
        figure,
        "The responsibility of the component at 500 g against x, when the other one is at 350 g. With standard "
        "deviations of 100 g it rises gently from 0.2 to 0.8. With 40, 15 and 2 g it becomes steeper and steeper; "
        "with 2 g it is a step from 0 to 1 in the middle, at 425 g.",
    )


def criteria(numbers: dict[str, Any]) -> None:
    """Log likelihood and BIC against the number of components."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(2, 2, figsize=(9, 4.6), layout="constrained", sharex=True)
    for column, (name, fits) in enumerate(numbers.items()):
        count, bic = fits["num_components"], fits["bic"]
        best = int(np.argmin(bic))
        panels[0, column].plot(count, fits["log_likelihoods"], "o-", color="black")
        panels[1, column].plot(count, bic, "o-", color=COLOURS[0])
        panels[1, column].plot(count[best], bic[best], "o", color=COLOURS[1], markersize=14, fillstyle="none")
        panels[1, column].annotate("the lowest", (count[best], bic[best]), xytext=(10, 22), textcoords="offset points")
        panels[0, column].set(title=f"the {len_of(name)}", xticks=count)
        panels[1, column].set(xlabel="number of components K")
    panels[0, 0].set_ylabel("log likelihood")
    panels[1, 0].set_ylabel("BIC")
    still(
        figure,
        "Four panels: the best log likelihood and BIC for 1 to 5 components. Bentos: the log likelihood rises from "
        "-114 to -54 with two components and hardly any more after that; BIC is lowest at two. Coffees: it rises "
        "until three components; BIC is lowest at three. The log likelihood itself has no lowest or highest point "
        "inside.",
    )


def len_of(name: str) -> str:
    return {"bentos": "20 bentos", "coffees": "30 cups of coffee"}[name]


def _bell(x: np.ndarray, mean: float, std: float) -> np.ndarray:
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))
