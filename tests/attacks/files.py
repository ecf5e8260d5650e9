"""Attacks on files that a student must not read or write."""

from tests.attacks.scene import Attack


def _read(name: str, code: str, *, bare: bool = False) -> Attack:
    return Attack(name=name, wants="secret", code=code, bare=bare)


def _write(name: str, code: str, *, bare: bool = False) -> Attack:
    return Attack(name=name, wants="file", code=code, bare=bare)


def _mark(place: str, *, bare: bool = False) -> Attack:
    return _write(f"a file in {place}", f"open(os.path.join(PLACES[{place!r}], TOKEN), 'w').close()", bare=bare)


ATTACKS = (
    _read("a secret by its path", "raise RuntimeError(open(SECRET).read())", bare=True),
    _read("a secret by a symbolic link", "os.symlink(SECRET, 'a')\nraise RuntimeError(open('a').read())", bare=True),
    _read("a secret by a hard link", "os.link(SECRET, 'a')\nraise RuntimeError(open('a').read())"),
    _read("a secret moved here", "os.rename(SECRET, 'a')\nraise RuntimeError(open('a').read())"),
    _read(
        "a secret by the root of a process",
        "raise RuntimeError(open('/proc/self/root' + SECRET).read())",
        bare=True,
    ),
    _read(
        "a secret by the folder of the grader",
        "raise RuntimeError(open(f'/proc/{GRADER}/root' + SECRET).read())",
        bare=True,
    ),
    _read(
        "a secret through `..`",
        "raise RuntimeError(open(os.path.relpath(SECRET)).read())",
        bare=True,
    ),
    _read(
        "a secret by its handle",
        """
handle = ctypes.create_string_buffer((128).to_bytes(4, 'little') + bytes(132))
syscalls.call('name_to_handle_at', -100, SECRET.encode() + b'\\0', handle, ctypes.create_string_buffer(8), 0)
admit()
""",
    ),
    _read(
        "a secret by a descriptor that was left open",
        """
for fd in range(3, 256):
    try: raise RuntimeError(os.read(os.open(SECRET[1:], os.O_RDONLY, dir_fd=fd), 99).decode())
    except OSError: pass
""",
    ),
    _read(
        "a neighbour's work",
        "import glob\nfor name in glob.glob(os.path.join(PLACES['scratch'], '*', 'work', 'notes.txt')):\n"
        "    raise RuntimeError(open(name).read())",
        bare=True,
    ),
    _read(
        "a neighbour's work, in the next folder",
        "for folder, _, names in os.walk('../..'):\n    if 'notes.txt' in names:\n"
        "        raise RuntimeError(open(os.path.join(folder, 'notes.txt')).read())",
        bare=True,
    ),
    _read("the home folder", "os.listdir(PLACES['home'])\nadmit()", bare=True),
    _read("the passwords", "open('/etc/shadow')\nadmit()"),
    _read("the names of users", "open('/etc/passwd')\nadmit()", bare=True),
    _read("the memory of the machine", "open('/dev/mem', 'rb')\nadmit()"),
    _mark("temporary", bare=True),
    _mark("memory"),
    _mark("home"),
    _mark("cache"),
    _mark("libraries"),
    _mark("repository"),
    _mark("scratch", bare=True),
    _mark("elsewhere", bare=True),
    _write("a file by a symbolic link", "os.symlink(PLACES['elsewhere'], 'a')\nopen('a/' + TOKEN, 'w')", bare=True),
    _write("a file moved out", "open(TOKEN, 'w').close()\nos.rename(TOKEN, PLACES['temporary'] + '/' + TOKEN)"),
    _write("a link out", "open('a', 'w').close()\nos.link('a', PLACES['elsewhere'] + '/' + TOKEN)"),
    _write("a folder out", "os.mkdir(PLACES['elsewhere'] + '/' + TOKEN)"),
    _write("a pipe out", "os.mkfifo(PLACES['elsewhere'] + '/' + TOKEN)", bare=True),
    _write(
        "marks written into the gradebook",
        "import sqlite3\nwith sqlite3.connect(GRADEBOOK) as book: book.execute('update grade set score = 100')",
        bare=True,
    ),
    _write("a gradebook emptied", "os.truncate(GRADEBOOK, 0)", bare=True),
    _write("a gradebook removed", "os.unlink(GRADEBOOK)", bare=True),
    _write("a gradebook replaced", "open('a', 'w').close()\nos.replace('a', GRADEBOOK)"),
    _write(
        "a module that the next submission imports",
        "import sysconfig\nopen(sysconfig.get_path('purelib') + '/' + TOKEN, 'w')\n",
    ),
    _write(
        "a file mode that the next submission finds",
        "os.chmod(np.__file__, 0)\nos.utime(np.__file__, (0, 0))\nos.chown(np.__file__, 1, 1)",
    ),
    _read("the rights of another user", "os.setuid(0 if os.getuid() else 1)\nadmit()"),
    _read(
        "a program with the rights of its owner",
        "open('a', 'w').close()\nos.chmod('a', 0o4755)\nif os.stat('a').st_mode & stat.S_ISUID: admit()",
        bare=True,
    ),
    _read(
        "a library that others must wait for",
        "import fcntl\nfcntl.fcntl(open(np.__file__), fcntl.F_SETLEASE, fcntl.F_WRLCK)\nadmit()",
    ),
)
