"""What came back on one case, beside what was expected: the notebook and the grader make them, and read them alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .rules import Rule
from .rules.arrays import Arrays, Named
from .rules.drawings import Curves, Points
from .values import Plain

DETERMINED = (Arrays, Curves, Named, Points)  # rules by which only one result is right


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back on one case beside what was expected; `given` are the arguments by name.

    Of a case that is not `visible`, neither positions nor numbers are told. The result of a `random` case depends
    on a key, and the case is tried again with another one: `attempt` says which of them this is.
    """

    case: str
    rule: Rule
    value: Plain
    expected: Any
    given: Mapping[str, Any]
    visible: bool = True
    random: bool = False
    attempt: int = 0

    @cached_property
    def wrong(self) -> bool:
        return self.rule.compare(self.value, self.expected) is not None

    @property
    def determined(self) -> bool:
        """Whether only one result is right: not draws, and not one of many right answers."""
        return not self.random and isinstance(self.rule, DETERMINED)


def apart(rule: Rule, value: Any) -> list[Any]:
    """The parts of a result, in their order; none where it has others."""
    match rule:
        case Named(parts):
            complete = isinstance(value, dict) and {part.name for part in parts} <= set(value)
            found = [value[part.name] for part in parts] if complete else []
        case Arrays((_,)):
            found = [value]
        case Arrays(parts):
            # As `a, b = value` would.
            many = isinstance(value, tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
            found = [*value] if many and len(value) == len(parts) else []
        case _:
            found = []
    return [np.zeros(0) if isinstance(one, tuple) and not one else one for one in found]
