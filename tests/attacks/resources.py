"""Attacks that try to use up memory, disk space, threads, processes or output."""

from tests.attacks.scene import Attack


def _harm(name: str, code: str) -> Attack:
    return Attack(name=name, wants="harm", code=code)


def _limit(name: str) -> Attack:
    code = f"resource.setrlimit(resource.{name}, (resource.RLIM_INFINITY,) * 2)\nadmit()"
    return Attack(name=f"a higher {name}", wants="secret", code=code)


ATTACKS = (
    _harm("memory", "kept = []\nwhile True: kept.append(bytearray(2**26))"),
    _harm("memory in a call", "def double(x):\n    return np.ones(2**34)"),
    _harm("memory mapped and shared", "import mmap\nkept = []\nwhile True: kept.append(mmap.mmap(-1, 2**28))"),
    _harm("a file", "with open('large', 'wb') as file:\n    while True: file.write(bytes(2**20))"),
    _harm("a file of holes", "with open('large', 'wb') as file: file.truncate(2**50)"),
    _harm("many files", "for i in range(10**9): open(f'f{i}', 'wb').close()"),
    _harm("many links", "open('a', 'w').close()\nfor i in range(10**9): os.link('a', f'l{i}')"),
    _harm("folders that are nested without end", "for _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')"),
    _harm("folders that nobody may enter", "os.umask(0o777)\nfor i in range(9): os.makedirs(f'd{i}', 0)"),
    _harm("descriptors", "kept = []\nwhile True: kept.append(os.open(os.devnull, os.O_RDONLY))"),
    _harm("pipes, full", "kept = []\nwhile True:\n    kept.append(os.pipe())\n    os.write(kept[-1][1], bytes(2**16))"),
    _harm(
        "threads",
        "threading.stack_size(2**15)\n"
        "while True: threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
    ),
    _harm("threads that compute", "for _ in range(9): threading.Thread(target=lambda: 9 ** 9 ** 8).start()"),
    _harm("forks", "while True:\n    try: os.fork()\n    except OSError: pass"),
    _harm("forks by other names", "while True:\n    libc.vfork()\n    libc.syscall(435, None, 0)"),
    _harm("timers", "while True: threading.Timer(600, print).start()"),
    _harm("printed text", "while True: print('x' * 10**6)"),
    _harm(
        "printed text in a call",
        "def double(x):\n    for _ in range(10**5): print(x)\n    raise ValueError('x' * 10**7)",
    ),
    _harm(
        "text written to the descriptors", "while True:\n    os.write(1, bytes(2**20))\n    os.write(2, bytes(2**20))"
    ),
    _harm("figures", "import matplotlib.pyplot as plt\nwhile True: plt.figure(figsize=(99, 99)).savefig('f.png')"),
    *map(_limit, ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE")),
)
