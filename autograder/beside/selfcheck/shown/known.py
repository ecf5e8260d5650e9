"""The known mistakes of an exercise, as they stand in the file beside the notebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import codec
from ..answers import Answer
from ..naming import Naming, name
from ..values import Plain


@dataclass(frozen=True, eq=False)
class Known:
    """A known mistake: what it gives on the public cases, by the name of the case, for each way to make it."""

    name: str
    says: str
    hint: str
    rounding: bool
    returns: Sequence[Mapping[str, Plain]]


def named(exercise: Mapping[str, Any], answers: Sequence[Answer]) -> Naming[Known] | None:
    """The known mistake of an exercise that explains what came back, or the two that do."""
    mistakes = {
        one["name"]: Known(
            one["name"], one["says"], one["hint"], one["rounding"], [codec.decode(form) for form in one["returns"]]
        )
        for one in exercise["mistakes"]
    }
    together = {
        (mistakes[one], mistakes[other]): codec.decode(both["returns"])
        for both in exercise["together"]
        for one, other in [both["mistakes"]]
    }
    return name(
        answers,
        [*mistakes.values()],
        lambda mistake, answer: [form.get(answer.case) for form in mistake.returns],
        [*together],
        lambda pair, answer: together[pair].get(answer.case),
    )
