import ctypes
import ctypes.util
import errno
import os

import pytest

from autograder.student.worker.isolation import syscalls

LIBRARY = "libseccomp.so.2"
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
UNKNOWN = -1


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_the_numbers_equal_those_of_libseccomp(machine):
    try:
        resolve = ctypes.CDLL(LIBRARY).seccomp_syscall_resolve_name_arch
    except OSError:
        pytest.skip(f"{LIBRARY} is not installed, so there is nothing to compare with")
    for name in syscalls.NUMBERS:
        found = resolve(ARCHITECTURES[machine], name.encode())
        if found != UNKNOWN:  # an older libseccomp does not know the newest calls
            assert syscalls.number(name, machine) == (found if found >= 0 else None), name


def test_no_call_is_newer_than_the_newest():
    assert max(number or 0 for numbers in syscalls.NUMBERS.values() for number in numbers) <= syscalls.NEWEST


def test_a_call_is_made():
    assert syscalls.call("prctl", 3, 0, 0, 0, 0) in (0, 1)  # PR_GET_DUMPABLE


def test_a_refused_call_raises_an_error():
    with pytest.raises(OSError, match="prctl was refused: Invalid argument") as message:
        syscalls.call("prctl", -1, 0, 0, 0, 0)
    assert message.value.errno == errno.EINVAL


@pytest.mark.parametrize(("system", "machine"), [("Linux", "riscv64"), ("Darwin", "x86_64")])
def test_other_machines_are_refused(monkeypatch, system, machine):
    monkeypatch.setattr(syscalls.platform, "system", lambda: system)
    monkeypatch.setattr(syscalls.platform, "machine", lambda: machine)
    with pytest.raises(syscalls.Unsupported):
        syscalls.call("prctl", 3, 0, 0, 0, 0)


def test_a_call_that_the_machine_lacks_is_refused(monkeypatch):
    monkeypatch.setitem(syscalls.NUMBERS, "fork", (None, None))
    with pytest.raises(OSError, match=os.strerror(errno.ENOSYS)):
        syscalls.call("fork")
