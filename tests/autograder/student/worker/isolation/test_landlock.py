"""Landlock alone, without the filter of system calls, which would refuse the same."""

import json
import os
import socket
import subprocess
import sys

import pytest

from autograder import paths
from autograder.sandbox import isolation
from autograder.student.worker.isolation import landlock

PROBLEM = isolation.probe()["landlock"]
pytestmark = pytest.mark.skipif(PROBLEM is not None, reason=f"no Landlock here: {PROBLEM}")
SCOPED = pytest.mark.skipif(not PROBLEM and landlock.version() < 6, reason="this kernel's Landlock has no scopes")

TRY = """
import json, os, socket, sys
from pathlib import Path
from autograder.student.worker.isolation import landlock

def outcome(attempt):
    try: attempt()
    except OSError as error: return os.strerror(error.errno)
    return "done"
"""


def run(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", TRY + code], env={"PYTHONPATH": str(paths.ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_only_listed_files_can_be_used(tmp_path):
    for name in ("whole/in", "names/in", "own/in", "other/in"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_text("a")
    code = f"""
base = Path({str(tmp_path)!r})
landlock.restrict(
    readable=[str(base / "whole"), str(base / "names/in/file")], listable=[str(base / "names")],
    writable=[base / "own", os.devnull],
)
print(json.dumps([outcome(attempt) for name in ("whole", "names", "own", "other") for attempt in (
    (base / name / "in/file").read_text,
    lambda: os.listdir(base / name / "in"),
    lambda: (base / name / "in/file").write_text("b"),
    lambda: os.truncate(base / name / "in/file", 0),
    (base / name / "in/new").touch,
    lambda: (base / name / "in/file").rename(base / "own/moved"),
)] + [outcome(lambda: Path(os.devnull).write_text("b")), outcome(lambda: os.mkfifo(base / "own/pipe"))]))
"""
    done, denied = "done", "Permission denied"
    assert run(code) == [
        *(done, done, denied, denied, denied, denied),
        *(done, done, denied, denied, denied, denied),
        *(done, done, done, done, done, done),
        *(denied, denied, denied, denied, denied, denied),
        *(done, done),
    ]


def test_tcp_is_denied():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        code = f"""
landlock.restrict(readable=[], listable=[], writable=[])
print(json.dumps([
    outcome(lambda: socket.create_connection({address!r}, 5)), outcome(lambda: socket.create_server(("127.0.0.1", 0)))
]))
"""
        assert run(code) == ["Permission denied"] * 2


@SCOPED
def test_signals_and_abstract_sockets_stay_inside():
    name = f"\0autograder-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        code = f"""
landlock.restrict(readable=[], listable=[], writable=[])
print(json.dumps([
    outcome(lambda: os.kill(os.getppid(), 0)),
    outcome(lambda: socket.socket(socket.AF_UNIX).connect({name!r})),
    outcome(lambda: os.kill(os.getpid(), 0)),
]))
"""
        assert run(code) == ["Operation not permitted", "Operation not permitted", "done"]


def test_a_missing_file_is_an_error():
    assert run(
        "print(json.dumps([outcome(lambda: landlock.restrict(readable=['/no'], listable=[], writable=[]))]))"
    ) == ["No such file or directory"]
