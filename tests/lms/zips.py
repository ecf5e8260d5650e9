"""Zips as systems and attackers make them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

FOLDER = 0o040755 << 16
LINK = 0o120777 << 16


def write(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a zip of files; a name that ends with a slash is a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = FOLDER if name.endswith("/") else 0o100644 << 16
            archive.writestr(info, content)
    return path


def write_as_ruby(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a zip whose names are UTF-8 without the flag, as Canvas does."""
    data = io.BytesIO()
    places = {name: _ascii(name.encode()) for name in files}
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(places[name].decode(), content)
    written = data.getvalue()
    for name, place in places.items():
        assert written.count(place) == 2, "two names are alike without their accents"
        written = written.replace(place, name.encode())
    path.write_bytes(written)
    return path


def _ascii(name: bytes) -> bytes:
    return bytes(letter if letter < 128 else ord("~") for letter in name)
