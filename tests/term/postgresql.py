"""A PostgreSQL server from Debian's package, in a temporary folder, on a socket there."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

NOBODY = "nobody"  # PostgreSQL refuses to run as root
OWNER = "instructor"


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None if they are not installed."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = [*debian, *([Path(on_path).resolve()] if on_path else [])]
    return found[-1].parent if found else None


@contextmanager
def server() -> Iterator[Path]:
    """Run a server; yield the folder of its socket, for `new_database`."""
    folder = programs()
    if folder is None:
        raise FileNotFoundError("PostgreSQL is not installed (Debian: apt install postgresql)")
    # Not in pytest's folders: a socket's path has at most 107 bytes, and another user must reach it.
    home = Path(tempfile.mkdtemp(prefix="gradebook-"))
    owner = NOBODY if os.geteuid() == 0 else None

    def run(program: str, *words: str) -> None:
        command = [str(folder / program), "-D", str(home / "data"), *words]
        # To a file, not a pipe: the server keeps the outputs of `pg_ctl` open.
        with (home / "log").open("a") as log:
            subprocess.run(command, cwd=home, stdout=log, stderr=log, user=owner, check=True)

    try:
        if owner:
            shutil.chown(home, owner)
        run("initdb", "--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        options = f"-k {home} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "start", "--wait", "--options", options)
        try:
            yield home
        finally:
            run("pg_ctl", "stop", "--mode", "immediate")
    finally:
        shutil.rmtree(home)


def new_database(socket: Path, name: str) -> str:
    """Make an empty database; return its address in the form of nbgrader's `db_url`."""
    with psycopg.connect(host=str(socket), user=OWNER, dbname="postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return f"postgresql+psycopg://{OWNER}@/{name}?host={socket}"
