"""Which inner loops run: those in C, where they could be compiled when searchapp was installed, or numpy's?

Both give the same values, as a test holds; `COMPILED` says which run.
"""

from __future__ import annotations

__all__ = [
    "COMPILED", "add_gains", "count_parts", "find_line", "first", "gains", "group", "held_within",
    "intersect", "largest", "pack", "tally", "unite", "unpack", "unpack_many",
    "unpack_near",
]  # fmt: skip

try:
    from searchapp.engines.whoosh.kernels.in_c import (
        add_gains,
        count_parts,
        find_line,
        first,
        gains,
        group,
        held_within,
        intersect,
        largest,
        pack,
        tally,
        unite,
        unpack,
        unpack_many,
        unpack_near,
    )
except ImportError:
    from searchapp.engines.whoosh.kernels.in_numpy import (
        add_gains,
        count_parts,
        find_line,
        first,
        gains,
        group,
        held_within,
        intersect,
        largest,
        pack,
        tally,
        unite,
        unpack,
        unpack_many,
        unpack_near,
    )

    COMPILED = False
else:
    COMPILED = True
