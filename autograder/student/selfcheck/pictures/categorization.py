"""The given pictures of categorization with known parameters: each function draws the picture of its name."""

from typing import Any

import numpy as np

from .display import COLOURS, Control, live, still

KINDS = ("tonkatsu", "hamburger")


def valley(numbers: dict[str, Any]) -> None:
    """The bentos, and their mean."""
    from matplotlib import pyplot as plt

    x = numbers["x"]
    mean = float(np.mean(x))
    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    axes.hist(x, bins=np.arange(340, 512, 4).tolist(), color="0.75", edgecolor="white")
    axes.plot(x, np.full(len(x), -0.25), "|", color="black", markersize=9)
    axes.axvline(mean, color=COLOURS[1], linestyle="--")
    axes.annotate(
        f"the mean: {mean:.1f} g\nno bento weighs this",
        (mean, 4.4),
        xytext=(-8, 0),
        textcoords="offset points",
        ha="right",
        va="top",
        color=COLOURS[1],
    )
    axes.set(xlabel="weight (g)", ylabel="number of bentos", ylim=(-0.6, None))
    still(
        figure,
        f"A histogram of the weights of {len(x)} bentos: {np.sum(x < 425)} lie between 347 and 353 g, "
        f"{np.sum(x > 425)} between 497 and 503 g. Their mean, {mean:.1f} g, is in the empty valley between the two "
        "groups.",
    )


def two_steps(numbers: dict[str, Any]) -> None:
    """A mixture in two steps: choose a kind, then draw a weight; and the histogram of many weights."""
    from matplotlib import pyplot as plt

    weights, x, parts = numbers["weights"], numbers["x"], numbers["parts"]
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(10, 3), layout="constrained", width_ratios=(1.2, 2, 2), sharey=False
    )
    for k, kind in enumerate(KINDS):
        left.bar(kind, weights[k], color=COLOURS[k], hatch=("", "//")[k], edgecolor="white")
        left.annotate(f"{weights[k]}", (k, weights[k]), ha="center", va="bottom")
        middle.plot(x, parts[:, k] / weights[k], ("--", ":")[k], color=COLOURS[k], label=f"p(x given {kind})")
        right.plot(x, parts[:, k], ("--", ":")[k], color=COLOURS[k], label=f"{weights[k]:.1f} p(x given {kind})")
    right.plot(x, parts.sum(axis=1), color="black", linewidth=1, label="p(x)")
    left.set(title="1. choose a kind (discrete)", ylabel="probability", ylim=(0, 1))
    middle.set(title="2. draw a weight (continuous)", xlabel="weight (g)", ylabel="density (per g)")
    right.set(title="what comes out", xlabel="weight (g)", ylabel="density (per g)", ylim=middle.get_ylim())
    for panel in (middle, right):
        panel.legend(loc="upper center")
    still(
        figure,
        "Three panels. First step: two bars, tonkatsu with probability 0.7 and hamburger with 0.3. Second step: two "
        "narrow bells of the same height, for hamburger at 350 g and for tonkatsu at 500 g. What comes out: the same "
        "bells, each times its probability, so the one at 350 g is lower.",
    )


def one_bento(numbers: dict[str, Any]) -> None:
    """The worked example: prior times likelihood, normalised."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 3, figsize=(9, 2.6), layout="constrained")
    titles = ("prior", "likelihood (per g)", "posterior")
    for panel, title, name in zip(panels, titles, ("prior", "likelihood", "posterior"), strict=True):
        values = numbers[name]
        bars = panel.bar(["0", "1"], values, color=COLOURS[:2])
        panel.bar_label(bars, [f"{value:.4g}" for value in values])
        panel.set(title=title, xlabel="component", ylim=(0, 1.25 * max(values)))
    still(
        figure,
        "Three pairs of bars for the components 0 and 1. Prior: 0.7 and 0.3. Likelihood: 0.02 and 0.06. Posterior: "
        "0.4375 and 0.5625. The prior favours component 0, the likelihood component 1 by more.",
    )


def boundaries(numbers: dict[str, Any]) -> None:
    """The boundary moves with the weights."""
    figure = _settings(numbers, "weights {0:.1f} and {1:.1f}")
    still(
        figure,
        "Two mixtures of bells of the same width, at -1.5 and 1.5. With equal weights, the probability of component 0 "
        "falls from 1 to 0 and crosses one half at 0. With the weights 0.9 and 0.1 it crosses one half farther right, "
        "near 0.7: the region of the frequent component is larger.",
    )


def shoulders(numbers: dict[str, Any]) -> None:
    """Two components, one or two peaks."""
    figure = _settings(numbers, "weights {0} and {1}")
    still(
        figure,
        "Three mixtures of a narrow bell at -1 and a wide one at 1. With the weights 0.25 and 0.75, p(x) has two "
        "peaks. With 0.5 and 0.5, and with 0.75 and 0.25, it has one peak near -1, and a shoulder on its right side. "
        "Below, the probability of the narrow component is above one half only in the middle: there are two "
        "decision boundaries.",
    )


def mixture(numbers: dict[str, Any]) -> None:
    """Sliders for a mixture of two components."""
    weights, distances, stds = numbers["weights"], numbers["distances"], numbers["stds"]

    def draw(weight: float, distance: float, first: float, second: float) -> tuple[Any, str]:
        from matplotlib import pyplot as plt

        place = tuple(
            int(np.argmin(np.abs(values - value)))
            for values, value in ((weights, weight), (distances, distance), (stds, first), (stds, second))
        )
        peaks = int(numbers["peaks"][place])
        x = np.linspace(-6, 12, 901)
        parts = np.stack([_bell(x, 0, first) * weight, _bell(x, distance, second) * (1 - weight)])
        logs = np.log(weight / (1 - weight)) + _log_bell(x, 0, first) - _log_bell(x, distance, second)
        figure, (top, bottom) = plt.subplots(2, 1, figsize=(8, 4.6), dpi=90, layout="constrained", sharex=True)
        top.plot(x, parts.sum(axis=0), color="black", label="p(x)")
        for k in range(2):
            top.plot(x, parts[k], ("--", ":")[k], color=COLOURS[k], label=f"component {k}")
        count = "1 peak" if peaks == 1 else f"{peaks} peaks"
        top.set(title=count, ylabel="density", ylim=(0, None))
        top.legend(loc="upper right")
        bottom.plot(x, 0.5 + 0.5 * np.tanh(logs / 2), color=COLOURS[2])
        bottom.axhline(0.5, color="0.7", linewidth=0.8)
        bottom.set(xlabel="x", ylabel="P(c = 0 given x)", ylim=(-0.03, 1.03))
        return figure, (
            f"Weights {weight:.1f} and {1 - weight:.1f}, distance of the means {distance:g}, standard deviations "
            f"{first:g} and {second:g}: p(x) has {count}."
        )

    live(
        draw,
        {
            "weight": Control("weight of component 0", weights[0], weights[-1], weights[1] - weights[0], 0.5),
            "distance": Control("distance of the means", distances[0], distances[-1], 0.25, 3.0),
            "first": Control("std of component 0", stds[0], stds[-1], 0.5, 1.0),
            "second": Control("std of component 1", stds[0], stds[-1], 0.5, 1.0),
        },
    )


def _settings(numbers: dict[str, Any], title: str) -> Any:
    """A column for each setting: p(x) with its parts, and the probability of component 0 below."""
    from matplotlib import pyplot as plt

    x, count = numbers["x"], len(numbers["first"])
    figure, panels = plt.subplots(
        2, count, figsize=(1 + 3 * count, 4), layout="constrained", sharex=True, sharey="row", height_ratios=(3, 2)
    )
    for column, (first, parts, probability) in enumerate(
        zip(numbers["first"], numbers["parts"], numbers["probabilities"], strict=True)
    ):
        top, bottom = panels[:, column]
        top.plot(x, parts.sum(axis=1), color="black", label="p(x)")
        for k in range(2):
            top.plot(x, parts[:, k], ("--", ":")[k], color=COLOURS[k], label=f"component {k}")
        top.set_title(title.format(first, 1 - first), size="medium")
        bottom.plot(x, probability, color=COLOURS[2])
        bottom.axhline(0.5, color="0.7", linewidth=0.8)
        crossings = np.flatnonzero(np.diff(np.sign(probability - 0.5)))
        for panel in (top, bottom):
            for crossing in crossings:
                panel.axvline(x[crossing], color="0.7", linewidth=0.8, linestyle="-.")
        bottom.set(xlabel="x", ylim=(-0.05, 1.05))
    panels[0, 0].set(ylabel="density", ylim=(0, None))
    panels[1, 0].set_ylabel("P(c = 0 given x)")
    panels[0, -1].legend(fontsize="small")
    return figure


def _bell(x: np.ndarray, mean: float, std: float) -> np.ndarray:
    return np.exp(_log_bell(x, mean, std)) / np.sqrt(2 * np.pi)


def _log_bell(x: np.ndarray, mean: float, std: float) -> np.ndarray:
    """The log of a Gaussian density, without the constant that all of them share."""
    return -0.5 * ((x - mean) / std) ** 2 - np.log(std)
