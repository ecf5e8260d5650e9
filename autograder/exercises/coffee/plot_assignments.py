"""A figure of three blends: what it should show, how people call that, and the known mistakes."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from autograder.exercises import Aspect, Exercise, KnownMistake, Points, catalogue, figure_mistakes
from autograder.exercises.coffee.data import BETWEEN, DENSE
from reference.data import COFFEES


def probabilities(seed: int, num_cups: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(3, 0.6), num_cups).astype(np.float32)


LOW = r"\b(low|weak|niedrig\w*|gering\w*|wenig|schwach\w*|faible|basse?|baj[oa]|bass[oa]|baixo|laag|düşük|first|1st)\b"
MEDIUM = r"\b(med|medium|mid|middle|mittel\w*|mittler\w*|moyen\w*|medio|media|médio|orta|second|2nd)\b"
HIGH = r"\b(high|strong|hoch|hoh\w*|stark\w*|viel|fort\w*|élevée?|haut|alto|alta|hoog|yüksek|third|3rd)\b"
NAMES = {
    f"P({blend})": {"words": "", "number": number, "numbered": f"{words}|{more}"}
    for number, (blend, words, more) in enumerate(
        [("low", LOW, "低|низк"), ("medium", MEDIUM, "中|средн"), ("high", HIGH, "高|высок")]
    )
}
AXES = {
    "along": r"caf+e|caff|koff|kaff|coffee|\bmg\b|level|dose|content|gehalt|咖啡|カフェ|кофе",
    "up": r"prob|wahrsch|posterior|\bp\(|\bpr\(|вероят|概率|確率",
}


def series(x: Any, probabilities: Any) -> dict[str, Any]:
    """The points that a right figure holds."""
    shown = {name: jnp.asarray(probabilities)[:, k] for k, name in enumerate(NAMES)}
    return {"x": x, "series": shown, "names": NAMES, "axes": AXES}


PLOT_ASSIGNMENTS = Exercise(
    "plot_assignments",
    truth=series,
    rule=Points(),
    aspects=(
        Aspect(
            "the figure",
            points=3,
            hint="Three series, one for each blend: caffeine on the x axis, probability on the y axis. Labels on both "
            "axes, and a legend.",
            closer="The check reads the points from the figure that comes back. Each of the three series needs all N"
            " of them, one column of the probabilities, and its name in the legend.",
            visible={"seven cups in between": (BETWEEN, probabilities(1, 7))},
            hidden={
                "the thirty cups": (COFFEES, probabilities(2, 30)),
                "eight cups in between": (DENSE, probabilities(3, 8)),
            },
        ),
    ),
)


def _with(
    x: Callable[[Any, Any], Any] = lambda x, p: x,
    y: Callable[[Any], Any] = lambda p: p,
    lacks: tuple[str, ...] = (),
) -> Any:
    """A wrong figure: other levels, other probabilities, or something left out."""
    return lambda levels, p: series(x(levels, p), y(p)) | {"lacks": lacks}


PLOT_ASSIGNMENTS.add(
    KnownMistake(
        name="cup_numbers",
        says="The x axis shows the number of the cup.",
        hint="Draw each cup at its caffeine level.",
        variant=_with(x=lambda x, p: jnp.arange(len(x))),
    ),
    KnownMistake(
        name="cup_numbers_from_one",
        says="The x axis shows the number of the cup, counted from 1.",
        hint="Draw each cup at its caffeine level.",
        variant=_with(x=lambda x, p: 1 + jnp.arange(len(x))),
    ),
    KnownMistake(
        name="blends_for_levels",
        says="The x axis shows the most probable blend of each cup.",
        hint="Draw each cup at its caffeine level, `x`.",
        variant=_with(x=lambda x, p: jnp.argmax(p, axis=1)),
    ),
    KnownMistake(
        name="most_probable_only",
        says="Only the most probable blend is drawn, with probability 1.",
        hint="All three probabilities of each cup.",
        variant=_with(y=lambda p: jnp.eye(p.shape[1])[jnp.argmax(p, axis=1)]),
    ),
)


@PLOT_ASSIGNMENTS.mistake(
    says="The number of the most probable blend is drawn, no probability.", hint="All three probabilities of each cup."
)
def labels_drawn(x: Any, p: Any) -> dict[str, Any]:
    return {"x": x, "series": {"z": jnp.argmax(p, axis=1)}, "lacks": ()}


PLOT_ASSIGNMENTS.add(
    KnownMistake(
        name="logarithms_drawn",
        says="The logarithms of the probabilities are drawn.",
        hint="A probability lies between 0 and 1.",
        variant=_with(y=jnp.log),
    ),
    KnownMistake(
        name="percentages",
        says="The figure shows percentages, and no text in it says so.",
        hint="Draw the probabilities as they are, or write % into the label of the axis.",
        variant=_with(y=lambda p: 100 * p),
    ),
    KnownMistake(
        name="blends_normalised",
        says="The probabilities of a blend were divided by their sum over the cups.",
        hint="The three probabilities of a cup add up to 1: draw them as they are.",
        variant=_with(y=lambda p: p / p.sum(axis=0)),
    ),
    KnownMistake(
        name="one_blend_missing",
        says="The probabilities of the high blend are not drawn.",
        hint="There are three columns: 0, 1 and 2.",
        variant=_with(lacks=("P(high)",)),
    ),
    catalogue.LEGEND_SWAPPED.here(
        hint="Column 0 is low, column 1 medium, column 2 high. It is safest to give each series its `label=` where "
        "you draw it.",
        variant=_with(lacks=("legend order",)),
    ),
    KnownMistake(
        name="labels_exchanged",
        says="The labels of the two axes are exchanged.",
        hint="Which axis shows the caffeine?",
        variant=_with(lacks=("labels exchanged",)),
    ),
    KnownMistake(
        name="look_alike",
        says="Nothing tells the three blends apart.",
        hint="Draw each blend by a call of its own, with a colour, a marker and a `label=`.",
        variant=_with(lacks=("alike",)),
    ),
    *figure_mistakes.common(lambda faults: _with(lacks=faults)),
)
