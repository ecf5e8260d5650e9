"""More figures of cups and their blends: panels, point by point, custom legends, shades, decorations."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from tests.autograder.exercises.ways_to_draw_cups import BLENDS, MARKERS, labelled, scatter


def panel_for_each_blend(x, p):
    figure, panels = plt.subplots(1, 3, sharey=True, figsize=(9, 3))
    for k, axes in enumerate(panels):
        axes.scatter(x, p[:, k])
        axes.set_title(f"{BLENDS[k]} blend")
        axes.set_xlabel("mg")
    panels[0].set_ylabel("probability")
    return figure


def panels_with_legends(x, p):
    figure, panels = plt.subplots(3, 1, sharex=True)
    for k, axes in enumerate(panels):
        axes.bar(x, p[:, k], label=BLENDS[k], color="grey")
        axes.set_ylabel(f"P({BLENDS[k]})")
        axes.legend()
    panels[2].set_xlabel("caffeine (mg)")
    return figure


def panels_in_another_order(x, p):
    figure = Figure()
    for place, k in enumerate((2, 0, 1)):
        axes = figure.add_subplot(1, 3, place + 1)
        axes.plot(x, p[:, k], "k.")
        axes.set_title(f"$P(z_i = {k} | x)$")
    figure.supxlabel("level")
    figure.supylabel("probability")
    return figure


def point_by_point(x, p):
    plt.figure()
    for i in range(len(x)):
        for k, name in enumerate(BLENDS):
            plt.plot(x[i], p[i, k], MARKERS[k], color=f"C{k}", label=name if i == 0 else None)
    plt.xlabel("caffeine")
    plt.ylabel("probability")
    plt.legend()
    return plt.gcf()


def cup_by_cup(x, p):
    figure, axes = plt.subplots()
    for level, row in zip(x, p, strict=True):
        axes.scatter([level] * 3, row, c=["tab:green", "tab:orange", "tab:red"])
    axes.set(xlabel="caffeine [mg]", ylabel="p")
    keys = zip(BLENDS, ("tab:green", "tab:orange", "tab:red"), strict=True)
    axes.legend(handles=[Line2D([], [], marker="o", ls="", color=colour, label=name) for name, colour in keys])
    return figure


def one_scatter_in_three_colours(x, p):
    figure, axes = plt.subplots()
    points = axes.scatter(np.repeat(x, 3), p.ravel(), c=np.tile(np.arange(3), len(x)), cmap="viridis")
    axes.legend(points.legend_elements()[0], BLENDS, title="blend")
    axes.set(xlabel="caffeine (mg)", ylabel="probability")
    return figure


def default_legend_elements(x, p):
    figure, axes = plt.subplots()
    points = axes.scatter(np.tile(x, 3), p.T.ravel(), c=np.repeat(np.arange(3), len(x)))
    axes.legend(*points.legend_elements(), title="component")
    axes.set(xlabel="caffeine (mg)", ylabel="probability")
    return figure


def patches_for_a_legend(x, p):
    figure, axes = plt.subplots()
    for k in range(3):
        axes.bar(x, p[:, k], bottom=p[:, :k].sum(axis=1), color=f"C{k + 3}")
    keys = [Patch(color=f"C{k + 3}", label=BLENDS[k]) for k in (2, 1, 0)]
    figure.legend(handles=keys, loc="outside upper right")
    axes.set(xlabel="caffeine (mg)", ylabel="probability")
    return figure


def directly_labelled(x, p):
    figure, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    for k, name in enumerate(BLENDS):
        [line] = axes.plot(x[order], p[order, k], "o-")
        axes.annotate(name, (x[order][-1], p[order][-1, k]), color=line.get_color())
    axes.set(xlabel="caffeine (mg)", ylabel="probability")
    return figure


def twin_axes(x, p):
    figure, left = plt.subplots()
    right = left.twinx()
    left.scatter(x, p[:, 0], c="C0", label="low")
    left.scatter(x, p[:, 1], c="C1", label="medium")
    right.scatter(x, p[:, 2], c="C2", label="high")
    left.set(xlabel="caffeine (mg)", ylabel="P(low), P(medium)")
    right.set_ylabel("P(high)")
    figure.legend()
    return figure


def with_a_histogram_on_a_twin(x, p):
    figure = scatter(x, p)
    twin = figure.axes[0].twinx()
    twin.hist(x, bins=10, alpha=0.2, color="grey")
    return figure


def heat_map(x, p):
    figure, axes = plt.subplots(figsize=(9, 2))
    image = axes.imshow(p.T, aspect="auto", vmin=0, vmax=1)
    axes.set_xticks(np.arange(len(x)), [f"{level:.0f}" for level in x], rotation=90)
    axes.set_yticks(range(3), BLENDS)
    axes.set(xlabel="caffeine (mg)", ylabel="blend")
    figure.colorbar(image, label="probability")
    return figure


def heat_map_upright(x, p):
    figure, axes = plt.subplots()
    mesh = axes.pcolormesh(p, cmap="Blues")
    axes.set_yticks(np.arange(len(x)) + 0.5, [f"{level:.0f} mg" for level in x])
    axes.set_xticks([0.5, 1.5, 2.5], BLENDS)
    axes.set(xlabel="blend", ylabel="caffeine")
    figure.colorbar(mesh, label="P")
    return figure


def dots_in_shades(x, p):
    figure, axes = plt.subplots()
    rows = [axes.scatter(x, np.full(len(x), k), c=p[:, k], vmin=0, vmax=1) for k in range(3)]
    axes.set_yticks(range(3), BLENDS)
    axes.set(xlabel="caffeine (mg)", ylabel="blend")
    figure.colorbar(rows[0], label="probability")
    return figure


def percentages(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.plot(x, 100 * p[:, k], MARKERS[k], label=name)
    axes.yaxis.set_major_formatter(PercentFormatter())
    return labelled(axes, y="probability")


def black_and_white(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.plot(x, p[:, k], MARKERS[k], color="black", mfc="white", label=name)
    return labelled(axes)


def log_scale(x, p):
    figure = scatter(x, p)
    figure.axes[0].set_yscale("log")
    return figure


def decorated(x, p):
    figure = scatter(x, p)
    [axes] = figure.axes
    for level, name, colour in ((80, "low", "C0"), (120, "medium", "C1"), (160, "high", "C2")):
        axes.axvline(level, color=colour, ls=":", label=f"prior mean of the {name} blend")
    axes.axhline(0.9, color="C1", label="high confidence")
    axes.axhspan(0.9, 1, color="C0", alpha=0.1, label="higher than 0.9")
    axes.legend()
    return figure


def jittered(x, p):
    _, axes = plt.subplots()
    noise = np.random.default_rng(0).uniform(-0.4, 0.4, (3, len(x)))
    for k, name in enumerate(BLENDS):
        axes.scatter(x + noise[k], p[:, k], label=name)
    return labelled(axes)


def pieces_of_lines(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    for k, name in enumerate(BLENDS):
        points = np.stack([x[order], p[order, k]], axis=1)
        axes.add_collection(LineCollection([points], colors=f"C{k}", label=name))
    axes.autoscale()
    return labelled(axes)


def sub_figures(x, p):
    figure = plt.figure(layout="constrained")
    parts: Any = figure.subfigures(1, 2)
    left, right = parts
    axes = left.subplots()
    axes.plot(x, p, "o", label=["low", "medium", "high"])
    axes.set(xlabel="caffeine", ylabel="probability")
    left.legend()
    right.subplots().hist(x)
    return figure


WAYS = {
    function.__name__: function
    for function in (
        panel_for_each_blend,
        panels_with_legends,
        panels_in_another_order,
        point_by_point,
        cup_by_cup,
        one_scatter_in_three_colours,
        default_legend_elements,
        patches_for_a_legend,
        directly_labelled,
        twin_axes,
        with_a_histogram_on_a_twin,
        heat_map,
        heat_map_upright,
        dots_in_shades,
        percentages,
        black_and_white,
        log_scale,
        decorated,
        jittered,
        pieces_of_lines,
        sub_figures,
    )
}
