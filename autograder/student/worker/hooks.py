"""All changes that the kit makes to JAX and GenJAX beyond their settings. Only the grader's processes use them.

A hook only saves time; a student's notebook has no hooks. `missing` tells which hooks do not fit the installed
versions: then the grader logs a warning, and each submission compiles its programs itself. `python -m benchmarks.hooks`
measures the time that each hook saves.
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
MAX_COPIED = 2e7  # entries; copying them takes about 20 milliseconds

logger = logging.getLogger(__name__)


def missing() -> tuple[str, ...]:
    """The names that the hooks replace and that the imported versions of JAX and GenJAX do not have."""
    hooked = {COMPILER: COMPILE} | ({GENJAX: KEY} if GENJAX in sys.modules else {})
    return tuple(f"{module}.{name}" for module, name in hooked.items() if not hasattr(sys.modules.get(module), name))


# --- in the fork server, and in the submissions that it forks ---


def import_library(name: str) -> None:
    """Import a library without starting XLA.

    GenJAX makes a key when it is imported, which would start XLA. Here it makes none; see `make_keys`.
    """
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
    """Make the key that `import_library` kept GenJAX from making."""
    if genjax := sys.modules.get(GENJAX):
        vars(genjax)[KEY] = sys.modules["jax.random"].key(1)


# --- in a submission ---


def compile_by(ask: Callable[[bytes, bytes], bytes]) -> None:
    """Let another process compile the programs of this process.

    Args:
        ask: takes compile options and a program, and returns the executable; empty bytes if this process has to compile
            the program itself.
    """

    def wrap(compile_here: Callable[..., Any]) -> Callable[..., Any]:
        def compile_there(backend, computation, devices, options, host_callbacks, executable_devices, *rest):
            if not host_callbacks:  # with callbacks, the program contains an address in this process
                try:
                    if executable := ask(_without_hints(options).SerializeAsString(), canonical(computation)):
                        return backend.deserialize_executable(executable, executable_devices, options)
                except Exception:
                    logger.debug("a program is compiled here", exc_info=True)
            return compile_here(backend, computation, devices, options, host_callbacks, executable_devices, *rest)

        return compile_there

    wrap_compiler(wrap)


# --- in the compile server ---


def compiler_of_programs() -> Callable[[bytes, bytes], bytes | None]:
    """Return a function from compile options and a program to an executable; None if it cannot be compiled.

    The function accepts only the options that JAX itself sets: other options may name files.
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

    wrap_compiler(wrap)
    for make in (jnp.ones, jax.random.key):  # JAX uses different options for a small and a larger program
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
    """The compile options for a program (an MLIR module), changed so that it compiles in half the time.

    XLA's new fusion emitters are slow: they set up all of MLIR for each loop. The old emitters are fast. But if a loop
    fills an array entry by entry, they copy the whole array for each entry. So programs in which these copies could be
    large keep the new emitters.
    """
    if _entries_copied(module) > MAX_COPIED:
        return options
    return options.ParseFromString(options.SerializeAsString() + OLDER_EMITTERS)


def _entries_copied(module: Any) -> float:
    """The number of entries that the old emitters would copy, if loops filled each array along its longest axis."""
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


# --- for all these processes ---


def wrap_compiler(wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace the function with which JAX compiles a program."""
    names = vars(importlib.import_module(COMPILER))
    if COMPILE in names:
        names[COMPILE] = wrap(names[COMPILE])


def _without_hints(options: Any) -> Any:
    """A copy of compile options without options for several devices, which depend on the number of arguments."""
    copy = type(options).ParseFromString(options.SerializeAsString())
    copy.executable_build_options.allow_spmd_sharding_propagation_to_parameters = []
    copy.executable_build_options.allow_spmd_sharding_propagation_to_output = []
    return copy


def canonical(module: Any) -> bytes:
    """A program in bytes, without the file names and line numbers of the code that it was made from."""
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
    """A field of a protocol buffer: its number, and its content of fewer than 128 bytes."""
    tag = number << 3 | 2
    return (bytes([tag]) if tag < 128 else bytes([tag & 127 | 128, tag >> 7])) + bytes([len(content)]) + content


# Field 3 of JAX's compile options holds XLA's build options; their field 3 holds the debug options; their field 500 is
# a map of extra options for the backend. Python has no attribute for this map, and the environment variable XLA_FLAGS
# would change all programs of a process. Protocol buffers that follow one another are merged when they are read.
OLDER_EMITTERS = _field(3, _field(3, _field(500, _field(1, b"xla_cpu_disable_new_fusion_emitters") + _field(2, b""))))
