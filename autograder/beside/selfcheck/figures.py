"""A matplotlib figure as data: what is drawn and how it is labelled, never its pixels."""

import sys
from typing import Any

import numpy as np


def is_figure(value: Any) -> bool:
    # A figure can only exist once matplotlib is imported; importing it here would cost a second.
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def read(figure: Any) -> dict[str, Any]:
    """The lines, axis labels and legend entries of every axes of a figure."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return {
        "figure": [
            {
                "xlabel": axes.get_xlabel() or figure.get_supxlabel(),
                "ylabel": axes.get_ylabel() or figure.get_supylabel(),
                "lines": [_points(line) for line in axes.lines],
                "points": [{"x": xy[:, 0], "y": xy[:, 1]} for xy in _offsets(axes)],
            }
            for axes in figure.axes
        ],
        "legend": " | ".join(text.get_text() for legend in legends if legend for text in legend.get_texts()),
    }


def _points(line: Any) -> dict[str, Any]:
    return {
        "x": np.asarray(line.get_xdata(orig=False), float),
        "y": np.asarray(line.get_ydata(orig=False), float),
        "label": str(line.get_label()),
    }


def _offsets(axes: Any) -> list[np.ndarray]:
    """The points of every scatter plot of an axes."""
    return [np.asarray(dots.get_offsets(), float).reshape(-1, 2) for dots in axes.collections if len(dots.get_offsets())]
