"""How the kit's own processes compute: what each entry point (command line, nbgrader, container) sets up first.

To import the kit changes nothing of the sort.
"""

import os
import sys

JAX = {
    # Functions of a few numbers cost far more to compile than to run.
    "jax_disable_most_optimizations": True,
    # As in a student's notebook: see `student.selfcheck.settings`.
    "jax_default_matmul_precision": "highest",
}
BACKEND = "agg"  # a reference or a wrong variant may draw; nothing is ever shown
ENVIRONMENT = {"MPLBACKEND": BACKEND} | {
    name.upper(): "1" if value is True else str(value) for name, value in JAX.items()
}
"""The same for JAX and matplotlib to read when they are imported."""


def set_up() -> None:
    """Have this process, and those that it starts, compute as the kit does."""
    os.environ.update(ENVIRONMENT)
    if jax := sys.modules.get("jax"):
        for name, value in JAX.items():
            jax.config.update(name, value)
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.use(BACKEND)
    # jsonschema, of which nbformat imports the whole, would spend seconds on a grammar of addresses in foreign letters;
    # no notebook is checked for them. Without the module it leaves that check out.
    sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore[reportArgumentType]
