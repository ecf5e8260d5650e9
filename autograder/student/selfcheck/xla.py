"""How XLA shall compile: fast. Functions of a few numbers cost far more to compile than to run."""

import io
import math
from contextlib import suppress
from typing import Any

FILLS = ("stablehlo.dynamic_update_slice", "stablehlo.scatter")
MOST_COPIED = 1e9  # entries: less than a second


def quick(options: Any, module: Any) -> Any:
    """The compile options for a program (an MLIR module), with what makes it compile in half of the time.

    The newer way of emitting a loop builds MLIR's whole machinery for each one. The older one does not, but copies the
    whole of an array that a loop fills entry by entry, at every entry: the newer one stays where that is much.
    """
    if _copied(module) > MOST_COPIED:
        return options
    return options.ParseFromString(options.SerializeAsString() + OLDER_EMITTERS)


def compile_quickly() -> None:
    """Have XLA do so in this process from now on.

    Where JAX has been told so already, whoever told it sees to the rest.
    """
    import jax
    from jax._src import compiler

    if jax.config.read("jax_disable_most_optimizations"):
        return
    jax.config.update("jax_disable_most_optimizations", True)
    compile_usually = compiler.compile_or_get_cached

    def compile_quick(backend, computation, devices, options, *rest):
        with suppress(Exception):  # another version of JAX compiles as it does by itself
            options = quick(options, computation)
        return compile_usually(backend, computation, devices, options, *rest)

    compiler.compile_or_get_cached = compile_quick


def _copied(module: Any) -> float:
    """How many entries the older way would copy, if each array were filled along its longest side."""
    from jaxlib.mlir import ir

    program = bytecode(module)
    if b"while" not in program or not any(name.partition(".")[2].encode() in program for name in FILLS):
        return 0
    copied = 0.0

    def add(operation: Any) -> Any:
        nonlocal copied
        if operation.name in FILLS:
            shape = ir.ShapedType(operation.results[0].type).shape
            copied += math.prod(shape) * max(shape, default=1)
        return ir.WalkResult.ADVANCE

    module.operation.walk(add)
    return copied


def bytecode(computation: Any) -> bytes:
    """An MLIR operation in bytes."""
    written = io.BytesIO()
    computation.operation.write_bytecode(file=written)
    return written.getvalue()


def _field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes or a message of less than 128 bytes."""
    tag = number << 3 | 2
    return (bytes([tag]) if tag < 128 else bytes([tag & 127 | 128, tag >> 7])) + bytes([len(content)]) + content


# JAX's compile options hold XLA's (3), these its options for debugging (3), these a map for each backend (500): it has
# no other name in Python. Messages one after another are read as one.
OLDER_EMITTERS = _field(3, _field(3, _field(500, _field(1, b"xla_cpu_disable_new_fusion_emitters") + _field(2, b""))))
