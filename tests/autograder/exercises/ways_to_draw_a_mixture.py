"""Figures of a mixture in the many forms that people draw."""

import matplotlib.pyplot as plt
import numpy as np
import scipy
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D


def reach(means, stds, width):
    return float(np.min(means - width * stds)), float(np.max(means + width * stds))


def parts_and_posterior(x, weights, means, stds):
    """Both weighted components, (N, 2), and the probability of the first, (N,)."""
    logs = np.log(weights) + scipy.stats.norm.logpdf(np.asarray(x)[:, None], np.asarray(means), np.asarray(stds))
    return np.exp(logs), scipy.special.softmax(logs, axis=1)[:, 0]


def curves(weights, means, stds, *, width=4, points=600):
    x = np.linspace(*reach(means, stds, width), points)
    parts, posterior = parts_and_posterior(x, weights, means, stds)
    return x, parts.sum(axis=1), parts[:, 0], parts[:, 1], posterior


def _two_panels(draw_top, draw_bottom):
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True)
    draw_top(top)
    draw_bottom(bottom)
    top.set_ylabel("density")
    bottom.set(xlabel="weight (g)", ylabel="probability")
    for axes in (top, bottom):
        axes.legend()
    return figure


def dashes_in_one_colour(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    figure, axes = plt.subplots()
    for y, dash, name in zip((p, zero, one), ("-", "--", ":"), ("p(x)", "tonkatsu", "hamburger"), strict=True):
        axes.plot(x, y, dash, color="black", label=name)
    twin = axes.twinx()
    twin.plot(x, posterior, "-.", color="black", label="P(tonkatsu | x)")
    axes.set(xlabel="x", ylabel="density")
    twin.set_ylabel("probability")
    figure.legend()
    return figure


def legend_of_both_axes(weights, means, stds):
    """The colours start again on a second axes: two curves have the same colour."""
    x, p, zero, one, posterior = curves(weights, means, stds)
    figure, axes = plt.subplots()
    lines = [*axes.plot(x, p, label="$p(x)$"), *axes.plot(x, zero, label="c = 0"), *axes.plot(x, one, label="c = 1")]
    twin = axes.twinx()
    lines += twin.plot(x, posterior, label=r"$P(c=0 \mid x)$")
    axes.legend(lines, [str(line.get_label()) for line in lines])
    axes.set(xlabel="x", ylabel="density")
    twin.set_ylabel("probability")
    return figure


def names_in_a_list(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    plt.figure()
    plt.plot(x, p, x, zero, x, one, x, posterior)
    plt.legend(["mixture", "component 0", "component 1", "posterior of component 0"])
    plt.xlabel("weight")
    plt.ylabel("density, probability")
    return plt.gcf()


def filled_components(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)

    def top(axes):
        axes.plot(x, p, "k", label="p(x) = Σ_k π_k N(x; μ_k, σ_k)")
        axes.fill_between(x, zero, alpha=0.4, label="π_0 N(x; μ_0, σ_0)")
        axes.fill_between(x, one, alpha=0.4, label="π_1 N(x; μ_1, σ_1)")

    return _two_panels(top, lambda axes: axes.plot(x, posterior, label="P(0|x)"))


def stacked_components(weights, means, stds):
    """The upper edge of the stack is p(x)."""
    x, _, zero, one, posterior = curves(weights, means, stds)
    return _two_panels(
        lambda axes: axes.stackplot(x, zero, one, labels=["component 0", "component 1 (on top: p(x))"]),
        lambda axes: axes.stackplot(x, posterior, 1 - posterior, labels=["P(c=0|x)", "P(c=1|x)"]),
    )


def narrow_bars(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds, points=300)
    width = x[1] - x[0]

    def top(axes):
        axes.bar(x, p, width, color="lightgrey", label="p(x)")
        axes.step(x, zero, where="mid", label="component 0")
        axes.step(x, one, where="mid", label="component 1")

    return _two_panels(top, lambda axes: axes.bar(x, posterior, width, label="posterior"))


def stairs(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    half = (x[1] - x[0]) / 2
    edges = np.concatenate([x - half, [x[-1] + half]])

    def top(axes):
        for y, name in ((p, "p(x)"), (zero, "component 0"), (one, "component 1")):
            axes.stairs(y, edges, label=name)

    return _two_panels(top, lambda axes: axes.stairs(posterior, edges, fill=True, label="P(c=0|x)"))


def many_points(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)

    def top(axes):
        axes.scatter(x, p, s=2, label="p(x)")
        axes.plot(x, zero, ",", label="component 0")
        axes.plot(x, one, ".", label="component 1")

    return _two_panels(top, lambda axes: axes.scatter(x, posterior, c=posterior, s=4, label="P(c=0|x)"))


def coloured_by_the_posterior(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)

    def top(axes):
        points = np.stack([x, p], axis=1)
        line = LineCollection(list(np.stack([points[:-1], points[1:]], axis=1)), label="p(x)")
        line.set_array(posterior[:-1])
        axes.add_collection(line)
        axes.plot(x, zero, "--", label="component 0")
        axes.plot(x, one, "--", label="component 1")

    return _two_panels(top, lambda axes: axes.plot(x, posterior, label="P(c=0|x)"))


def percent(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    figure = _two_panels(
        lambda axes: axes.plot(x, np.stack([p, zero, one], axis=1), label=["p", "0", "1"]),
        lambda axes: axes.plot(x, 100 * posterior, label="P(c=0|x)"),
    )
    figure.axes[1].set_ylabel("probability (%)")
    return figure


def upright(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    for y, name in ((p, "p(x)"), (zero, "component 0"), (one, "component 1")):
        left.plot(y, x, label=name)
    right.plot(posterior, x, label="P(c=0|x)")
    left.set(xlabel="density", ylabel="weight (g)")
    right.set(xlabel="probability")
    left.legend()
    right.legend()
    return figure


def panel_for_each(weights, means, stds):
    x, *found = curves(weights, means, stds)
    figure, panels = plt.subplots(2, 2, sharex=True)
    names = ("p(x)", "component 0, weighted", "component 1, weighted", "P(c=0|x)")
    for axes, y, name in zip(panels.ravel(), found, names, strict=True):
        axes.plot(x, y)
        axes.set_title(name)
        axes.set_ylabel("probability" if "|" in name else "density")
    figure.supxlabel("weight (g)")
    return figure


def directly_labelled(weights, means, stds):
    x, *found = curves(weights, means, stds)
    figure, axes = plt.subplots()
    names = ("mixture", "tonkatsu", "hamburger", "P(tonkatsu | x)")
    for k, (y, name) in enumerate(zip(found, names, strict=True)):
        axes.plot(x, y, f"C{k}")
        at = np.argmax(y)
        axes.text(x[at], y[at], name, color=f"C{k}")
    axes.set(xlabel="weight (g)", ylabel="density, probability")
    return figure


def inset(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    figure, axes = plt.subplots()
    axes.plot(x, p, label="p(x)")
    axes.plot(x, zero, label="tonkatsu")
    axes.plot(x, one, label="hamburger")
    axes.inset_axes((0.3, 0.6, 0.4, 0.3)).plot(x, posterior, "k")
    axes.set(xlabel="weight (g)", ylabel="density (inset: P(c=0|x))")
    axes.legend()
    return figure


def both_posteriors(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)

    def bottom(axes):
        axes.plot(x, 1 - posterior, "C1", label="P(c=1|x)")
        axes.plot(x, posterior, "C0", label="P(c=0|x)")
        axes.axhline(0.5, color="C1", ls=":", label="decision boundary")

    return _two_panels(
        lambda axes: axes.plot(x, np.stack([one, zero, p], axis=1), label=["c = 1", "c = 0", "sum"]), bottom
    )


def counted_from_one(weights, means, stds):
    x, *found = curves(weights, means, stds)
    figure, axes = plt.subplots()
    names = (r"$\sum_k \pi_k N_k$", r"$\pi_1 N(x; \mu_1, \sigma_1)$", r"$\pi_2 N(x; \mu_2, \sigma_2)$", "$P(c=1|x)$")
    for y, name in zip(found, names, strict=True):
        axes.plot(x, y, label=name)
    axes.set(xlabel="$x$", ylabel="$y$")
    axes.legend()
    return figure


def named_by_their_parameters(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    names = [f"{w:.1f} · N({m:.0f}, {s:.0f})" for w, m, s in zip(weights, means, stds, strict=True)]

    def top(axes):
        axes.plot(x, p, label="density")
        axes.plot(x, zero, label=names[0])
        axes.plot(x, one, label=names[1])

    return _two_panels(top, lambda axes: axes.plot(x, posterior, label="who?"))


def in_german(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)

    def top(axes):
        axes.plot(x, p, label="MISCHUNG")
        axes.plot(x, zero, label="Komponente 0 (Tonkatsu)")
        axes.plot(x, one, label="Komponente 1 (Hamburger)")

    return _two_panels(top, lambda axes: axes.plot(x, posterior, label="Verantwortung von 0"))


def keys_of_their_own(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)
    figure, (top, bottom) = plt.subplots(2)
    top.plot(x, p, "k-")
    top.plot(x, zero, "C0--")
    top.plot(x, one, "C1--")
    bottom.plot(x, posterior, "C2-")
    for axes in (top, bottom):
        axes.set(xlabel="x", ylabel="density or probability")
    colours = {"k": "p(x)", "C0": "component 0", "C1": "component 1", "C2": "responsibility of component 0"}
    figure.legend(handles=[Line2D([], [], color=colour, label=name) for colour, name in colours.items()])
    return figure


def decorated(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds)

    def top(axes):
        axes.hist(np.repeat(means, 3), density=True, alpha=0.2, label="bentos of both components")
        axes.plot(x, p, "C2", label="p(x)")
        for k, y in enumerate((zero, one)):
            axes.plot(x, y, color=f"C{k}", label=f"component {k}")
            axes.fill_between(x, y, color=f"C{k}", alpha=0.2)
            axes.axvline(float(means[k]), color=f"C{k}", ls=":", label=f"mean of component {k}")
        axes.axvline(float(means.mean()), color="C0", ls=":", label="p(x) of component 1 is higher to the left")

    return _two_panels(top, lambda axes: axes.plot(x, posterior, label="P(c=0|x)"))


def point_by_point(weights, means, stds):
    x, p, zero, one, posterior = curves(weights, means, stds, width=3, points=80)
    figure, (top, bottom) = plt.subplots(2)
    for i in range(len(x)):
        for y, colour, name in ((p, "k", "p(x)"), (zero, "C0", "component 0"), (one, "C1", "component 1")):
            top.plot(x[i], y[i], ".", color=colour, label="" if i else name)
        bottom.plot(x[i], posterior[i], "g.", label="" if i else "P(c=0|x)")
    for axes in (top, bottom):
        axes.set(xlabel="x", ylabel="y")
        axes.legend()
    return figure


WAYS = {
    function.__name__: function
    for function in (
        dashes_in_one_colour,
        legend_of_both_axes,
        names_in_a_list,
        filled_components,
        stacked_components,
        narrow_bars,
        stairs,
        many_points,
        coloured_by_the_posterior,
        percent,
        upright,
        panel_for_each,
        directly_labelled,
        inset,
        both_posteriors,
        counted_from_one,
        named_by_their_parameters,
        in_german,
        keys_of_their_own,
        decorated,
        point_by_point,
    )
}
