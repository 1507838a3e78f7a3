"""Which inner loops run: those in C, where they could be compiled when searchapp was installed, or numpy's?

Both give the same values, as a test holds; `COMPILED` says which run.
"""

from __future__ import annotations

__all__ = [
    "COMPILED", "KEY_CHARS", "add_gains", "count_facets", "count_parts", "count_records", "count_terms",
    "find_line", "first", "gains", "group", "held_within", "intersect", "pack", "rank_keys", "sort_grams",
    "unite", "unpack", "unpack_many", "unpack_near", "word_keys",
]  # fmt: skip

from searchapp.engines.whoosh.kernels.in_numpy import KEY_CHARS

try:
    from searchapp.engines.whoosh.kernels.in_c import (
        add_gains,
        count_facets,
        count_parts,
        count_records,
        count_terms,
        find_line,
        first,
        gains,
        group,
        held_within,
        intersect,
        pack,
        rank_keys,
        sort_grams,
        unite,
        unpack,
        unpack_many,
        unpack_near,
        word_keys,
    )
except ImportError:
    from searchapp.engines.whoosh.kernels.in_numpy import (
        add_gains,
        count_facets,
        count_parts,
        count_records,
        count_terms,
        find_line,
        first,
        gains,
        group,
        held_within,
        intersect,
        pack,
        rank_keys,
        sort_grams,
        unite,
        unpack,
        unpack_many,
        unpack_near,
        word_keys,
    )

    COMPILED = False
else:
    COMPILED = True
