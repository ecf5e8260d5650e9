"""Settings of JAX and matplotlib in the kit's own processes.

Each entry point (command line, nbgrader, container) calls `set_up` first. Importing the kit does not change settings.
"""

import os
import sys

JAX = {
    # Most functions get a few numbers: compiling them takes far longer than running them.
    "jax_disable_most_optimizations": True,
    # The same as in a student's notebook: see `student.selfcheck.settings`.
    "jax_default_matmul_precision": "highest",
}
BACKEND = "agg"  # a reference or a wrong variant may draw a figure; no window is ever opened
ENVIRONMENT = {"MPLBACKEND": BACKEND} | {
    name.upper(): "1" if value is True else str(value) for name, value in JAX.items()
}
"""The same settings as environment variables, which JAX and matplotlib read when they are imported."""


def set_up() -> None:
    """Apply the settings to this process, and to the processes that it will start."""
    os.environ.update(ENVIRONMENT)
    if jax := sys.modules.get("jax"):
        for name, value in JAX.items():
            jax.config.update(name, value)
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.use(BACKEND)
    # nbformat imports all of jsonschema, which would spend seconds on building a grammar for internationalized
    # addresses (IRIs). No notebook needs that check; without the module, jsonschema leaves it out.
    sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore[reportArgumentType]
