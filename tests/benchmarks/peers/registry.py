"""Which peers are there? Imported late, so that a missing one is reported, not fatal."""

from __future__ import annotations

import importlib

from peers.base import Peer

PEERS = {
    "ours": ("peers.ours", "Ours"),
    "tantivy": ("peers.tantivy_py", "Tantivy"),
    "tantivy-plain": ("peers.tantivy_py", "TantivyPlain"),
    "whoosh": ("peers.stock_whoosh", "StockWhoosh"),
    "sqlite": ("peers.sqlite_fts5", "SqliteFts5"),
    "opensearch": ("peers.opensearch", "OpenSearch"),
}
SHARES_INDEX = {"tantivy-plain": "tantivy"}
"""A peer that asks the index of another."""


def make_peer(key: str) -> Peer:
    """The peer of that key; raises ImportError where its package is not installed."""
    module, name = PEERS[key]
    peer: Peer = getattr(importlib.import_module(module), name)()
    return peer
