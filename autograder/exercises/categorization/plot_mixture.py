"""A figure of a mixture: its curves, the names that people give them, and the known mistakes."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from autograder.exercises import Aspect, Curves, Exercise, KnownMistake, catalogue, f32, figure_mistakes
from autograder.exercises.categorization.data import CLUSTERS, RECIPE
from reference import categorization

P, ZERO, ONE = "p(x)", "component 0 (its weight times its density)", "component 1 (its weight times its density)"
POSTERIOR, OTHER = "P(c = 0 given x)", "P(c = 1 given x)"
WHOLE = r"(?<![\w|])p\(x\)|mixture|marginal|\bsum\b|total|evidence|mischung|gesamt|summe|somme|mélange|mezcla"
GIVEN = r"\|x|given x|posterior|postérieur|respons|verantwort|γ|gamma"
FIRST, SECOND = r"tonkatsu|とんかつ|トンカツ|\b(first|1st|erste)\b", r"hamburger|ハンバーグ|\b(second|2nd|zweite)\b"


def _called(words: str, number: int = -1, numbered: str = "") -> dict[str, Any]:
    return {"words": words, "number": number, "numbered": numbered}


NAMES = {
    P: _called(WHOLE),
    ZERO: _called("", 0, FIRST),
    ONE: _called("", 1, SECOND),
    POSTERIOR: _called(GIVEN, 0, FIRST),
    OTHER: _called(GIVEN, 1, SECOND),
}


def curves(weights: Any, means: Any, stds: Any) -> dict[str, Any]:
    """The curves of a right figure, on a grid that follows each of them closely."""
    bells = (means[:, None] + stds[:, None] * jnp.linspace(-8, 8, 401)).ravel()
    low, high = jnp.min(means - 8 * stds), jnp.max(means + 8 * stds)
    # Around a boundary the posterior turns within a fraction of a gram.
    boundaries = categorization.decision_boundaries(weights, means, stds)
    turns = (boundaries[:, None] + jnp.min(stds) * jnp.linspace(-1, 1, 201) ** 3).ravel()
    x = jnp.sort(jnp.concatenate([bells, turns, jnp.linspace(low, high, 201)]))
    parts = weights * jnp.exp(categorization.component_log_density(x, means, stds))
    posterior = categorization.responsibilities(x, weights, means, stds)
    return {
        "x": x,
        "covers": jnp.array([jnp.min(means - 2.5 * stds), jnp.max(means + 2.5 * stds)]),
        "curves": {
            P: categorization.marginal_density(x, weights, means, stds),
            ZERO: parts[:, 0],
            ONE: parts[:, 1],
            POSTERIOR: posterior[:, 0],
        },
        "also": {OTHER: posterior[:, 1]},
        "names": NAMES,
    }


PLOT_MIXTURE = Exercise(
    "plot_mixture",
    truth=curves,
    rule=Curves(),
    aspects=(
        Aspect(
            "the figure",
            points=4,
            hint="Evaluate the functions that you have on a fine grid that reaches three standard deviations beyond "
            "both means: p(x), each weighted component density, and P(c = 0 given x). Label the axes and add a legend.",
            closer="The check reads the lines of the figure that comes back. Count them: one for p(x), one for each "
            "weight times density, one for P(c = 0 given x). Each needs its name in the legend.",
            visible={"the bentos' recipe": RECIPE},
            hidden={
                "overlapping components": (f32(0.6, 0.4), f32(-1, 2), f32(1, 1.5)),
                "the clusters problem": (f32(0.25, 0.75), *CLUSTERS),
            },
        ),
    ),
)


def _with(change: Callable[..., dict[str, Any]] = lambda right, weights: {}, lacks: tuple[str, ...] = ()) -> Any:
    """A wrong figure: some of the right curves replaced, or parts missing.

    Args:
        change: returns the replaced curves, from the right ones and the weights.
        lacks: the other faults of the figure.
    """

    def variant(weights: Any, means: Any, stds: Any) -> dict[str, Any]:
        right = curves(weights, means, stds)
        return right | {"curves": right["curves"] | change(right["curves"], weights), "lacks": lacks}

    return variant


def _bells(c: dict[str, Any], w: Any) -> tuple[Any, Any]:
    return c[ZERO] / w[0], c[ONE] / w[1]


def _unweighted(c: dict[str, Any], w: Any) -> dict[str, Any]:
    zero, one = _bells(c, w)
    return {ZERO: zero, ONE: one}


def _without_prior(c: dict[str, Any], w: Any) -> dict[str, Any]:
    first, second = c[POSTERIOR] / w[0], (1 - c[POSTERIOR]) / w[1]
    return {POSTERIOR: first / (first + second)}


PLOT_MIXTURE.add(
    KnownMistake(
        name="components_unweighted",
        says="The component densities were drawn without their weights.",
        hint="Weighted, the components add up to p(x).",
        variant=_with(_unweighted),
    ),
    KnownMistake(
        name="posterior_of_the_other",
        says="The posterior is that of component 1.",
        hint="Which component does column 0 belong to?",
        variant=_with(lambda c, w: {POSTERIOR: 1 - c[POSTERIOR]}),
    ),
    KnownMistake(
        name="marginal_unweighted",
        says="The curve of p(x) adds up the components without their weights.",
        hint="p(x) encloses an area of 1.",
        variant=_with(lambda c, w: {P: sum(_bells(c, w))}),
    ),
    catalogue.WEIGHTS_IGNORED.here(
        hint="Each component counts by its weight: in its own curve, in p(x) and in the posterior.",
        variant=_with(lambda c, w: _unweighted(c, w) | _without_prior(c, w) | {P: sum(_bells(c, w))}),
    ),
    KnownMistake(
        name="densities_unweighted",
        says="The weights are missing in the components and in p(x).",
        hint="p(x) encloses an area of 1, and the weighted components add up to it.",
        variant=_with(lambda c, w: _unweighted(c, w) | {P: sum(_bells(c, w))}),
    ),
    KnownMistake(
        name="weights_exchanged",
        says="Each component has the weight of the other one.",
        hint="Weight k belongs to component k.",
        variant=_with(lambda c, w: {ZERO: c[ZERO] / w[0] * w[1], ONE: c[ONE] / w[1] * w[0]}),
    ),
    KnownMistake(
        name="posterior_without_prior",
        says="The posterior was computed from the likelihoods alone.",
        hint="Bayes' rule has a prior: multiply each density by its weight before you normalise.",
        variant=_with(_without_prior),
    ),
    KnownMistake(
        name="posterior_missing",
        says="The posterior is not drawn.",
        hint="P(c = 0 given x) goes from 0 to 1: give it a panel of its own, or a second y axis.",
        variant=_with(lacks=(POSTERIOR,)),
    ),
    KnownMistake(
        name="marginal_missing",
        says="The curve of p(x) is not drawn.",
        hint="The weighted components are its parts; draw their sum too.",
        variant=_with(lacks=(P,)),
    ),
    KnownMistake(
        name="components_missing",
        says="The weighted components are not drawn.",
        hint="p(x) is the sum of two curves: draw each of them.",
        variant=_with(lacks=(ZERO, ONE)),
    ),
    catalogue.LEGEND_SWAPPED.here(
        hint="The names in `legend([...])` go in the order in which the curves are drawn. It is safer to give each "
        "curve its `label=` where you draw it.",
        variant=_with(lacks=("legend order",)),
    ),
    *figure_mistakes.common(lambda faults: _with(lacks=faults)),
)
