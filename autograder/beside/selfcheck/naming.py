"""Which known mistake explains what came back?"""

from collections.abc import Mapping
from typing import Any

from .rules import Rule
from .values import Plain


def explains(
    rules: Mapping[str, Rule],
    returned: Mapping[str, Plain],
    expected: Mapping[str, Any],
    mistaken: Mapping[str, Any],
) -> bool:
    """Whether a mistake gives what came back, case by case, and differs from the truth on one of them.

    Args:
        rules: how values are compared, by the name of the case.
        returned: the value that came back, by the name of the case.
        expected: the right value, by the name of the case.
        mistaken: the value that the mistake gives, by the name of the case; a
            case on which the mistake itself fails is absent.
    """
    if not all(name in mistaken for name in returned):
        return False
    if any(rules[name].compare(value, mistaken[name], equal_nan=True) for name, value in returned.items()):
        return False
    return any(rules[name].compare(value, expected[name]) for name, value in returned.items())
