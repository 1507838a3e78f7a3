"""Hits in order -> groups in order: one line for a text, a county or a person.

A group stands where its best hit stands. A hit with several values is in several groups; hits
without a value are one group, "".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from searchapp.engines.whoosh.packing import I64, U32, ranges
from searchapp.engines.whoosh.snapshot import Column


@dataclass(frozen=True, slots=True)
class Groups:
    """`first`: index into the ordered hits of each group's best, ascending; `sizes`: hits in it;
    `keys`: the group's number, -1 for none."""

    first: I64
    sizes: I64
    keys: I64


def group_by_number(ordered: I64, number: U32) -> Groups:
    """Groups of hits by one number each."""
    return _grouped(number[ordered].astype(np.int64), np.arange(len(ordered)))


def group_by_value(ordered: I64, column: Column) -> Groups:
    """Groups of hits by the values of a facet."""
    sizes = column.at[ordered + 1] - column.at[ordered]
    filled = np.maximum(sizes, 1)
    keys = np.full(int(filled.sum()), -1, np.int64)
    at = np.cumsum(filled) - filled
    keys[ranges(at, sizes)] = column.ids[ranges(column.at[ordered], sizes)]
    return _grouped(keys, np.repeat(np.arange(len(ordered)), filled))


def _grouped(keys: I64, hit_of_key: I64) -> Groups:
    distinct, first, sizes = np.unique(keys, return_index=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    return Groups(hit_of_key[first[order]], sizes[order].astype(np.int64), distinct[order])
