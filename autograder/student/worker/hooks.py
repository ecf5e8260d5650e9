"""All that the kit changes in JAX and GenJAX beyond their settings, in processes of its own. A notebook has none of it.

Each hook only saves time. `missing` says which hooks no longer fit the installed versions: the grader logs a warning,
and each submission compiles for itself. `python -m benchmarks.hooks` measures what each of them saves.
"""

import contextlib
import importlib
import io
import logging
import math
import sys
from collections.abc import Callable, Iterator
from typing import Any

COMPILER = "jax._src.compiler"
COMPILE = "compile_or_get_cached"
GENJAX = "genjax.pjax"
KEY = "_fake_key"
FILLS = ("stablehlo.dynamic_update_slice", "stablehlo.scatter")
MAX_COPIED = 1e9  # entries: less than a second

logger = logging.getLogger(__name__)


def missing() -> tuple[str, ...]:
    """The names that are hooked and that the imported versions of JAX and GenJAX do not have."""
    hooked = {COMPILER: COMPILE} | ({GENJAX: KEY} if GENJAX in sys.modules else {})
    return tuple(f"{module}.{name}" for module, name in hooked.items() if not hasattr(sys.modules.get(module), name))


# --- in the fork server, and in the submissions that it forks ---


def import_library(name: str) -> None:
    """Import a library without starting XLA. GenJAX makes a key while it is imported: each submission makes it anew."""
    with _no_keys() if name == "genjax" else contextlib.nullcontext():
        importlib.import_module(name)


@contextlib.contextmanager
def _no_keys() -> Iterator[None]:
    names = vars(sys.modules["jax.random"])
    make_key = names["key"]
    names["key"] = lambda *args, **kwargs: None
    try:
        yield
    finally:
        names["key"] = make_key


def make_keys() -> None:
    """Make the key that GenJAX made none of while it was imported."""
    if genjax := sys.modules.get(GENJAX):
        vars(genjax)[KEY] = sys.modules["jax.random"].key(1)


# --- in a submission ---


def compile_by(ask: Callable[[bytes, bytes], bytes]) -> None:
    """Have another process compile the programs of this one.

    Args:
        ask: gives the executable for compile options and a program; nothing where this process shall compile itself.
    """

    def wrap(compile_here: Callable[..., Any]) -> Callable[..., Any]:
        def compile_there(backend, computation, devices, options, host_callbacks, executable_devices, *rest):
            if not host_callbacks:  # else the program holds an address of this process
                try:
                    if executable := ask(_without_hints(options).SerializeAsString(), _canonical(computation)):
                        return backend.deserialize_executable(executable, executable_devices, options)
                except Exception:
                    logger.debug("a program is compiled here", exc_info=True)
            return compile_here(backend, computation, devices, options, host_callbacks, executable_devices, *rest)

        return compile_there

    _wrap_compiler(wrap)


# --- in the compile server ---


def compiler_of_programs() -> Callable[[bytes, bytes], bytes | None]:
    """What compiles a program here: compile options and a program in, an executable out, None where it cannot.

    Only with the options that JAX itself sets: others may name files.
    """
    import jax
    import jax.numpy as jnp
    from jax._src.interpreters import mlir
    from jaxlib.mlir import ir

    seen: dict[bytes, tuple[Any, Any]] = {}

    def wrap(compile_here: Callable[..., Any]) -> Callable[..., Any]:
        def look(backend, computation, devices, options, host_callbacks, executable_devices, *rest):
            plain = _without_hints(options)
            seen[plain.SerializeAsString()] = (plain, executable_devices)
            return compile_here(backend, computation, devices, options, host_callbacks, executable_devices, *rest)

        return look

    _wrap_compiler(wrap)
    for make in (jnp.ones, jax.random.key):  # JAX compiles a small program and a larger one with different options
        make(1)
    backend = jax.devices()[0].client

    def compile_program(options: bytes, program: bytes) -> bytes | None:
        if options not in seen:
            return None
        plain, devices = seen[options]
        try:
            with mlir.make_ir_context():
                module = ir.Module.parse(program)
                quick = quick_options(plain, module)
                compiled = backend.compile_and_load(module, executable_devices=devices, compile_options=quick)
            return compiled.serialize()
        except Exception:  # the submission sees the error when it compiles the program itself
            logger.debug("a program could not be compiled", exc_info=True)
            return None

    return compile_program


def quick_options(options: Any, module: Any) -> Any:
    """The compile options for a program (an MLIR module), with what makes it compile in half of the time.

    XLA's newer way of emitting a loop builds MLIR's whole machinery for each loop. The older one does not, but copies
    the whole of an array that a loop fills entry by entry, at every entry: the newer one stays where that is much.
    """
    if _copied(module) > MAX_COPIED:
        return options
    return options.ParseFromString(options.SerializeAsString() + OLDER_EMITTERS)


def _copied(module: Any) -> float:
    """How many entries the older way would copy, if each array were filled along its longest side."""
    from jaxlib.mlir import ir

    program = _bytecode(module)
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


# --- for all of them ---


def _wrap_compiler(wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put a function in place of the one by which JAX compiles a program."""
    names = vars(importlib.import_module(COMPILER))
    if COMPILE in names:
        names[COMPILE] = wrap(names[COMPILE])


def _without_hints(options: Any) -> Any:
    """A copy of compile options without those for several devices, which differ by the number of arguments."""
    copy = type(options).ParseFromString(options.SerializeAsString())
    copy.executable_build_options.allow_spmd_sharding_propagation_to_parameters = []
    copy.executable_build_options.allow_spmd_sharding_propagation_to_output = []
    return copy


def _canonical(module: Any) -> bytes:
    """A program without the lines of code that it comes from."""
    from jaxlib.mlir import passmanager

    with module.context:
        stripped = module.operation.clone(ip=False)
        passmanager.PassManager.parse("builtin.module(strip-debuginfo)").run(stripped.operation)
        return _bytecode(stripped)


def _bytecode(computation: Any) -> bytes:
    """An MLIR operation in bytes."""
    written = io.BytesIO()
    computation.operation.write_bytecode(file=written)
    return written.getvalue()


def _field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes or a message of less than 128 bytes."""
    tag = number << 3 | 2
    return (bytes([tag]) if tag < 128 else bytes([tag & 127 | 128, tag >> 7])) + bytes([len(content)]) + content


# JAX's compile options hold XLA's (3), these its options for debugging (3), these a map for each backend (500). Python
# has no other name for it, but an environment variable that is for all programs of a process alike. Messages one after
# another are read as one.
OLDER_EMITTERS = _field(3, _field(3, _field(500, _field(1, b"xla_cpu_disable_new_fusion_emitters") + _field(2, b""))))
