"""Run helpers that only explain a result to people: if a helper fails, the result stays."""

import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)


def unless_it_fails[T](otherwise: T, helper: Callable[..., T], *args: Any) -> T:
    """Call a helper that explains an answer (a name, a hint, a picture). If it raises, log that, return `otherwise`."""
    try:
        return helper(*args)
    except Exception:
        logger.exception("%s failed; the result stands without it", getattr(helper, "__name__", helper))
        return otherwise
