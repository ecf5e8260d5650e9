"""The known mistakes of an exercise, read from the file beside the notebook."""

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
    """A known mistake: its name, its sentence, its hint, and whether its wrong numbers are rounding errors."""

    name: str
    says: str
    hint: str
    closer: str
    rounding: bool


def named(exercise: Mapping[str, Any], trials: Sequence[Trial]) -> Naming[Known] | None:
    """The known mistake, or the two mistakes, of an exercise that explain the returned values.

    The file beside the notebook has no draws of known mistakes, because it would become too large.
    """
    trials = [trial for trial in trials if not trial.seeded] or trials
    mistakes = {
        known["name"]: Known(known["name"], known["says"], known["hint"], known["closer"], known["rounding"])
        for known in exercise["mistakes"]
    }
    return name(
        trials,
        {mistakes[known["name"]]: [_gives(form) for form in known["returns"]] for known in exercise["mistakes"]},
        {
            (mistakes[first], mistakes[second]): _gives(both["returns"])
            for both in exercise["together"]
            for first, second in [both["mistakes"]]
        },
    )


def _gives(returns: Any) -> Gives:
    """The values of a mistake on the public cases; cases on which it fails are absent."""

    def gives(trial: Trial) -> Plain:
        values = returns["dict"]
        if trial.case not in values:
            return None
        value = codec.decode(values[trial.case])
        return changed(trial.expected, value) if isinstance(trial.rule, Curves | Points) else value

    return gives


def returns_nothing(function: Callable[..., Any]) -> bool:
    """Whether the source of a function can be read, and has no `return` with a value."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # some callables have no source
        return False
    defined = any(isinstance(node, (ast.FunctionDef, ast.Lambda)) for node in ast.walk(tree))
    given = any(
        isinstance(node, ast.Lambda) or (isinstance(node, ast.Return) and node.value) for node in ast.walk(tree)
    )
    return defined and not given
