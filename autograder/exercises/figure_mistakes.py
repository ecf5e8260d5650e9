"""The known mistakes that can be made in any exercise that returns a figure."""

from collections.abc import Callable
from typing import Any

from autograder.exercises import Misconception

# The name, the faults that such a figure has (see `drawings`), what is said, and the hint.
_ALL = (
    (
        "no_legend",
        ("legend",),
        "The figure has no legend.",
        "Give all that you draw a `label=`, and call `legend()`.",
    ),
    (
        "no_labels",
        ("x label", "y label"),
        "The axes have no labels.",
        "Say what is drawn along each axis, and in which unit.",
    ),
    (
        "nothing_returned",
        ("nothing returned",),
        "The function returns nothing.",
        "`plt.show()` displays a figure and gives it to nobody. End with `return fig`.",
    ),
    (
        "empty_returned",
        ("empty",),
        "The figure that is returned is empty.",
        "After `plt.show()`, `plt.gcf()` makes a new figure. Keep the one that you draw in, and return that.",
    ),
    (
        "axes_returned",
        ("axes returned",),
        "The function returns an Axes, not the Figure that it is in.",
        "`fig, ax = plt.subplots()` gives you both: return `fig`.",
    ),
    (
        "pyplot_returned",
        ("pyplot returned",),
        "The function returns the module `plt`.",
        "Make the figure with `fig, ax = plt.subplots()`, and return `fig`.",
    ),
    (
        "pair_returned",
        ("several returned",),
        "The function returns several things, not the Figure alone.",
        "Return `fig` alone: its axes are in it.",
    ),
)


def common(lacking: Callable[[tuple[str, ...]], Callable[..., Any]]) -> tuple[Misconception, ...]:
    """The mistakes, given what makes a right figure with some faults."""
    return tuple(
        Misconception(name=name, says=says, hint=hint, variant=lacking(faults)) for name, faults, says, hint in _ALL
    )
