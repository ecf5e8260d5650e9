"""Attacks by processes that end too early, never end, or try to end other processes."""

from tests.attacks.scene import Attack


def _harm(name: str, code: str) -> Attack:
    return Attack(name=name, wants="harm", code=code)


ATTACKS = (
    _harm("a loop without end in a cell", "while True: pass"),
    _harm("a loop without end in a call", "def double(x):\n    while True: pass"),
    _harm("a loop without end below Python", "9 ** 9 ** 9"),
    _harm("a sleep without end", "time.sleep(10**6)"),
    _harm(
        "all signals ignored",
        "for number in set(signal.valid_signals()) - {9, 19, 32, 33}:\n    signal.signal(number, signal.SIG_IGN)\n"
        "while True: pass",
    ),
    _harm(
        "signal handlers that go on",
        "for number in (signal.SIGTERM, signal.SIGXCPU, signal.SIGALRM, signal.SIGINT, signal.SIGHUP):\n"
        "    signal.signal(number, lambda *_: None)\nwhile True: pass",
    ),
    _harm("all signals blocked", "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass"),
    _harm("a repeated alarm", "signal.setitimer(signal.ITIMER_REAL, 1e-4, 1e-4)\nwhile True: pass"),
    _harm("a silent exit", "os._exit(0)"),
    _harm("a silent exit in a call", "def double(x): os._exit(0)"),
    _harm("a plain exit", "def double(x): sys.exit(0)"),
    _harm("an interrupt", "def double(x): raise KeyboardInterrupt"),
    _harm("a segmentation fault", "def double(x): ctypes.string_at(0)"),
    _harm("an abort in a thread", "threading.Thread(target=os.abort).start()\ntime.sleep(60)"),
    _harm("a signal without a name", "def double(x): os.kill(os.getpid(), 40)"),
    _harm("a stop", "os.kill(os.getpid(), signal.SIGSTOP)"),
    _harm("closed descriptors", "os.closerange(0, 256)"),
    _harm("closed descriptors, and a sleep", "os.closerange(0, 256)\ntime.sleep(10**6)"),
    _harm("a link that is shut down", "socket.socket(fileno=link()).shutdown(socket.SHUT_RDWR)"),
    _harm("another end of the link", "a, b = socket.socketpair()\nos.dup2(a.fileno(), link())\ntime.sleep(10**6)"),
    _harm("a handler at the exit", "import atexit\natexit.register(time.sleep, 10**6)\natexit.register(os.abort)"),
    _harm(
        "threads that stay",
        "for _ in range(9): threading.Thread(target=time.sleep, args=(10**6,)).start()\ndef double(x): return x",
    ),
    _harm("a signal to all processes", "os.kill(-1, signal.SIGKILL)"),
    _harm("a signal to the group", "os.killpg(0, signal.SIGKILL)"),
    _harm("a signal to the parent", "os.kill(os.getppid() or 1, signal.SIGKILL)"),
    _harm("a signal to the fork server", "os.kill(SERVER, signal.SIGKILL)"),
    _harm("a stop of the grader", "os.kill(GRADER, signal.SIGSTOP)"),
    _harm("a signal to the grader's thread", "syscalls.call('tgkill', GRADER, GRADER, signal.SIGKILL)"),
    _harm(
        "a signal through a file",
        "import fcntl\na, b = os.pipe()\nfcntl.fcntl(a, fcntl.F_SETOWN, SERVER)\nfcntl.fcntl(a, 10, signal.SIGKILL)\n"
        "fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC)\nos.write(b, b'!')",
    ),
    _harm("a recursion without end", "def double(x): return double(x)"),
    _harm(
        "a recursion below Python",
        "sys.setrecursionlimit(10**9)\ndef double(x):\n    return eval('(' * 10**5 + ')' * 10**5)",
    ),
    _harm(
        "a recursion in a hash",
        "class Deep:\n    def __hash__(self): return hash(self)\ndef double(x): return {Deep()}",
    ),
    _harm(
        "a trace of every line", "def trace(*_):\n    raise SystemExit\nsys.settrace(trace)\nthreading.settrace(trace)"
    ),
    _harm("a profile of every call", "def profile(*_):\n    raise KeyboardInterrupt\nsys.setprofile(profile)"),
    _harm(
        "an audit hook that refuses",
        "def hook(event, args):\n    if not event.startswith('exec'): raise SystemExit(event)\nsys.addaudithook(hook)",
    ),
    _harm("an audit hook that ends", "sys.addaudithook(lambda *_: os._exit(0))"),
    _harm("a hook of the collector", "import gc\ngc.callbacks.append(lambda *_: os._exit(0))\ngc.collect()"),
    _harm("standard streams replaced", "sys.stdout = sys.stderr = sys.stdin = None\nsys.excepthook = None\nprint('a')"),
    _harm("modules removed", "sys.modules.clear()\nimport numpy"),
    _harm("an import replaced", "import builtins\nbuiltins.__import__ = lambda *_, **__: os.abort()"),
)
