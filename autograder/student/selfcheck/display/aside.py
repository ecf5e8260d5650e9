"""What is told beside a result, for people: it never costs the result."""

import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)


def unless_it_fails[T](otherwise: T, helper: Callable[..., T], *args: Any) -> T:
    """What a helper makes of an answer: a name, a hint, a picture. Where it raises, that is logged, nothing more."""
    try:
        return helper(*args)
    except Exception:
        logger.exception("%s failed; the result stands without it", helper.__name__)
        return otherwise
