"""How JAX shall compile and compute in a notebook: by its public settings alone."""

import os

# The functions of an exercise cost far more to compile than to run.
COMPILE_QUICKLY = "jax_disable_most_optimizations"
# A GPU or a TPU rounds the products of float32 matrices to fewer digits than a check compares, unless told otherwise.
PRECISION = "jax_default_matmul_precision", "highest"
FLAGS = "XLA_FLAGS"
# A loop is compiled in half of the time; but one that fills a long array entry by entry runs far longer. XLA reads it
# once, as it starts. GenJAX starts it as it is imported: where a notebook runs chains of many draws, this changes
# nothing.
QUICK_LOOPS = "--xla_backend_extra_options=xla_cpu_disable_new_fusion_emitters"


def use() -> None:
    """Have JAX compile quickly and compute precisely in this process. What the user has set in `XLA_FLAGS` stays."""
    import jax

    os.environ.setdefault(FLAGS, QUICK_LOOPS)
    jax.config.update(COMPILE_QUICKLY, True)
    jax.config.update(*PRECISION)
