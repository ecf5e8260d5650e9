"""Attacks that start programs, reach other processes, or use dangerous system calls."""

from tests.attacks.scene import Attack

TOUCH = "[sys.executable, '-S', '-c', 'import sys; open(sys.argv[1], \"w\")', PLACES['elsewhere'] + '/' + TOKEN]"
SLEEP = "[sys.executable, '-S', '-c', 'import time; time.sleep(600)', TOKEN]"


def _file(name: str, code: str, *more: str, bare: bool = True) -> Attack:
    return Attack(name=name, wants="file", code=code, more=more, bare=bare)


def _process(name: str, code: str) -> Attack:
    return Attack(name=name, wants="process", code=code)


def _door(name: str, code: str, *, bare: bool = False) -> Attack:
    return Attack(name=name, wants="secret", code=f"{code}\nadmit()", bare=bare)


ATTACKS = (
    _file("a program", f"subprocess.run({TOUCH})"),
    _file("a shell", "os.system('touch ' + PLACES['elsewhere'] + '/' + TOKEN)"),
    _file("a shell by C", "libc.system(('touch ' + PLACES['elsewhere'] + '/' + TOKEN).encode())"),
    _file("a spawned program", f"command = {TOUCH}\nos.waitpid(os.posix_spawn(command[0], command, {{}}), 0)"),
    _file("another program in its place", f"command = {TOUCH}\nos.execv(command[0], command)"),
    _file(
        "another program in its place, by a descriptor",
        f"command = {TOUCH}\nos.execve(os.open(command[0], os.O_RDONLY), command, {{}})",
    ),
    _file("a terminal", f"import pty\npty.spawn({TOUCH})"),
    _file(
        "IPython's ways to a shell",
        "open('target', 'w').write(PLACES['elsewhere'] + '/' + TOKEN)",
        "!touch `cat target`",
        "%%bash\ntouch `cat target`",
        "%%script python3\nopen(open('target').read(), 'w')",
        "get_ipython().getoutput('touch `cat target`')",
        bare=False,
    ),
    _file(
        "a pool of processes",
        "import multiprocessing\ncontext = multiprocessing.get_context('fork')\n"
        "child = context.Process(target=open, args=(PLACES['elsewhere'] + '/' + TOKEN, 'w'))\n"
        "child.start()\nchild.join()",
    ),
    _file(
        "a daemon that writes",
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        open(PLACES['elsewhere'] + '/' + TOKEN, 'w').close()\n    os._exit(0)\nos.wait()\ntime.sleep(1)",
    ),
    _process(
        "a daemon that stays",
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        os.execv(sys.executable, {SLEEP})\n    os._exit(0)\nos.wait()",
    ),
    _process("a program that stays", f"subprocess.Popen({SLEEP}, start_new_session=True)"),
    _process(
        "a process with its own name that stays",
        "if os.fork() == 0:\n    libc.prctl(15, TOKEN.encode(), 0, 0, 0)\n    os.setsid()\n    time.sleep(600)",
    ),
    _process("itself, when the grader is gone", "libc.prctl(1, 0, 0, 0, 0)\nlibc.prctl(15, TOKEN.encode(), 0, 0, 0)"),
    _door("the environment of the first process", "open('/proc/1/environ').read()"),
    _door("the environment of the parent", "open(f'/proc/{os.getppid() or 1}/environ').read()"),
    _door("the environment of the grader", "open(f'/proc/{GRADER}/environ').read()", bare=True),
    _door("the command line of the grader", "open(f'/proc/{GRADER}/cmdline').read()", bare=True),
    _door("the memory of the fork server", "open(f'/proc/{SERVER}/mem', 'rb')", bare=True),
    _door("the memory of the grader", "open(f'/proc/{GRADER}/mem', 'rb')", bare=True),
    _door("the map of the grader", "open(f'/proc/{GRADER}/maps').read()", bare=True),
    _door("the descriptors of the fork server", "os.listdir(f'/proc/{SERVER}/fd')", bare=True),
    _door("the list of processes", "assert len([n for n in os.listdir('/proc') if n.isdigit()]) > 2", bare=True),
    _door("ptrace", "syscalls.call('ptrace', 0x4206, SERVER, 0, 0)"),
    _door(
        "process_vm_readv",
        "syscalls.call('process_vm_readv', SERVER, ctypes.create_string_buffer(16), 0, None, 0, 0)",
    ),
    _door("a process through its descriptor", "fd = os.pidfd_open(SERVER)\nsyscalls.call('pidfd_getfd', fd, 0, 0)"),
    _door("a signal through a descriptor", "signal.pidfd_send_signal(os.pidfd_open(SERVER), 0)", bare=True),
    _door("the limits of the fork server", "resource.prlimit(SERVER, resource.RLIMIT_NOFILE, (64, 64))"),
    _door("the processors of the fork server", "os.sched_setaffinity(SERVER, [min(os.sched_getaffinity(0))])"),
    _door("the priority of the fork server", "os.setpriority(os.PRIO_PROCESS, SERVER, 19)"),
    _door("keys pressed at the terminal", "import fcntl\nfcntl.ioctl(0, 0x5412, b'x')"),
    _door("mount", "syscalls.call('mount', b'none\\0', b'.\\0', b'tmpfs\\0', 0, None)"),
    _door("unshare", "os.unshare(os.CLONE_NEWUSER)"),
    _door("setns", "os.setns(os.open('/proc/self/ns/mnt', os.O_RDONLY))"),
    _door("pivot_root", "syscalls.call('pivot_root', b'.\\0', b'.\\0')"),
    _door("chroot", "os.chroot('.')"),
    _door("open_tree", "syscalls.call('open_tree', -100, b'/\\0', 1)"),
    _door("io_uring", "syscalls.call('io_uring_setup', 1, ctypes.create_string_buffer(120))"),
    _door("memfd_create", "os.memfd_create('a')", bare=True),
    _door("userfaultfd", "syscalls.call('userfaultfd', 1)"),
    _door("bpf", "syscalls.call('bpf', 0, ctypes.create_string_buffer(128), 128)"),
    _door("perf_event_open", "syscalls.call('perf_event_open', ctypes.create_string_buffer(128), 0, -1, -1, 0)"),
    _door("keyctl", "syscalls.call('keyctl', 0, -3, 0)", bare=True),
    _door("add_key", "syscalls.call('add_key', b'user\\0', b'a\\0', b'b', 1, -2)"),
    _door("shared memory by number", "syscalls.call('shmget', 0, 4096, 0o1600)"),
    _door("a personality", "syscalls.call('personality', 0x40000)", bare=True),
    _door("a clone in the table of the parent", "pid = libc.syscall(56, 0x8000, 0, 0, 0, 0)\nassert pid >= 0"),
    _door(
        "capabilities",
        "status = open('/proc/self/status').read()\nassert int(status.split('CapEff:')[1].split()[0], 16)",
    ),
    _door("a call with a number of x32", "assert libc.syscall(0x40000000 + 39) > 0"),
)
