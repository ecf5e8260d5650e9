"""A filter of system calls: the kernel refuses the calls that a notebook never needs.

Landlock protects files. This filter protects the rest: the network, other processes, other programs, and parts of the
kernel that a notebook does not use. The filter is a program for the kernel's classic BPF machine, see seccomp(2).
"""

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass

from . import syscalls

LOAD, AND, RETURN = 0x20, 0x54, 0x06  # load a word of the call; "and" with a constant; return a decision
EQUAL, GREATER, NOT_LESS = 0x15, 0x25, 0x35  # jumps
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # their offsets in the call's data, in bytes
ALLOW, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000  # from here on: a second set of numbers for the calls of x86-64
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2

DENIED = (
    # The network, and sockets by name.
    *("socket", "connect", "bind", "listen", "accept", "accept4"),
    # Other programs and processes.
    *("execve", "execveat", "fork", "vfork", "ptrace", "kcmp", "process_vm_readv", "process_vm_writev"),
    *("process_madvise", "process_mrelease", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "get_robust_list"),
    *("setpriority", "ioprio_set", "move_pages", "migrate_pages"),
    # Memory shared by name or number, and watches on files.
    *("shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv", "msgctl"),
    *("mq_open", "mq_unlink", "inotify_init", "inotify_init1", "fanotify_init"),
    # Files that have no path, or that some versions of Landlock do not protect.
    *("memfd_create", "memfd_secret", "name_to_handle_at", "open_by_handle_at", "truncate"),
    *("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"),
    # Namespaces and mounts.
    *("unshare", "setns", "pivot_root", "mount", "umount2", "mount_setattr", "move_mount", "open_tree"),
    *("fsopen", "fsconfig", "fsmount", "fspick"),
    # The machine.
    *("reboot", "swapon", "swapoff", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module"),
    *("acct", "quotactl", "quotactl_fd", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex"),
    *("sethostname", "setdomainname", "syslog", "vhangup", "ioperm", "iopl", "modify_ldt", "uselib"),
    # Calls through which the kernel has often been attacked.
    *("bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "lookup_dcookie"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
)
# IPython and shutil call these, and fail if a call fails: the filter does nothing and reports success.
PRETENDED = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("utime", "utimes", "utimensat", "futimesat"),
)
# Reported as missing. Then the C library makes threads by `clone`, whose flags a filter can read.
MISSING = ("clone3",)
# The first argument is a process id: only the caller's own is allowed.
TO_ITSELF = ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
# The same, but 0 also means the caller.
OF_ITSELF = ("prlimit64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler")

CLONE_THREAD = 0x00010000
AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF
PR_SET_PDEATHSIG = 1
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
F_SETLEASE, F_NOTIFY = 1024, 1026
TIOCSTI, FIOSETOWN, SIOCSPGRP = 0x5412, 0x8901, 0x8902
ASK_PERSONALITY = 0xFFFFFFFF

type Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


@dataclass(frozen=True, kw_only=True)
class Check:
    """A condition on an argument of a system call.

    Attributes:
        half: the index of the 32-bit word: two words for each argument, the lower word first.
        mask: the bits of the word that are compared.
        values: the values that are compared with.
        wanted: whether the word must be one of the values (True) or must not (False).
    """

    half: int = 0
    mask: int = 0xFFFFFFFF
    values: tuple[int, ...]
    wanted: bool = True


CHECKED: dict[str, tuple[Check, ...]] = {
    "clone": (Check(mask=CLONE_THREAD, values=(CLONE_THREAD,)),),
    # asyncio uses a pair of sockets to wake its loop. Stream sockets of a pair can reach only each other; datagram
    # sockets could send to others.
    "socketpair": (Check(values=(AF_UNIX,)), Check(half=2, mask=SOCK_TYPE_MASK, values=(SOCK_STREAM,))),
    "sendto": (Check(half=8, values=(0,)), Check(half=9, values=(0,))),  # no address
    "personality": (Check(values=(ASK_PERSONALITY,)),),
    # The process must still end with its parent, send no signal through a file, and block no other process's files.
    "prctl": (Check(values=(PR_SET_PDEATHSIG,), wanted=False),),
    "fcntl": (Check(half=2, values=(F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY), wanted=False),),
    "ioctl": (Check(half=2, values=(TIOCSTI, FIOSETOWN, SIOCSPGRP), wanted=False),),
}


def program(*, machine: str, pid: int) -> list[Instruction]:
    """The filter's instructions.

    Args:
        machine: the architecture, such as `x86_64`.
        pid: the process id to which signals are allowed.
    """
    return [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, AUDIT_ARCHITECTURES[machine]),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
        (NOT_LESS, 0, 1, X32),
        _error(errno.EPERM),
        # Calls of later kernels are reported as missing; programs that use them know what to do without them.
        (GREATER, 0, 1, syscalls.NEWEST),
        _error(errno.ENOSYS),
        *(line for name in DENIED for line in _rule(machine, name, [_error(errno.EPERM)])),
        *(line for name in PRETENDED for line in _rule(machine, name, [_error(0)])),
        *(line for name in MISSING for line in _rule(machine, name, [_error(errno.ENOSYS)])),
        *(line for name in TO_ITSELF for line in _rule(machine, name, _checked(Check(values=(pid,))))),
        *(line for name in OF_ITSELF for line in _rule(machine, name, _checked(Check(values=(0, pid))))),
        *(line for name, checks in CHECKED.items() for line in _rule(machine, name, _checked(*checks))),
        (RETURN, 0, 0, ALLOW),
    ]


def restrict(pid: int) -> None:
    """Apply the filter to the calling thread and threads that it starts later. This cannot be undone.

    Args:
        pid: the process id to which signals are allowed.

    Raises:
        OSError: the kernel refused.
        syscalls.Unsupported: there is no filter for this machine.
    """
    syscalls.number("prctl")
    instructions = b"".join(struct.pack("HBBI", *line) for line in program(machine=platform.machine(), pid=pid))
    code = ctypes.create_string_buffer(instructions, len(instructions))
    header = struct.pack("HP", len(instructions) // 8, ctypes.addressof(code))
    syscalls.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    syscalls.call("prctl", PR_SET_SECCOMP, MODE_FILTER, header, 0, 0)


def _rule(machine: str, name: str, then: list[Instruction]) -> list[Instruction]:
    """The instructions for one system call: `then` runs if its number is in the accumulator, else nothing changes."""
    number = syscalls.number(name, machine)
    return [] if number is None else [(EQUAL, 0, len(then), number), *then]


def _checked(*checks: Check) -> list[Instruction]:
    """Instructions that allow a call if all conditions hold, and deny it otherwise."""
    lines: list[Instruction] = []
    for check in checks:
        lines += [(LOAD, 0, 0, ARGUMENTS + 4 * check.half), (AND, 0, 0, check.mask)]
        last = len(check.values) - 1
        for i, value in enumerate(check.values):
            # If the values are wanted, a match jumps over the error, and no match runs into it; else the reverse.
            lines.append((EQUAL, last - i + check.wanted, int(i == last and not check.wanted), value))
        lines.append(_error(errno.EPERM))
    return [*lines, (RETURN, 0, 0, ALLOW)]


def _error(number: int) -> Instruction:
    return (RETURN, 0, 0, ERRNO | number)
