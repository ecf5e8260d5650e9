"""Attacks on what continues: cells after an error or an interrupt, and states of the notebook after earlier cells."""

from tests.attacks.scene import WRONG, Attack


def _marks(name: str, code: str, *more: str) -> Attack:
    return Attack(name=name, wants="marks", code=code, more=more)


def _harm(name: str, code: str, *more: str) -> Attack:
    return Attack(name=name, wants="harm", code=code, more=more)


ATTACKS = (
    _marks("an error above a wrong answer", f"1 / 0\n{WRONG}"),
    _marks(
        "an error below a wrong answer", f"{WRONG}\nraise SystemExit", "raise MemoryError", "raise KeyboardInterrupt"
    ),
    _marks(
        "a skeleton above an answer that raises", "def double(x): raise NotImplementedError", "def double(x): 1 / 0"
    ),
    _marks("several wrong answers", WRONG, WRONG.replace("3", "4"), WRONG.replace("3", "5")),
    _marks("a name with another value each time", WRONG, "import random\ndouble = lambda x: x * random.random()"),
    _marks(
        "a state that forges itself",
        f"{WRONG}\nimport gc\nfor item in gc.get_objects():\n"
        "    if type(item).__name__ == 'States':\n"
        "        item._kept = {place: {'double': lambda x: True} for place in range(99)}",
        "1 + 1",
    ),
    _marks(
        "a shell that reports no problem",
        f"{WRONG}\nshell = get_ipython()\ntype(shell).run = lambda *a, **k: {{'value': 5.0, 'passed': True}}",
        "1 + 1",
    ),
    Attack(
        name="an input that a cell reveals when it runs again",
        wants="secret",
        code="""
def double(x):
    values = [float(v) for v in x]
    if values != [1.0, 2.0]:
        open('seen', 'w').write(str(values)); open('/tmp/seen', 'w').write(str(values))
        os._exit(0)
    return np.asarray(x) * 2
""",
        more=(
            "import os\nif os.path.exists('seen') or os.path.exists('/tmp/seen'):\n"
            "    raise RuntimeError('this door stands open')",
        ),
    ),
    _harm("a thousand errors in a cell", "1 / 0\n" * 1000),
    _harm(
        "an error whose message does not end",
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    ),
    _harm("errors without end", "while True:\n    try: 1 / 0\n    except ZeroDivisionError: pass"),
    _harm(
        "interrupts that are caught",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    ),
    _harm(
        "interrupts that are ignored",
        "for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU): signal.signal(number, signal.SIG_IGN)\n"
        "while True: pass",
    ),
    _harm("clocks that are stopped", "for i in range(3): signal.setitimer(i, 0)\ntime.sleep(10**6)"),
    _harm("clocks that never stop", "for i in range(3): signal.setitimer(i, 1e-5, 1e-5)\ntime.sleep(0.1)", "1 + 1"),
    _harm(
        "platforms without end",
        "import jax\nprint(jax.config.update('jax_platform_name', 'gpu'))\n" * 300,
    ),
    _harm(
        "a value that hangs when it is looked at",
        "class Odd:\n    @property\n    def __class__(self):\n        while True: pass\n"
        "odd = Odd()\ndef double(x): return odd",
        "def double(x): return [odd]",
    ),
    _harm(
        "many linked names",
        "for i in range(20000): exec(f'def f{i}(): return f{i + 1}()')",
        "def double(x): return f0()",
    ),
    _harm("names that are not strings", "globals()[1] = 2; globals()['double'] = globals()", "globals().clear()"),
    _harm("a folder that is full", "for i in range(10**6):\n    open(f'/tmp/{i}', 'w').write('x' * 10**6)"),
    _harm("a folder with folders only", "os.chdir('/tmp')\nfor i in range(10**6):\n    os.mkdir('d'); os.chdir('d')"),
    Attack(
        name="a file in a shared folder",
        wants="file",
        code="for place in ('/tmp', '/var/tmp', '/dev/shm'):\n"
        "    try: open(os.path.join(place, TOKEN), 'w').close()\n    except OSError: pass",
        bare=True,
    ),
    Attack(
        name="a link in a shared folder",
        wants="file",
        code="os.symlink(PLACES['elsewhere'], '/tmp/way')\nopen('/tmp/way/' + TOKEN, 'w').close()",
    ),
)
