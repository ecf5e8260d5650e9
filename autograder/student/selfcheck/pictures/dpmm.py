"""The given pictures of the mixture with any number of clusters: each function draws the picture of its name."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .display import COLOURS, Control, live, still

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def odd(numbers: dict[str, Any]) -> None:
    """The last result of the notebook: which bentos are together, and the density of the next bento."""
    from matplotlib import pyplot as plt

    x, grams = numbers["x"], numbers["grams"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained", width_ratios=(2, 3))
    together(left, x, numbers["together"])
    right.plot(grams, numbers["density"], color="black")
    right.plot(x, np.full(len(x), -0.003), "o", color=COLOURS[1], markersize=5)
    right.annotate("its own\ncluster", (425, 0.016), xytext=(0, 24), textcoords="offset points", ha="center",
                   arrowprops={"arrowstyle": "->"})  # fmt: skip
    right.set(xlabel="weight of the next bento (g)", ylabel="density (per g)")
    still(
        figure,
        "Left, a table of shades for ten bentos in order of weight: how often each two share a cluster. There are "
        "three dark squares: the five from 347 to 353 g, the four from 497 to 502 g, and the bento of 425 g, which is "
        "a square of its own. Right, the density of the next bento: two high peaks at 350 and 500 g, and a small one "
        "at 425 g.",
    )


def together(axes: "Axes", x: np.ndarray, shares: np.ndarray) -> None:
    """The probability that two observations share a cluster, for each pair, in shades."""
    names = [f"{observation:g}" for observation in x]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="bento (g)", ylabel="bento (g)", title="together in a cluster")


def restaurants(numbers: dict[str, Any]) -> None:
    """Tables as circles; a larger circle means more guests."""
    from matplotlib import pyplot as plt
    from matplotlib.patches import Circle

    alphas, moments = numbers["alphas"], numbers["moments"]
    figure, panels = plt.subplots(len(alphas), len(moments), figsize=(9, 4.4), layout="constrained")
    for row, alpha, restaurant in zip(panels, alphas, numbers["tables"], strict=True):
        for axes, tables in zip(row, restaurant, strict=True):
            occupied = tables[tables > 0]
            radii = 0.5 * np.sqrt(occupied)
            places = np.cumsum(2 * radii + 0.4) - radii
            for place, radius, many in zip(places, radii, occupied, strict=True):
                axes.add_patch(Circle((place, 0), radius, color=COLOURS[0], alpha=0.3))
                axes.text(place, 0, str(many), ha="center", va="center")
            axes.set(xlim=(0, 24), ylim=(-2.6, 2.6), xticks=[], yticks=[], aspect="equal")
        row[0].set_ylabel(f"alpha = {alpha:g}")
    for axes, many in zip(panels[0], moments, strict=True):
        axes.set_title(f"{many} customer{'s' if many > 1 else ''}")
    last = [", ".join(str(many) for many in tables[-1] if many) for tables in numbers["tables"]]
    still(
        figure,
        "Nine restaurants: three values of alpha, after 1, 5 and 20 customers. Tables are circles with the number of "
        "their customers. After 20 customers the tables have, "
        + "; ".join(f"with alpha {alpha:g}, {tables}" for alpha, tables in zip(alphas, last, strict=True))
        + " customers.",
    )


def stick(numbers: dict[str, Any]) -> None:
    """A stick that is cut several times."""
    from matplotlib import pyplot as plt

    fractions = numbers["fractions"]
    figure, axes = plt.subplots(figsize=(8, 2.8), layout="constrained")
    for cuts in range(len(fractions) + 1):
        start = 0.0
        for k, fraction in enumerate(fractions[:cuts]):
            piece = fraction * (1 - start)
            axes.barh(-cuts, piece, left=start, color=COLOURS[k], edgecolor="white")
            axes.text(start + piece / 2, -cuts, f"{piece:.3g}", ha="center", va="center", fontsize="small")
            start += piece
        axes.barh(-cuts, 1 - start, left=start, color="0.85", edgecolor="white")
    axes.set_yticks([-cuts for cuts in range(len(fractions) + 1)], ["the stick", *(f"cut {k}" for k in "1234")])
    axes.set(xlabel="length", xlim=(0, 1))
    still(
        figure,
        "A stick of length 1 that is cut four times. The first cut takes 0.4 of it, each later one a fraction of what "
        "is left. The pieces are 0.4, 0.3, 0.09 and 0.126 long, and 0.084 is left.",
    )


def priors(numbers: dict[str, Any]) -> None:
    """P(K) of the ten bentos under alpha and the base: two sliders, or six fixed settings on pages without sliders."""
    from matplotlib import pyplot as plt

    counts, log_terms = numbers["counts"], numbers["log_terms"]
    settings = [(alpha, place) for place in (0, 3) for alpha in (0.1, 1.0, 10.0)]
    figure, panels = plt.subplots(2, 3, figsize=(9.5, 4.4), layout="constrained", sharex=True, sharey=True)
    for axes, (alpha, place) in zip(panels.ravel(), settings, strict=True):
        _bars(axes, shares(log_terms[place], alpha), f"alpha {alpha:g}, count {counts[place]:g}")
    still(
        figure,
        "Six bar charts of P(K given the ten bentos). "
        + " ".join(_description(shares(log_terms[place], alpha), alpha, counts[place]) for alpha, place in settings),
    )

    def draw(log_alpha: float, base: float) -> "tuple[Figure, str]":
        alpha, place = 10**log_alpha, int(base)
        posterior = shares(log_terms[place], alpha)
        figure, axes = plt.subplots(figsize=(6, 2.6), layout="constrained")
        _bars(axes, posterior, f"alpha {alpha:.2g}, count {counts[place]:g}")
        return figure, _description(posterior, alpha, counts[place])

    live(
        draw,
        {
            "log_alpha": Control("log10 of alpha", -2, 2, 0.1, 0),
            "base": Control("base, from wide to narrow", 0, len(counts) - 1, 1, 0),
        },
    )


def shares(log_terms: np.ndarray, alpha: float) -> np.ndarray:
    """P(K = 1), P(K = 2), ... from the logarithms of their terms at alpha = 1: each cluster adds a factor alpha."""
    logs = log_terms + np.arange(1, len(log_terms) + 1) * np.log(alpha)
    terms = np.exp(logs - logs.max())
    return terms / terms.sum()


def _bars(axes: "Axes", posterior: np.ndarray, title: str) -> None:
    k = np.arange(1, len(posterior) + 1)
    axes.bar(k, posterior, color=COLOURS[0])
    axes.set(title=title, ylim=(0, 1), xticks=k, xlabel="K", ylabel="P(K given the data)")
    axes.label_outer()


def _description(posterior: np.ndarray, alpha: float, count: float) -> str:
    top = int(np.argmax(posterior))
    return f"Alpha {alpha:.2g}, count {count:g}: K = {top + 1} is the most probable, with {posterior[top]:.2f}."


def one_kind(numbers: dict[str, Any]) -> None:
    """P(K) for an increasing number of bentos of the same kind."""
    from matplotlib import pyplot as plt

    n, posterior = numbers["num_observations"], numbers["posterior"]
    figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
    names = ("K = 1", "K = 2", "K = 3", "more")
    for k, name in enumerate(names):
        axes.plot(n, posterior[:, k], ("o-", "s--", "^:", "v-.")[k], color=COLOURS[k], label=name)
    axes.set(xlabel="number of bentos, all of one kind", ylabel="P(K given the data)", ylim=(0, 1), xticks=n)
    axes.legend()
    still(
        figure,
        "P(K given the data) for 2 to 12 bentos that all come from one Gaussian. P(K = 1) falls from "
        f"{posterior[0, 0]:.2f} to {posterior[-1, 0]:.2f}; K = 2 stays near {posterior[-1, 1]:.1f}, and larger numbers "
        "of clusters become more probable.",
    )


def chapter(numbers: dict[str, Any]) -> None:
    """The result that chapter 6 prints, beside the exact answer."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    k = np.arange(1, len(numbers["exact"]) + 1)
    axes.bar(k - 0.2, numbers["printed"], width=0.4, color="0.7", hatch="//", edgecolor="white", label="chapter 6")
    axes.bar(k + 0.2, numbers["exact"], width=0.4, color=COLOURS[0], label="exact")
    axes.set(xlabel="K", ylabel="P(K given 11 numbers)", xticks=k)
    axes.legend()
    still(
        figure,
        "P(K given the 11 numbers of chapter 6). The chapter prints 0.58, 0.35 and 0.07 for K = 3, 4 and 5. The exact "
        "values are 0.76, 0.21 and 0.03.",
    )
