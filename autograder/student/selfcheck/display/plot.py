"""A small picture of returned and expected values: an SVG element that takes its text colour from the page.

matplotlib is imported only when a picture is drawn.
"""

import io
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

from .. import figures
from ..diagnosis.differences import pairs_of
from ..diagnosis.pairs import observed
from ..rules.drawings import Curves, Points
from ..trial import Trial
from ..words import listed

INK, MINE, RIGHT = "#010203", "#d1512d", "#1f9463"  # INK is replaced by the colour of the text around the picture
AT_LEAST, AT_MOST = 4, 200  # points of a series
MOST_DRAWN = 20_000  # points of a student's figure; with more, the picture is too large for a page
PANELS = 3
SHOWS = 0.02  # share of the height from which the eye sees a difference
STYLE = {
    "font.size": 9,
    "font.family": "sans-serif",
    "svg.fonttype": "none",
    "svg.hashsalt": "selfcheck",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def plot(trials: Sequence[Trial]) -> str | None:
    """A picture of the first wrong trial that can be drawn; None if there is none."""
    for trial in (trial for trial in trials if trial.wrong):
        match trial.rule:
            case Curves() | Points():
                drawn = _of_a_figure(trial)
            case _:
                drawn = _of_arrays(trial)
        if drawn:
            return drawn
    return None


def _of_arrays(trial: Trial) -> str | None:
    pair = next((pair for pair in pairs_of(trial) if pair.wrong), None)
    if pair is None or not pair.fits or pair.truth.ndim not in (1, 2) or not AT_LEAST <= len(pair.truth) <= AT_MOST:
        return None
    columns = [*zip(_columns(pair.numbers), _columns(pair.truth), strict=True)]
    if len(columns) > PANELS or not any(_seen(value, truth) for value, truth in columns):
        return None
    name = observed(pair)
    x = np.arange(len(pair.truth)) if name is None else np.asarray(pair.given[name], float)
    if np.ptp(x) > 20 * np.subtract(*np.quantile(x, [0.75, 0.25])):
        name, x = None, np.arange(len(x))  # a few points are so far away that the others would look like one point
    order, along = np.argsort(x), name or pair.along(0)

    def paint(panel: Any, k: int) -> None:
        value, truth = columns[k]
        panel.plot(x[order], truth[order], "o-", color=RIGHT, mfc="none", lw=1.2, ms=6, label="expected")
        panel.plot(x[order], value[order], "x--", color=MINE, lw=0.8, ms=5, mew=1.6, label="came back")
        panel.set_xlabel(along)
        panel.set_title(f"{pair.part.name}, {pair.along(1)} {k}" if pair.truth.ndim == 2 else pair.part.name, size=9)

    each = f", for each {pair.along(1)}" if pair.truth.ndim == 2 else ""
    return _svg(
        len(columns),
        paint,
        f"{trial.case}: {pair.part.name} against {along}{each}. A line with circles is what was expected, a broken "
        "line with crosses is what came back. The numbers are in the table.",
    )


def _of_a_figure(trial: Trial) -> str | None:
    """The missing curves, or points, of a figure, drawn over the curves that it has."""
    drawing = figures.parse(trial.value)
    curves = isinstance(trial.rule, Curves)
    missing = _missing(trial, "curves" if curves else "series")
    if drawing is None or not missing:
        return None
    x = np.asarray(trial.expected["x"], float)
    drawn = [series for series in drawing.series if len(series.x)]
    if sum(len(series.x) for series in drawn) > MOST_DRAWN:
        return None
    low, high = np.asarray(trial.expected.get("covers", (x.min(), x.max())), float)

    def paint(panel: Any, k: int) -> None:
        name, right = missing[k]
        for number, series in enumerate(drawn):
            label = None if number else "in your figure"
            panel.plot(
                series.x.mean(axis=1),
                series.y.max(axis=1),
                "-" if curves else "x",
                color=INK,
                alpha=0.5,
                lw=1,
                ms=4,
                label=label,
            )
        panel.plot(x, right, "--" if curves else "o", color=RIGHT, mfc="none", lw=2, ms=6, label="expected")
        panel.set_xlim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        panel.set_ylim(-0.1 * np.max(right), 1.25 * np.max(right))
        panel.set_title(name, size=9)

    return _svg(
        len(missing),
        paint,
        f"{trial.case}: the {'curves' if curves else 'points'} that are expected and not found in your figure, "
        f"{listed([name for name, _ in missing])}, over those that are.",
    )


def _missing(trial: Trial, key: str) -> list[tuple[str, np.ndarray]]:
    """The first few curves, or series of points, that the check does not find."""
    assert isinstance(trial.rule, (Curves, Points))
    missing = trial.rule.missing(trial.value, trial.expected)
    return [(name, np.asarray(trial.expected[key][name], float)) for name in missing[:PANELS]]


def _columns(array: np.ndarray) -> list[np.ndarray]:
    return [array] if array.ndim == 1 else [*array.T]


def _seen(value: np.ndarray, truth: np.ndarray) -> bool:
    """Whether the eye would see a difference between two columns."""
    finite = np.isfinite(value)
    if finite.sum() < AT_LEAST - 1:
        return False
    height = np.ptp(np.concatenate([value[finite], truth]))
    return bool(not finite.all() or np.max(np.abs(value - truth)) > SHOWS * height)


def _svg(panels: int, paint: Callable[[Any, int], None], alt: str) -> str:
    """A figure as an SVG element for a page: without a background, its black in the colour of the text."""
    import matplotlib.style
    from matplotlib.figure import Figure

    file = io.StringIO()
    with matplotlib.style.context(["default", STYLE]):  # ignore the notebook's own settings
        figure = Figure(figsize=(4.4 if panels == 1 else 2.9 * panels, 2.4), layout="constrained")
        axes = figure.subplots(1, panels, squeeze=False)[0]
        for k, panel in enumerate(axes):
            paint(panel, k)
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}" style="max-width: 100%; height: auto"', 1)
