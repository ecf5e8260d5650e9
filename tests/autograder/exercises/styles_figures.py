"""Figures of cups and their blends, drawn in the many ways that people draw them."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

BLENDS = ("low", "medium", "high")
MARKERS = "osD"


def labelled(axes, *, exchanged=False, x="caffeine (mg)", y="P(blend given data)"):
    axes.set(xlabel=y, ylabel=x) if exchanged else axes.set(xlabel=x, ylabel=y)
    axes.legend()
    return axes.figure


def scatter(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.scatter(x, p[:, k], marker=MARKERS[k], alpha=0.6, label=name)
    return labelled(axes)


def plot_all_at_once(x, p):
    figure, axes = plt.subplots()
    axes.plot(x, p, "o")
    axes.set(xlabel="x", ylabel="y")
    axes.legend(["low", "medium", "high"])
    return figure


def line_with_markers(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x)
    for k, name in enumerate(BLENDS):
        axes.plot(x[order], p[order, k], "--", marker=MARKERS[k], label=f"{name} blend")
    return labelled(axes)


def exchanged_scatter(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.scatter(p[:, k], x, label=name)
    return labelled(axes, exchanged=True)


def exchanged_lines(x, p):
    _, axes = plt.subplots()
    axes.plot(p[np.argsort(x)], np.sort(x), "x-", label=["P(low)", "P(medium)", "P(high)"])
    return labelled(axes, exchanged=True, x="Koffein [mg]", y="Wahrscheinlichkeit")


def bars_side_by_side(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.bar(x + (k - 1) * 0.6, p[:, k], 0.6, label=name)
    return labelled(axes)


def wide_bars_at_the_edge(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.bar(x, p[:, k], width=4, align="edge", alpha=0.4, label=name)
    return labelled(axes)


def stacked_bars(x, p):
    _, axes = plt.subplots()
    below = np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.bar(x, p[:, k], bottom=below, width=0.8, hatch=("", "//", "xx")[k], label=name)
        below = below + p[:, k]
    return labelled(axes)


def stacked_bars_across(x, p):
    _, axes = plt.subplots()
    left = np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.barh(x, p[:, k], left=left, height=0.8, label=name)
        left = left + p[:, k]
    return labelled(axes, exchanged=True)


def bars_of_categories(x, p):
    """As pandas draws a table: a place for each cup, with its level at the tick."""
    _, axes = plt.subplots()
    at, below = np.arange(len(x)), np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.bar(at, p[:, k], bottom=below, label=name)
        below = below + p[:, k]
    axes.set_xticks(at, [f"{level:.0f}" for level in x], rotation=90)
    return labelled(axes)


def grouped_bars_of_categories(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x)
    at = np.arange(len(x))
    for k, name in enumerate(BLENDS):
        axes.bar(at + 0.25 * k, p[order, k], 0.25, label=name)
    axes.set_xticks(at + 0.25)
    axes.set_xticklabels([f"{level:.1f} mg" for level in x[order]])
    return labelled(axes)


def bars_of_strings(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.bar([str(level) for level in x], p[:, k], alpha=0.5, label=name)
    return labelled(axes)


def categories_across(x, p):
    _, axes = plt.subplots()
    left = np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.barh(np.arange(len(x)), p[:, k], left=left, label=name)
        left = left + p[:, k]
    axes.set_yticks(np.arange(len(x)), [f"cup {i}: {level:g} mg" for i, level in enumerate(x)])
    return labelled(axes, exchanged=True, x="cup")


def areas(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    axes.stackplot(x[order], p[order].T, labels=BLENDS)
    return labelled(axes)


def filled_lines(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    for k, name in enumerate(BLENDS):
        [line] = axes.plot(x[order], p[order, k], label=name)
        axes.fill_between(x[order], p[order, k], alpha=0.2, color=line.get_color())
    return labelled(axes)


def areas_between_sums(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    edges = np.concatenate([np.zeros((len(x), 1)), np.cumsum(p[order], axis=1)], axis=1)
    for k, name in enumerate(BLENDS):
        axes.fill_between(x[order], edges[:, k], edges[:, k + 1], label=name, step="mid" if k < 0 else None)
    return labelled(axes)


def stems(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.stem(x, p[:, k], linefmt=f"C{k}-", markerfmt=f"C{k}{MARKERS[k]}", basefmt="k-", label=name)
    return labelled(axes)


def error_bars(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        error = np.sqrt(p[:, k] * (1 - p[:, k]) / 1000)
        axes.errorbar(x, p[:, k], yerr=error, fmt=MARKERS[k], capsize=2, label=name)
    return labelled(axes)


def steps(x, p):
    _, axes = plt.subplots()
    order = np.argsort(x, kind="stable")
    for k, name in enumerate(BLENDS):
        axes.step(x[order], p[order, k], where="mid", label=name)
    return labelled(axes)


def upright_lines(x, p):
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        axes.vlines(x + 0.4 * k, 0, p[:, k], colors=f"C{k}", label=name)
    return labelled(axes)


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


PLOT_ASSIGNMENTS = {
    function.__name__: function
    for function in (
        scatter,
        plot_all_at_once,
        line_with_markers,
        exchanged_scatter,
        exchanged_lines,
        bars_side_by_side,
        wide_bars_at_the_edge,
        stacked_bars,
        stacked_bars_across,
        bars_of_categories,
        grouped_bars_of_categories,
        bars_of_strings,
        categories_across,
        areas,
        filled_lines,
        areas_between_sums,
        stems,
        error_bars,
        steps,
        upright_lines,
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
