"""Which characters are taken for one another by their shape?"""

from __future__ import annotations

import functools
from pathlib import Path

LOOKALIKES = Path(__file__).with_name("lookalikes.txt")


@functools.cache
def load_lookalikes(path: Path = LOOKALIKES) -> dict[str, tuple[str, ...]]:
    """Character -> the characters that look like it, sorted."""
    alike: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        group = line.partition("#")[0].strip()
        for char in group:
            alike.setdefault(char, set()).update(group.replace(char, ""))
    return {char: tuple(sorted(others)) for char, others in alike.items()}
