"""Settings: what can be set, where does each value come from?

A flag of the command line wins over a `SEARCHAPP_*` variable, that over the default below.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from searchapp.errors import ConfigError

PREFIX = "SEARCHAPP_"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; the name of each, in capitals, is its variable (`SEARCHAPP_INDEX`)."""

    index: Path = Path("index")
    engine: str = "whoosh"
    aliases: Path | None = None
    synonyms: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0


HELP: Mapping[str, str] = {
    "index": "folder of the index",
    "engine": "engine behind the search; this version has whoosh",
    "aliases": "an editor's file of additions and corrections to places and people, applied at reindex",
    "synonyms": "list of synonyms in place of the bundled one",
    "host": "address that serve listens on",
    "port": "port that serve listens on",
    "workers": "processes that reindex or serve use; 0 is one for each core, at most 4",
}


def load_settings(environ: Mapping[str, str] | None = None, **flags: Any) -> Settings:
    """Settings from `flags` (None = not given), `environ` (default os.environ) and defaults.

    Raises ConfigError naming the flag or variable that cannot be used.
    """
    environ = os.environ if environ is None else environ
    settings = Settings()
    for field in fields(Settings):
        given, source = flags.get(field.name), f"--{field.name}"
        if given is None:
            given, source = environ.get(PREFIX + field.name.upper()), PREFIX + field.name.upper()
        if given not in (None, ""):
            settings = replace(settings, **{field.name: _READ[field.name](given, source)})
    return settings


def _path(value: object, source: str) -> Path:
    return Path(str(value)).expanduser()


def _file(value: object, source: str) -> Path:
    path = _path(value, source)
    if not path.is_file():
        raise ConfigError(f"{source}: there is no file {path}")
    return path


def _engine(value: object, source: str) -> str:
    if value != "whoosh":
        raise ConfigError(f"{source}: engine {value!r} is not in this version; use whoosh")
    return "whoosh"


def _text(value: object, source: str) -> str:
    return str(value)


def _number(low: int, high: int) -> Callable[[object, str], int]:
    def read(value: object, source: str) -> int:
        try:
            number = int(str(value))
        except ValueError:
            raise ConfigError(f"{source}: {value!r} is not a whole number") from None
        if not low <= number <= high:
            raise ConfigError(f"{source}: {number} is not between {low} and {high}")
        return number

    return read


_READ: Mapping[str, Callable[[object, str], Any]] = {
    "index": _path,
    "engine": _engine,
    "aliases": _file,
    "synonyms": _file,
    "host": _text,
    "port": _number(0, 65535),
    "workers": _number(0, 64),
}
