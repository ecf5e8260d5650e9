"""Settings of JAX in a notebook. Only public settings are used."""

import os

# Compiling the functions of an exercise takes far longer than running them.
COMPILE_QUICKLY = "jax_disable_most_optimizations"
# By default, a GPU or a TPU rounds products of float32 matrices to fewer digits than a check compares.
PRECISION = "jax_default_matmul_precision", "highest"
FLAGS = "XLA_FLAGS"
# With this flag, loops compile in half the time; but a loop that fills a long array entry by entry runs far longer. XLA
# reads the flag once, when it starts. Importing GenJAX starts XLA, so the flag has no effect in a notebook that imports
# GenJAX first. Those are the notebooks that run long chains.
QUICK_LOOPS = "--xla_backend_extra_options=xla_cpu_disable_new_fusion_emitters"


def use() -> None:
    """Let JAX compile quickly and compute precisely in this process. The user's own `XLA_FLAGS` are kept."""
    import jax

    os.environ.setdefault(FLAGS, QUICK_LOOPS)
    jax.config.update(COMPILE_QUICKLY, True)
    jax.config.update(*PRECISION)
