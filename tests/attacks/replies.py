"""Attacks by forged or malformed replies to the grader."""

from tests.attacks.scene import WRONG, Attack


def _forged(name: str, frame: str) -> Attack:
    code = "import json\ndef frame(header, body=b''):\n    header = header.encode()\n"
    code += "    return len(header).to_bytes(4, 'big') + len(body).to_bytes(8, 'big') + header + body\n"
    code += "def double(x):\n    from kit_student.worker import wire\n"
    return Attack(name=name, wants="marks", code=f"{code}    os.write(link(), {frame})\n    return 3 * np.asarray(x)")


def _returned(name: str, code: str) -> Attack:
    return Attack(name=name, wants="harm", code=code)


ATTACKS = (
    _forged("a frame that claims success", "wire.encode({'score': 5.0, 'max_score': 5.0, 'passed': True})"),
    _forged("a frame that names no failure", "wire.encode({'kind': 'passed'})"),
    _forged("the visible answer for all cases", "20 * wire.encode({'value': np.array([2.0, 4.0]), 'output': ''})"),
    _forged("an object to be unpickled", "b'\\x80\\x04c__builtin__\\nexec\\n'"),
    _forged("a header of four billion bytes", "b'\\xff' * 4 + bytes(8)"),
    _forged("a body of 2**63 bytes", "(2).to_bytes(4, 'big') + b'\\xff' * 8 + b'{}'"),
    _forged("a negative shape", """frame('{"dict": {"value": {"array": ["f8", [-1]]}}}', bytes(8))"""),
    _forged("a shape too large to count", """frame('{"dict": {"value": {"array": ["f8", [%d, 0]]}}}' % 2**70)"""),
    _forged("an array of objects", """frame('{"dict": {"value": {"array": ["O8", [1]]}}}', bytes(8))"""),
    _forged("a header that is nested a million deep", "frame('[' * 10**6)"),
    _forged("a number of a million digits", """frame('{"dict": {"value": ' + '9' * 10**6 + '}}')"""),
    _forged("not a number, as JSON", """frame('{"dict": {"value": NaN}}')"""),
    _forged("a name twice", """frame('{"dict": {"value": null}, "dict": {"kind": "missing"}}')"""),
    _forged("a text of half a character", """frame('{"dict": {"kind": "raised", "text": "\\\\ud800"}}')"""),
    Attack(
        name="patched encoder",
        wants="marks",
        code=WRONG
        + """
from kit_student.worker import wire
encode = wire.encode
wire.encode = lambda reply: encode({'value': np.array([2.0, 4.0]), 'output': '', 'score': 5.0, 'passed': True})
""",
    ),
    Attack(
        name="patched service",
        wants="marks",
        code=WRONG
        + """
from kit_student.selfcheck import codec
from kit_student.worker import submission, wire
codec.decode_probe = lambda _: lambda function, args: True
submission._run = submission._call = lambda *_: {'value': None, 'kind': 'passed'}
""",
    ),
    Attack(
        name="code in a pickled object",
        wants="file",
        code="""
class Code:
    def __reduce__(self): return open, (os.path.join(PLACES['elsewhere'], TOKEN), 'w')
def double(x):
    array = np.empty(len(x), dtype=object)
    array[:] = [Code() for _ in x]
    return array
""",
    ),
    Attack(
        name="code in pickled bytes",
        wants="file",
        code="""
import pickle
class Code:
    def __reduce__(self): return os.mknod, (os.path.join(PLACES['elsewhere'], TOKEN),)
def double(x):
    os.write(link(), pickle.dumps(Code()))
    return pickle.dumps(Code())
""",
    ),
    Attack(
        name="file descriptors along with a reply",
        wants="harm",
        code="""
import array
def double(x):
    with socket.socket(fileno=os.dup(link())) as grader:
        fds = array.array('i', [os.open(os.devnull, os.O_RDONLY) for _ in range(100)])
        grader.sendmsg([b'!'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
""",
    ),
    Attack(
        name="bytes that arrive slowly",
        wants="harm",
        code="""
def double(x):
    fd = link()
    os.write(fd, (20).to_bytes(4, 'big') + (10**6).to_bytes(8, 'big') + b' ' * 20)
    while True:
        os.write(fd, b' ')
        until = time.monotonic() + 2e-4
        while time.monotonic() < until: pass
""",
    ),
    _returned("a giant array", "def double(x): return np.zeros(2**23)"),
    _returned("a giant text", "def double(x): return 'x' * 10**7"),
    _returned("a giant dict", "def double(x): return {str(i): i for i in range(10**6)}"),
    _returned("a list nested too deep", "def double(x):\n    y = []\n    for _ in range(10**5): y = [y]\n    return y"),
    _returned("a list that holds itself", "def double(x):\n    y = []\n    y.append(y)\n    return y"),
    _returned("an iterator without end", "import itertools\ndef double(x): return itertools.count()"),
    _returned(
        "a mapping without end",
        "from collections.abc import Mapping\nclass Endless(Mapping):\n    def __iter__(self):\n"
        "        while True: yield 'a'\n    def __len__(self): return 1\n    def __getitem__(self, key): return 1\n"
        "def double(x): return Endless()",
    ),
    _returned(
        "an error without a readable message",
        "class Worst(BaseException):\n    def __str__(self): raise self\n    __repr__ = __str__\n"
        "    __class__ = property(lambda self: os._exit(3))\ndef double(x): raise Worst",
    ),
)
