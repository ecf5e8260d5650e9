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
    """One axes of a figure: its labels and lines."""

    xlabel: str
    ylabel: str
    lines: tuple[Line, ...]


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
            }
            for axes in figure.axes
        ],
        "legend": " | ".join(text.get_text() for legend in legends if legend for text in legend.get_texts()),
    }


def parse(value: Any) -> Drawing | None:
    """What `read` wrote, checked: the data may come from a process that the student controls."""
    match value:
        case {"figure": tuple() as panels, "legend": str() as legend}:
            parsed = tuple(_panel(panel) for panel in panels)
            return None if None in parsed else Drawing(tuple(panel for panel in parsed if panel), legend)
    return None


def _panel(value: Any) -> Panel | None:
    match value:
        case {"xlabel": str() as xlabel, "ylabel": str() as ylabel, "lines": tuple() as lines}:
            parsed = tuple(_line(line) for line in lines)
            return None if None in parsed else Panel(xlabel, ylabel, tuple(line for line in parsed if line))
    return None


def _line(value: Any) -> Line | None:
    match value:
        case {"x": np.ndarray() as x, "y": np.ndarray() as y} if x.ndim == 1 and x.shape == y.shape:
            return Line(x.astype(float), y.astype(float))
    return None
