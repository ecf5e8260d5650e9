"""Figures of cups and their blends in the many forms that people draw."""

import matplotlib.pyplot as plt
import numpy as np

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


WAYS = {
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
    )
}
