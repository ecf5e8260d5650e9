"""The known mistakes of an exercise, as they stand in the file beside the notebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import codec
from ..answers import Answer
from ..naming import Gives, Naming, name
from ..values import Plain


@dataclass(frozen=True, eq=False)
class Known:
    """A known mistake."""

    name: str
    says: str
    hint: str
    rounding: bool


def named(exercise: Mapping[str, Any], answers: Sequence[Answer]) -> Naming[Known] | None:
    """The known mistake of an exercise that explains what came back, or the two that do."""
    mistakes = {
        one["name"]: Known(one["name"], one["says"], one["hint"], one["rounding"]) for one in exercise["mistakes"]
    }
    return name(
        answers,
        {mistakes[one["name"]]: [_gives(form) for form in one["returns"]] for one in exercise["mistakes"]},
        {
            (mistakes[first], mistakes[second]): _gives(both["returns"])
            for both in exercise["together"]
            for first, second in [both["mistakes"]]
        },
    )


def _gives(returns: Any) -> Gives:
    """What a mistake gives on the public cases; a case on which it fails is absent."""

    def gives(answer: Answer) -> Plain:
        values = returns["dict"]
        return codec.decode(values[answer.case]) if answer.case in values else None

    return gives
