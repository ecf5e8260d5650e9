"""How XLA shall compile: fast. Functions of a few numbers cost far more to compile than to run."""

import os

# The newer way of emitting a loop builds MLIR's whole machinery for each one: more than half of the time.
FLAG = "--xla_backend_extra_options=xla_cpu_disable_new_fusion_emitters"
QUICKLY = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1", "XLA_FLAGS": FLAG}


def compile_quickly() -> None:
    """Have XLA do so in this process, where it has not started yet, and in those that it starts."""
    import jax

    flags = os.environ.get("XLA_FLAGS", "")
    if FLAG not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {FLAG}".strip()
    jax.config.update("jax_disable_most_optimizations", True)
