"""What is found: one word at one place."""

from __future__ import annotations

from typing import TypeAlias

Occurrence: TypeAlias = tuple[int, int, int]
"""`text[start:end]` is the word of that number: (start, end, number)."""
