"""A matplotlib figure as data: what is drawn and how it is labelled, never its pixels."""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Line:
    """A drawn line: its points."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Panel:
    """One axes of a figure: its labels, its lines, and its points: scatter plots and the tops of bars."""

    xlabel: str
    ylabel: str
    lines: tuple[Line, ...]
    points: tuple[Line, ...]


@dataclass(frozen=True)
class Drawing:
    """A figure, as far as it is judged."""

    panels: tuple[Panel, ...]
    legend: str


def is_figure(value: Any) -> bool:
    # A figure can only exist once matplotlib is imported; importing it here would cost a second.
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def close(value: Any) -> None:
    """Keep a figure from being displayed at the end of the cell; any other value is left alone."""
    if is_figure(value) and "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(value)


def read(figure: Any) -> dict[str, Any]:
    """The lines, axis labels and legend entries of a matplotlib figure, as plain data."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return {
        "figure": [
            {
                "xlabel": axes.get_xlabel() or figure.get_supxlabel(),
                "ylabel": axes.get_ylabel() or figure.get_supylabel(),
                "lines": [
                    {
                        "x": np.asarray(line.get_xdata(orig=False), float),
                        "y": np.asarray(line.get_ydata(orig=False), float),
                    }
                    for line in axes.lines
                ],
                "points": [*_scattered(axes), *_bars(axes)],
            }
            for axes in figure.axes
        ],
        "legend": " | ".join(text.get_text() for legend in legends if legend for text in legend.get_texts()),
    }


def _scattered(axes: Any) -> list[dict[str, np.ndarray]]:
    offsets = [np.asarray(one.get_offsets(), float) for one in axes.collections]
    return [{"x": points[:, 0], "y": points[:, 1]} for points in offsets if points.ndim == 2 and len(points)]


def _bars(axes: Any) -> list[dict[str, np.ndarray]]:
    groups = [group.patches for group in axes.containers if hasattr(group, "patches")]
    return [
        {
            "x": np.array([bar.get_x() + bar.get_width() / 2 for bar in bars], float),
            "y": np.array([bar.get_height() for bar in bars], float),
        }
        for bars in groups
    ]


def parse(value: Any) -> Drawing | None:
    """What `read` wrote, checked: the data may come from a process that the student controls."""
    match value:
        case {"figure": tuple() as panels, "legend": str() as legend}:
            parsed = tuple(_panel(panel) for panel in panels)
            return None if None in parsed else Drawing(tuple(panel for panel in parsed if panel), legend)
    return None


def _panel(value: Any) -> Panel | None:
    match value:
        case {
            "xlabel": str() as xlabel,
            "ylabel": str() as ylabel,
            "lines": tuple() as lines,
            "points": tuple() as points,
        }:
            drawn = [tuple(map(_line, series)) for series in (lines, points)]
            if not any(None in series for series in drawn):
                return Panel(xlabel, ylabel, *(tuple(line for line in series if line) for series in drawn))
    return None


def _line(value: Any) -> Line | None:
    match value:
        case {"x": np.ndarray() as x, "y": np.ndarray() as y} if x.ndim == 1 and x.shape == y.shape:
            return Line(x.astype(float), y.astype(float))
    return None
