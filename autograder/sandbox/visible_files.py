"""The files of this machine that a student's process may read."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import paths

SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
    *("/etc/fonts", "/usr/share/fontconfig", "/usr/share/fonts", "/usr/local/share/fonts"),
    *("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu"),
)


@dataclass(frozen=True, kw_only=True)
class Readable:
    """The files that a student's process may read, in the two forms that the layers of isolation need.

    Paths are sorted, so that a folder comes before its content.

    Attributes:
        whole: for Landlock: readable files, and folders that are readable with everything in them.
        names: for Landlock: folders that may be listed, recursively, but not read.
        bound: for mount namespaces: files and folders that are mounted in the new root.
        covered: for mount namespaces: folders inside them that look empty, except for what is bound in them.
        links: for mount namespaces: symbolic links, each with its target.
    """

    whole: tuple[Path, ...] = ()
    names: tuple[Path, ...] = ()
    bound: tuple[Path, ...] = ()
    covered: tuple[Path, ...] = ()
    links: tuple[tuple[Path, Path], ...] = ()


def library_folders() -> list[Path]:
    """The folders of installed libraries, which may include the kit. An inner environment comes before an outer one."""
    return [path for path in dict.fromkeys(map(Path, sys.path)) if path.name in ("site-packages", "dist-packages")]


def readable(view: Path, libraries: Iterable[Path]) -> Readable:
    """The files that a student's process may read: Python, the system's libraries, `libraries`, and the folder `view`.

    All other installed libraries are hidden, and so is the kit, which may be installed among them.

    Args:
        view: the folder of links that is the student's import path.
        libraries: the files and folders to which it links.
    """
    wanted = [*map(Path, SYSTEM), Path(sys.base_prefix, "lib"), Path(os.__file__).parent, view, *libraries]
    hidden = [paths.ROOT, *library_folders()]
    there = {path: path.resolve() for path in wanted if path.exists()}
    kept = without(frozenset(there.values()), frozenset(path.resolve() for path in hidden if path.exists()))
    links = tuple((path, target) for path, target in there.items() if path != target)
    return replace(kept, links=links)


def without(wanted: frozenset[Path], hidden: frozenset[Path]) -> Readable:
    """Return `wanted` without everything below `hidden`; a wanted path inside a hidden one stays visible."""
    hidden -= wanted
    names: set[Path] = set()

    def parts(path: Path) -> Iterator[Path]:
        if not any(path in folder.parents for folder in hidden):
            yield path
            return
        names.add(path)
        for child in path.iterdir():
            if child not in hidden:
                yield from parts(child)

    def above(path: Path) -> Path | None:
        return next((folder for folder in path.parents if folder in wanted or folder in hidden), None)

    whole = {part for path in wanted for part in parts(path)}
    return Readable(
        whole=tuple(sorted(path for path in whole if not whole.intersection(path.parents))),
        names=tuple(sorted(names)),
        bound=tuple(sorted(path for path in wanted if above(path) not in wanted)),
        covered=tuple(sorted(path for path in hidden if above(path) in wanted)),
    )
