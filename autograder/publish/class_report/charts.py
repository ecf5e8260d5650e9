"""The figures of the class report, as SVG that takes its colours and its font from the page."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from autograder.publish.class_report import words
from autograder.publish.class_report.scores import Bin, Difficulty

# Placeholder colours, replaced by the page's own, which differ in light and dark mode.
INK, SOFT, LINE, BAR, BAND = "#010101", "#020202", "#030303", "#040404", "#050505"
VARIABLES = {INK: "var(--ink)", SOFT: "var(--soft)", LINE: "var(--line)", BAR: "var(--bar)", BAND: "var(--band)"}
WIDTH = 4.1  # inches: as wide as a phone, so that the text keeps its size; wider screens show two side by side
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: searchable and in the page's font
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "xtick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.color": LINE,
    "ytick.labelcolor": SOFT,
}


def histogram(
    name: str,
    bins: Sequence[Bin],
    *,
    says: str,
    unit: str,
    quartiles: tuple[float, float, float] | None = None,
) -> Markup:
    """Counts as bars of equal width, whatever the bins; a line at the median, a band for the middle half.

    Args:
        name: the figure's name, unique on the page.
        says: what the figure shows, for people who cannot see it.
    """
    with _figure(height=2.4) as (figure, axes):
        edges = [bins[0].low, *(bin_.high for bin_ in bins)]
        places = np.arange(len(edges))
        counts = [bin_.count for bin_ in bins]
        axes.set_ylim(0, max(*counts, 1) * 1.22)
        if quartiles:
            low, median, high = np.interp(quartiles, edges, places)
            axes.axvspan(low, high, color=BAND, lw=0)
            axes.axvline(median, color=INK, lw=1.2, ls=(0, (4, 2)), zorder=3)
            side = "right" if median > len(bins) / 2 else "left"
            axes.annotate(
                f"median {quartiles[1]:g}",
                (median, 1),
                xycoords=("data", "axes fraction"),
                xytext=(-4 if side == "right" else 4, -3),
                textcoords="offset points",
                ha=side,
                va="top",
            )
        axes.bar(places[:-1] + 0.5, counts, width=0.86, color=BAR, zorder=2)
        for place, count in zip(places, counts, strict=False):
            if count:
                axes.annotate(
                    str(count), (place + 0.5, count), (0, 2), textcoords="offset points", ha="center", color=SOFT
                )
        axes.set_xlim(0, len(bins))
        axes.set_xticks(places, [f"{edge:g}" for edge in edges])
        axes.set_yticks([])
        axes.set_xlabel(unit)
        return _markup(figure, name, says)


def difficulty(name: str, exercises: Sequence[Difficulty], *, says: str) -> Markup:
    """For each exercise a bar for the mean share of its points and a diamond for the share of full marks."""
    with _rows([exercise.name for exercise in exercises]) as (figure, axes):
        for place, row in enumerate(exercises):
            axes.barh(place, 1, height=0.32, color=BAND)
            if row.mean is None or row.full is None:
                _aside(axes, place, "no marks yet")
                continue
            axes.barh(place, row.mean, height=0.32, color=BAR)
            axes.plot(row.full, place, "D", color=INK, ms=5, clip_on=False, zorder=3)
            _aside(axes, place, words.percent(row.mean))
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        return _markup(figure, name, says)


def discrimination(name: str, exercises: Sequence[Difficulty], *, says: str) -> Markup:
    """For each exercise a dot for its correlation with the others, and the interval."""
    with _rows([exercise.name for exercise in exercises]) as (figure, axes):
        axes.axvline(0, color=LINE, lw=1, zorder=0)
        for place, row in enumerate(exercises):
            axes.plot([-1, 1], [place, place], color=BAND, lw=1, zorder=0)
            if isinstance(row.discrimination, str):
                _aside(axes, place, "undefined")
                continue
            axes.plot([row.discrimination.low, row.discrimination.high], [place, place], color=BAR, lw=2.5)
            axes.plot(row.discrimination.value, place, "o", color=INK, ms=6, clip_on=False, zorder=3)
            _aside(axes, place, words.signed(row.discrimination.value))
        axes.set_xlim(-1, 1)
        axes.set_xticks([-1, 0, 1], ["−1", "0", "1"])
        return _markup(figure, name, says)


@contextmanager
def _figure(*, height: float) -> Iterator[tuple[Figure, Axes]]:
    with mpl.rc_context(SETTINGS):
        figure = Figure((WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.tick_params(length=0)
        yield figure, axes


@contextmanager
def _rows(names: Sequence[str]) -> Iterator[tuple[Figure, Axes]]:
    """A figure with one row for each name. The name is above its row, so long names need no width."""
    with _figure(height=0.5 + 0.42 * len(names)) as (figure, axes):
        axes.set_ylim(len(names) - 0.6, -0.85)
        axes.set_yticks([])
        for place, name in enumerate(names):
            axes.annotate(
                name, (0, place), (0, 6), xycoords=("axes fraction", "data"), textcoords="offset points", va="bottom"
            )
        yield figure, axes


def _aside(axes: Axes, place: int, text: str) -> None:
    axes.annotate(
        text,
        (1, place),
        (0, 6),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=SOFT,
    )


def _markup(figure: Figure, name: str, says: str) -> Markup:
    """A figure as SVG inside a page: with an alternative text, and with ids that no other figure has."""
    file = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :].rstrip()
    text = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(|href=")#', rf"\1#{name}-", text)
    text = re.sub(r"font-family: [^;\"]*;? ?", "", text)
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, variable)
    _, view, rest = re.split(r'(viewBox="[^"]*")[^>]*>', text, maxsplit=1)
    return Markup(
        f'<svg role="img" aria-label="{escape(says)}" {view} xmlns:xlink="http://www.w3.org/1999/xlink">{rest}'
    )
