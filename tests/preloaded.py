"""Run `autograder` commands without the seconds that its libraries take to load.

A server, started by `python -m tests.preloaded SOCKET`, loads the libraries once and prints a line when it listens. For
each command, it forks a process, which takes over the arguments, the folder, the standard input and the outputs of the
client; the client is `CLIENT`.
"""

import json
import os
import socket
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from autograder import cli

PACKAGES = ("commands", "course", "publish", "systems")
"""Their modules, and the libraries of these, are loaded before the first command."""
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    socket.send_fds(server, [json.dumps([os.getcwd(), sys.argv]).encode()], [0, 1, 2])
    sys.exit(server.recv(1)[0])
"""


def serve(address: str) -> None:
    """Run one command after the other."""
    for package in PACKAGES:
        for module in walk_packages(import_module(f"autograder.{package}").__path__, f"autograder.{package}."):
            import_module(module.name)
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
    sys.argv = [Path(arguments[0]).name, *arguments[1:]]
    cli.app()


if __name__ == "__main__":
    serve(sys.argv[1])
