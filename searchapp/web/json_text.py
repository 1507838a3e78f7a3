"""Compact JSON, parts of which were written before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class JsonText(str):
    """A value that is JSON already, without white space."""

    __slots__ = ()


json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON of a value."""


def object_bytes(members: Mapping[str, Any]) -> bytes:
    """`replies.json_bytes` of an object, some of whose own members may be JsonText."""
    written: list[str] = []
    waiting: dict[str, Any] = {}
    for name, value in members.items():
        if not isinstance(value, JsonText):
            waiting[name] = value
            continue
        if waiting:
            written.append(json_text(waiting)[1:-1])
            waiting = {}
        written.append(f"{json_text(name)}:{value}")
    if waiting:
        written.append(json_text(waiting)[1:-1])
    return ("{" + ",".join(written) + "}").encode("utf-8", "replace")
