"""The known mistakes of an exercise, as they stand in the file beside the notebook."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import codec
from ..rules.drawings import Curves, Points, changed
from ..trial import Trial
from ..values import Plain
from .naming import Gives, Naming, name


@dataclass(frozen=True, eq=False)
class Known:
    """A known mistake."""

    name: str
    says: str
    hint: str
    closer: str
    rounding: bool


def named(exercise: Mapping[str, Any], trials: Sequence[Trial]) -> Naming[Known] | None:
    """The known mistake of an exercise that explains what came back, or the two that do.

    What a known mistake draws does not lie beside the notebook: it would be too much.
    """
    trials = [trial for trial in trials if not trial.seeded] or trials
    mistakes = {
        one["name"]: Known(one["name"], one["says"], one["hint"], one["closer"], one["rounding"])
        for one in exercise["mistakes"]
    }
    return name(
        trials,
        {mistakes[one["name"]]: [_gives(form) for form in one["returns"]] for one in exercise["mistakes"]},
        {
            (mistakes[first], mistakes[second]): _gives(both["returns"])
            for both in exercise["together"]
            for first, second in [both["mistakes"]]
        },
    )


def _gives(returns: Any) -> Gives:
    """What a mistake gives on the public cases; a case on which it fails is absent."""

    def gives(trial: Trial) -> Plain:
        values = returns["dict"]
        if trial.case not in values:
            return None
        value = codec.decode(values[trial.case])
        return changed(trial.expected, value) if isinstance(trial.rule, Curves | Points) else value

    return gives


def returns_nothing(function: Callable[..., Any]) -> bool:
    """Whether the source of a function can be read, and no `return` in it gives a value back."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # not every callable has a source
        return False
    defined = any(isinstance(node, (ast.FunctionDef, ast.Lambda)) for node in ast.walk(tree))
    given = any(
        isinstance(node, ast.Lambda) or (isinstance(node, ast.Return) and node.value) for node in ast.walk(tree)
    )
    return defined and not given
