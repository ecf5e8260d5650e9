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
    """What a student's process reads, told in two ways.

    One names all that may be read: `whole` files and folders, and folders of which only the `names` may be.
    The other puts it together: folders that are `bound`, what is `covered` in them, and `links` to them.
    Who goes through the second in the order of the paths comes to a folder before what is in it.
    """

    whole: tuple[Path, ...] = ()
    names: tuple[Path, ...] = ()
    bound: tuple[Path, ...] = ()
    covered: tuple[Path, ...] = ()
    links: tuple[tuple[Path, Path], ...] = ()


def library_folders() -> list[Path]:
    """Where libraries are installed, the kit perhaps among them; an environment over another goes first."""
    return [path for path in dict.fromkeys(map(Path, sys.path)) if path.name in ("site-packages", "dist-packages")]


def readable(view: Path, libraries: Iterable[Path]) -> Readable:
    """What a student's process reads: Python, the system, the libraries, and the folder `view` with links to these.

    Nothing of the kit's own, which may be installed among the libraries, and no other library that is.
    """
    wanted = [*map(Path, SYSTEM), Path(sys.base_prefix, "lib"), Path(os.__file__).parent, view, *libraries]
    hidden = [paths.ROOT, *library_folders()]
    there = {path: path.resolve() for path in wanted if path.exists()}
    kept = without(frozenset(there.values()), frozenset(path.resolve() for path in hidden if path.exists()))
    links = tuple((path, target) for path, target in there.items() if path != target)
    return replace(kept, links=links)


def without(wanted: frozenset[Path], hidden: frozenset[Path]) -> Readable:
    """The wanted files and folders except for what is hidden in them, and for that except for what is wanted there."""
    hidden -= wanted
    names: set[Path] = set()

    def parts(path: Path) -> Iterator[Path]:
        if not any(path in one.parents for one in hidden):
            yield path
            return
        names.add(path)
        for child in path.iterdir():
            if child not in hidden:
                yield from parts(child)

    def above(path: Path) -> Path | None:
        return next((one for one in path.parents if one in wanted or one in hidden), None)

    whole = {part for path in wanted for part in parts(path)}
    return Readable(
        whole=tuple(sorted(path for path in whole if not whole.intersection(path.parents))),
        names=tuple(sorted(names)),
        bound=tuple(sorted(path for path in wanted if above(path) not in wanted)),
        covered=tuple(sorted(path for path in hidden if above(path) in wanted)),
    )
