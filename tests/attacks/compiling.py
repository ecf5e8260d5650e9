"""Attacks on the compile server, which serves all submissions of a class: a submission can send it anything."""

from tests.attacks.scene import Attack

ASK = """
import struct
import jax, jax.numpy as jnp
there = socket.socket(fileno=os.dup([fd for fd in range(3, 256) if is_socket(fd)][1]))

def send(block):
    there.sendall(struct.pack('>I', len(block)) + block)

def seen(function, *args):
    # The bytes that JAX would have sent.
    sent = []
    usual = socket.socket.sendall
    socket.socket.sendall = lambda self, block: sent.append(bytes(block[4:])) or usual(self, block)
    jax.jit(function)(*args)
    socket.socket.sendall = usual
    return sent
"""


def _harm(name: str, code: str, *more: str) -> Attack:
    return Attack(name=name, wants="harm", code=ASK + code, more=more)


ATTACKS = (
    _harm("no program", "send(b'')\nsend(b'')\nsend(b'options')\nsend(b'program')"),
    _harm("half a program", "there.sendall(struct.pack('>I', 1000) + b'MLIR')"),
    _harm("a program of four gigabytes", "there.sendall(struct.pack('>I', 2**32 - 1) + bytes(2**20))"),
    _harm(
        "programs that are cut off",
        "options, program = seen(lambda x: x + 1, 1.0)[:2]\n"
        "for end in range(0, len(program), 7):\n    send(options)\n    send(program[:end])\n    there.recv(4)",
    ),
    _harm(
        "programs with a byte changed",
        "import random\nrandom.seed(0)\noptions, program = seen(lambda x: jnp.sin(x).sum(), jnp.ones(3))[:2]\n"
        "for _ in range(60):\n    broken = bytearray(program)\n"
        "    broken[random.randrange(len(broken))] = random.randrange(256)\n    send(options)\n"
        "    send(bytes(broken))\n    there.recv(10**6)",
    ),
    _harm(
        "a program that takes long to compile",
        "def long(x):\n    for i in range(1000):\n        x = jnp.sin(x) * i\n    return x\n"
        "jax.jit(long)(jnp.ones((7, 9)))",
    ),
    Attack(
        name="options that name a file",
        wants="file",
        code=ASK + "options, program = seen(lambda x: x + 1, 1.0)[:2]\n"
        "from jax._src.lib import xla_client\n"
        "parsed = xla_client.CompileOptions.ParseFromString(options)\n"
        "place = PLACES['elsewhere'] + '/' + TOKEN\n"
        "parsed.executable_build_options.debug_options.xla_dump_to = place\n"
        "send(parsed.SerializeAsString())\nsend(program)",
    ),
    Attack(
        name="programs of others, by their folder",
        wants="secret",
        code="store = PLACES['cache'] + '/gmm-teaching-kit/compiled'\nif os.listdir(store):\n    admit()",
        bare=True,
    ),
)
