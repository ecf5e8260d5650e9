"""The known mistakes that can occur in any exercise that returns a figure."""

from collections.abc import Callable
from typing import Any

from autograder.exercises import KnownMistake, Recurring, catalogue

# The mistake, the faults of such a figure (see `drawings`), and the hint.
_ALL: tuple[tuple[Recurring, tuple[str, ...], str], ...] = (
    (catalogue.NO_LEGEND, ("legend",), "Give all that you draw a `label=`, and call `legend()`."),
    (catalogue.NO_LABELS, ("x label", "y label"), "Say what is drawn along each axis, and in which unit."),
    (
        catalogue.NOTHING_RETURNED,
        ("nothing returned",),
        "`plt.show()` displays a figure and gives it to nobody. End with `return fig`.",
    ),
    (
        catalogue.EMPTY_RETURNED,
        ("empty",),
        "After `plt.show()`, `plt.gcf()` makes a new figure. Keep the one that you draw in, and return that.",
    ),
    (catalogue.AXES_RETURNED, ("axes returned",), "`fig, ax = plt.subplots()` gives you both: return `fig`."),
    (
        catalogue.PYPLOT_RETURNED,
        ("pyplot returned",),
        "Make the figure with `fig, ax = plt.subplots()`, and return `fig`.",
    ),
    (catalogue.PAIR_RETURNED, ("several returned",), "Return `fig` alone: its axes are in it."),
)


def common(lacking: Callable[[tuple[str, ...]], Callable[..., Any]]) -> tuple[KnownMistake, ...]:
    """Return these mistakes. `lacking` makes a figure that is right except for the given faults."""
    return tuple(mistake.here(hint=hint, variant=lacking(faults)) for mistake, faults, hint in _ALL)
