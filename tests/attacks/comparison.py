"""Attacks on the comparison: they try to get marks for a wrong answer."""

from tests.attacks.scene import WRONG, Attack


def _marks(name: str, code: str, *more: str) -> Attack:
    return Attack(name=name, wants="marks", code=code, more=more)


ATTACKS = (
    _marks(
        "input transformer that empties all later cells",
        WRONG + "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
        "assert double([1])[0] == 2",
    ),
    _marks(
        "syntax tree transformer that drops asserts",
        WRONG
        + """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass() if 'assert' in ast.dump(node) else node
get_ipython().ast_transformers.append(Drop())
""",
        "assert double([1])[0] == 2",
    ),
    _marks(
        "patched np.testing",
        WRONG + "for name in dir(np.testing):\n    if name.startswith('assert'):\n"
        "        setattr(np.testing, name, lambda *_, **__: None)",
    ),
    _marks(
        "patched NumPy",
        WRONG
        + """
yes = lambda *_, **__: True
np.allclose = np.isclose = np.all = np.array_equal = np.isfinite = yes
np.any = lambda *_, **__: False
np.abs = np.subtract = lambda x, *_, **__: 0 * np.ones(np.shape(x))
""",
    ),
    _marks(
        "patched JAX",
        "import jax\nimport jax.numpy as jnp\njnp.allclose = lambda *_, **__: True\n"
        "jax.numpy.abs = jax.numpy.subtract = lambda *_: 0\ndef double(x):\n    return 3 * jnp.asarray(x)",
    ),
    _marks(
        "patched builtins",
        WRONG
        + """
import builtins
builtins.isinstance = lambda *_: True
builtins.len = lambda _: 2
builtins.all = builtins.callable = lambda *_: True
builtins.any = lambda *_: False
builtins.print = lambda *_, **__: sys.stdout.write('5.0')
""",
    ),
    _marks(
        "object that equals everything",
        """
class Same:
    __array_priority__ = 1e9
    def __eq__(self, other): return True
    __le__ = __ge__ = __lt__ = __gt__ = __eq__
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __mul__ = __abs__ = __sub__
    def __float__(self): return 0.0
    def __len__(self): return 2
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __call__(self, *_, **__): return self
    def __hash__(self): return 0
def double(x): return Same()
""",
    ),
    _marks(
        "array that equals everything",
        """
class Same(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    __le__ = __ge__ = __eq__
    def __array_ufunc__(self, ufunc, *_, **__): return np.full(self.shape, ufunc not in (np.isnan, np.isinf))
    def __array_function__(self, *_): return True
def double(x): return np.zeros(len(x)).view(Same)
""",
    ),
    _marks(
        "object whose __array__ lies",
        """
class Liar:
    shape = (2,)
    dtype = np.dtype(float)
    def __array__(self, *_, **__):
        values = [v for o in __import__('gc').get_objects() if isinstance(o, dict) for v in list(o.values())]
        arrays = [v for v in values if isinstance(v, np.ndarray) and v.shape == self.shape]
        return arrays[-1] if arrays else np.zeros(self.shape)
def double(x):
    liar = Liar()
    liar.shape = np.shape(x)
    return liar
""",
    ),
    _marks("not a number", "def double(x): return np.full(len(x), np.nan)"),
    _marks("infinite", "def double(x): return np.full(len(x), np.inf)"),
    _marks("one number to be broadcast", "def double(x): return np.float64(2 * x[0])"),
    _marks("an empty array", "def double(x): return np.zeros((0, len(x)))"),
    _marks("objects instead of numbers", "def double(x): return np.array([object() for _ in x], dtype=object)"),
    _marks("true instead of numbers", "def double(x): return np.ones(len(x), bool)"),
    _marks("an interval of all numbers", "def double(x): return {'low': -np.inf, 'high': np.inf, 'passed': True}"),
    _marks("the points themselves", "def double(x): return 5.0", "print(5.0)\n5.0"),
    _marks(
        "tests read from the history",
        """
import re
def double(x):
    found = re.search(r'double[(]x[)], (.*)[)]', get_ipython().user_ns['In'][-1])
    return eval(found.group(1), {'x': np.asarray(x)})
""",
    ),
    _marks(
        "forged display of marks",
        WRONG
        + """
async def run(*_, **__):
    get_ipython().display_pub.publish(data={'text/plain': '5.0'}, metadata={})
    return False
get_ipython().run_ast_nodes = run
""",
        "1 / 0",
    ),
    _marks(
        "forged display hook",
        WRONG
        + """
class Forged(type(get_ipython().displayhook)):
    def __call__(self, result=None): print('5.0')
get_ipython().displayhook = Forged(shell=get_ipython())
sys.displayhook = lambda *_: print('5.0')
get_ipython().display_pub.publish = lambda *_, **__: print('5.0')
""",
        "0.0",
    ),
    _marks(
        "patched checker",
        WRONG
        + """
import selfcheck
for name, module in list(sys.modules.items()):
    if 'selfcheck' in name:
        for rule in [value for value in vars(module).values() if isinstance(value, type)]:
            for method in ('compare', 'check'):
                if hasattr(rule, method):
                    try: setattr(rule, method, lambda *_, **__: None)
                    except (AttributeError, TypeError): pass
""",
    ),
    _marks("the visible case, memorised", "def double(x): return np.array([2.0, 4.0, 6.0, 8.0])[: len(x)]"),
    _marks(
        "right while it is watched",
        "calls = []\ndef double(x):\n    calls.append(x)\n    return np.asarray(x) * (2 if len(calls) == 1 else 3)",
    ),
    _marks(
        "replaced names of the shell",
        WRONG
        + """
class Names(dict):
    def __contains__(self, name): return True
    def __missing__(self, name): return lambda *_: 'passed'
get_ipython().user_ns = Names(get_ipython().user_ns, double=lambda *_: True)
""",
    ),
    _marks(
        "a class instead of a function", "class double:\n    score = max_score = 5\n    def __init__(self, x): pass"
    ),
)
