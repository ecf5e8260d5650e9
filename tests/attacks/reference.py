"""Attacks on the reference, the cases and the grader itself."""

from tests.attacks.scene import Attack


def _door(name: str, code: str, *, bare: bool = False) -> Attack:
    return Attack(name=name, wants="secret", code=f"{code}\nadmit()", bare=bare)


def _marks(name: str, code: str) -> Attack:
    return Attack(name=name, wants="marks", code=code)


ATTACKS = (
    _door("the reference by its name", "import reference"),
    _door("the grader by its name", "import autograder.exercises"),
    _door(
        "the reference by its folder",
        "sys.path.insert(0, PLACES['repository'])\nimport reference.em",
        bare=True,
    ),
    _door(
        "the reference by its file",
        "from importlib.util import module_from_spec, spec_from_file_location as locate\n"
        "spec = locate('answers', PLACES['repository'] + '/reference/em.py')\n"
        "spec.loader.exec_module(module_from_spec(spec))",
        bare=True,
    ),
    _door("the source of the reference", "open(PLACES['repository'] + '/reference/em.py').read()", bare=True),
    _door(
        "the source of the cases",
        "open(PLACES['repository'] + '/autograder/exercises/em/__init__.py').read()",
        bare=True,
    ),
    _door("the source of the tests", "os.listdir(PLACES['repository'] + '/tests')", bare=True),
    _door(
        "the reference, up from the kit's own part",
        "import kit_student\n"
        "root = os.path.realpath(kit_student.__path__[0])\n"
        "open(root + '/../../reference/em.py').read()",
        bare=True,
    ),
    _door(
        "the reference in compiled modules",
        "import glob\nassert glob.glob(PLACES['repository'] + '/autograder/exercises/__pycache__/*.pyc')",
    ),
    _door("modules of the grader", "assert [n for n in sys.modules if n.split('.')[0] in ('autograder', 'reference')]"),
    _door("the grader's environment in its own", "assert [n for n in os.environ if n.startswith('ATTACKED')]"),
    _door(
        "the start environment of the fork server",
        "environment = open('/proc/self/environ').read()\nassert 'ATTACKED' in environment",
    ),
    Attack(
        name="hidden inputs in memory",
        wants="secret",
        code="""
import gc
def double(x):
    five = float('5')  # a literal would be found itself, as a constant of this function
    for item in gc.get_objects():
        if type(item) in (tuple, list) and len(item) == 1 and type(item[0]) is tuple and item[0][:1] == (five,):
            admit()
""",
    ),
    _marks(
        "expected values in the callers' frames",
        """
def double(x):
    frame, shape = sys._getframe(1), np.shape(x)
    while frame:
        for value in [v for n in (frame.f_locals, frame.f_globals) for v in list(n.values())]:
            for item in value.values() if isinstance(value, dict) else [value]:
                try: found = np.asarray(item, float)
                except Exception: continue
                if found.shape == shape and not np.array_equal(found, x): return found
        frame = frame.f_back
    raise LookupError('no expected value')
""",
    ),
    _marks(
        "expected values among all objects",
        """
import gc
def double(x):
    for item in gc.get_objects():
        if type(item) is tuple and len(item) == len(x) and all(type(v) is float for v in item):
            if item != x: return item
    raise LookupError('no expected value')
""",
    ),
    _marks(
        "the next case in the callers' frames",
        """
def double(x):
    frame, cases = sys._getframe(1), []
    while frame:
        request = frame.f_locals.get('request')
        if isinstance(request, dict): cases += [v for k, v in request.items() if k not in ('call', 'args', 'probe')]
        frame = frame.f_back
    assert any(isinstance(case, (tuple, dict)) for case in cases)
""",
    ),
    _marks(
        "the truth in the request",
        """
def double(x):
    frame = sys._getframe(1)
    while frame:
        for name in ('truth', 'expected', 'exercise', 'case', 'rule'):
            if name in frame.f_locals or name in frame.f_globals:
                found = frame.f_locals.get(name, frame.f_globals.get(name))
                return found(np.asarray(x)) if callable(found) else found
        frame = frame.f_back
    raise LookupError('no truth')
""",
    ),
    _door(
        "the script of a student with right answers",
        "open(PLACES['repository'] + '/autograder/exercises/em/answers/ada.py').read()",
        bare=True,
    ),
)
