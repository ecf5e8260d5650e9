"""The filter, interpreted in Python. The kernel's own interpreter runs it in test_layers."""

import errno
import struct

import pytest

from autograder.student.worker.isolation import seccomp, syscalls

PID = 77
ALLOWED, KILLED = "allowed", "killed"
OTHER = {"x86_64": "aarch64", "aarch64": "x86_64"}


def verdict(machine: str, number: int, *args: int, architecture: str | None = None) -> str | int:
    """The filter's decision on a call: the number of an error, or `ALLOWED` or `KILLED`."""
    padded = [*args, *[0] * (6 - len(args))]
    call = struct.pack("<IIQ6Q", number, seccomp.AUDIT_ARCHITECTURES[architecture or machine], 0, *padded)
    lines = seccomp.program(machine=machine, pid=PID)
    word = at = 0
    while True:
        code, if_true, if_false, constant = lines[at]
        at += 1
        match code:
            case seccomp.LOAD:
                (word,) = struct.unpack_from("<I", call, constant)
            case seccomp.AND:
                word &= constant
            case seccomp.EQUAL:
                at += if_true if word == constant else if_false
            case seccomp.GREATER:
                at += if_true if word > constant else if_false
            case seccomp.NOT_LESS:
                at += if_true if word >= constant else if_false
            case seccomp.RETURN if constant == seccomp.ALLOW:
                return ALLOWED
            case seccomp.RETURN if constant == seccomp.KILL_PROCESS:
                return KILLED
            case seccomp.RETURN:
                return constant & 0xFFFF


@pytest.fixture(params=syscalls.MACHINES)
def machine(request) -> str:
    return request.param


def of(machine: str, name: str, *args: int) -> str | int:
    number = syscalls.number(name, machine)
    assert number is not None
    return verdict(machine, number, *args)


@pytest.mark.parametrize(
    ("names", "says"),
    [(seccomp.DENIED, errno.EPERM), (seccomp.PRETENDED, 0), (seccomp.MISSING, errno.ENOSYS)],
    ids=["denied", "pretended", "missing"],
)
def test_calls_are_judged_by_their_number(machine, names, says):
    there = [name for name in names if syscalls.number(name, machine) is not None]
    assert {of(machine, name) for name in there} == {says}


def test_a_call_without_a_rule_is_allowed(machine):
    named = {syscalls.number(name, machine) for name in syscalls.NUMBERS}
    assert {verdict(machine, number) for number in range(syscalls.NEWEST + 1) if number not in named} == {ALLOWED}


def test_a_call_newer_than_the_table_is_reported_as_missing(machine):
    assert verdict(machine, syscalls.NEWEST + 1) == errno.ENOSYS


@pytest.mark.parametrize("number", [0x40000000, 0x40000000 + 59, 0xFFFFFFFF])
def test_the_second_set_of_numbers_is_denied(machine, number):
    assert verdict(machine, number) == errno.EPERM


def test_another_architecture_ends_the_process(machine):
    assert verdict(machine, 0, architecture=OTHER[machine]) == KILLED


@pytest.mark.parametrize("name", seccomp.TO_ITSELF)
def test_signals_go_only_to_the_process_itself(machine, name):
    assert of(machine, name, PID, 9) == ALLOWED
    assert {of(machine, name, pid, 9) for pid in (0, 1, PID + 1, 2**32 - 1)} == {errno.EPERM}


@pytest.mark.parametrize("name", seccomp.OF_ITSELF)
def test_settings_can_be_changed_only_for_the_process_itself(machine, name):
    assert {of(machine, name, pid) for pid in (0, PID)} == {ALLOWED}
    assert {of(machine, name, pid) for pid in (1, PID + 1)} == {errno.EPERM}


@pytest.mark.parametrize(
    ("name", "args", "allowed"),
    [
        ("clone", (0x3D0F00,), True),  # a thread of the C library
        ("clone", (0x11,), False),  # a fork
        ("clone", (0x10000000,), False),  # a user namespace
        ("socketpair", (1, 1), True),
        ("socketpair", (1, 0o2000001), True),  # closed on exec
        ("socketpair", (1, 2), False),  # datagrams
        ("socketpair", (2, 1), False),
        ("sendto", (3, 2**40, 8, 0, 0), True),
        ("sendto", (3, 2**40, 8, 0, 1), False),
        ("sendto", (3, 2**40, 8, 0, 2**32), False),
        ("personality", (0xFFFFFFFF,), True),
        ("personality", (0x40000,), False),
        ("prctl", (15,), True),
        ("prctl", (1,), False),
        ("fcntl", (0, 3), True),
        *(("fcntl", (0, command), False) for command in (8, 10, 15, 1024, 1026)),
        ("ioctl", (0, 0x5401), True),
        *(("ioctl", (0, command), False) for command in (0x5412, 0x8901, 0x8902)),
        ("ioctl", (0, 0x5412 + 2**32), False),  # the kernel reads only the lower half
    ],
)
def test_calls_are_judged_by_their_arguments(machine, name, args, allowed):
    assert of(machine, name, *args) == (ALLOWED if allowed else errno.EPERM)


def test_each_call_has_one_rule():
    groups = [seccomp.DENIED, seccomp.PRETENDED, seccomp.MISSING, seccomp.TO_ITSELF, seccomp.OF_ITSELF, seccomp.CHECKED]
    names = [name for group in groups for name in group]
    assert len(names) == len(set(names))


def test_the_kernel_accepts_the_program(machine):
    lines = seccomp.program(machine=machine, pid=PID)
    assert len(lines) < 4096
    assert all(0 <= jump < 256 for _, if_true, if_false, _ in lines for jump in (if_true, if_false))


def test_a_machine_without_a_table_is_refused(monkeypatch):
    monkeypatch.setattr(syscalls.platform, "machine", lambda: "riscv64")
    with pytest.raises(syscalls.Unsupported, match="not Linux on riscv64"):
        seccomp.restrict(PID)
