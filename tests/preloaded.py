"""Run the commands of the guide without the seconds that their libraries take to load.

A server, started by `python -m tests.preloaded SOCKET ASSIGNMENT`, loads the libraries once and prints a line when it
listens. For each command, it forks a process, which takes over the arguments, the folder, the standard input and the
outputs of the client; the client is `CLIENT`, under the name of the command: `autograder`, `nbgrader`, or `python`,
which runs a script.
"""

import gc
import json
import os
import runpy
import socket
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from autograder import cli, exercises

PACKAGES = ("commands", "course", "publish", "systems")
"""Their modules, and the libraries of these, are loaded before the first command."""
LATE = ("alembic.command", "nbgrader.apps.nbgraderapp", "pydantic.type_adapter", "sqlalchemy.dialects.sqlite")
"""So are these, which are otherwise loaded by functions."""
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
if sys.argv[1:2] == ["-m"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    socket.send_fds(server, [json.dumps([os.getcwd(), sys.argv]).encode()], [0, 1, 2])
    sys.exit(server.recv(1)[0])
"""


def serve(address: str, assignment: str) -> None:
    """Run one command after the other."""
    for package in PACKAGES:
        for module in walk_packages(import_module(f"autograder.{package}").__path__, f"autograder.{package}."):
            import_module(module.name)
    for name in LATE:
        import_module(name)
    exercises.load(assignment)
    gc.collect()
    gc.freeze()  # the collector would copy all memory into each process
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)
        while True:
            client, _ = listener.accept()
            with client:
                message, streams, *_ = socket.recv_fds(client, 2**16, 3)
                child = os.fork()
                if child == 0:
                    listener.close()
                    folder, arguments = json.loads(message)
                    _become(folder, arguments, streams)
                    return
                for stream in streams:
                    os.close(stream)
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                client.sendall(bytes([status if status >= 0 else 128 - status]))


def _become(folder: str, arguments: list[str], streams: list[int]) -> None:
    """Run a command in this process, and end the process with the command's status."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    program, *words = Path(arguments[0]).name, *arguments[1:]
    if program == "python":
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
        return
    sys.argv = [program, *words]
    if program == "nbgrader":
        import_module("nbgrader.apps.nbgraderapp").main()
    else:
        cli.app()


if __name__ == "__main__":
    serve(*sys.argv[1:])
