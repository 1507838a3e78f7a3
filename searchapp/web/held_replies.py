"""JSON answers that were sent before, as the bytes that leave: which are still held?

An answer ends with the time that it took, which is new each time; what stands before is held, plain
and, once a client asked for it so, compressed. A gzip stream (RFC 1952) may end with a block that
is stored as it is (RFC 1951, 3.2.4) behind compressed ones, so the end costs nothing to compress.
"""

from __future__ import annotations

import functools
import struct
import time
import zlib

from flask import Response, request

from searchapp.held import Held
from searchapp.web.json_text import object_bytes
from searchapp.web.payload import Json
from searchapp.web.replies import GZIP_LEVEL, accepts_gzip

HELD_BYTES = 16 << 20
"""Of all answers of one process, plain."""
GZIP_HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""No name, no time, no system."""


class HeldReply:
    """All of a JSON object but its last member, `took_ms`; its members may be JsonText."""

    def __init__(self, answer: Json) -> None:
        self.head = object_bytes(answer)[:-1] + b',"took_ms":'

    def reply(self, took_ms: float) -> Response:
        """The whole answer to this request."""
        tail = b"%.3f}" % took_ms
        headers = {"Vary": "Accept-Encoding"}
        body = self.head + tail
        if accepts_gzip():
            body, headers["Content-Encoding"] = self._gzip(tail), "gzip"
        return Response(body, headers=headers, content_type="application/json; charset=utf-8")

    @functools.cached_property
    def _compressed(self) -> tuple[bytes, int]:
        """The head as blocks that end on a byte border, and its CRC-32."""
        stream = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        return stream.compress(self.head) + stream.flush(zlib.Z_SYNC_FLUSH), zlib.crc32(self.head)

    def _gzip(self, tail: bytes) -> bytes:
        blocks, crc = self._compressed
        last = struct.pack("<BHH", 1, len(tail), len(tail) ^ 0xFFFF) + tail
        trailer = struct.pack("<II", zlib.crc32(tail, crc), len(self.head) + len(tail) & 0xFFFFFFFF)
        return b"".join((GZIP_HEAD, blocks, last, trailer))


class HeldReplies:
    """Answers by generation and by what stands in the address. Safe between threads."""

    def __init__(self) -> None:
        self._held: Held[tuple[str, str, bytes], HeldReply] = Held(HELD_BYTES, lambda reply: len(reply.head))

    def get(self, generation: str) -> Response | None:
        """The answer to this request, if the same was asked of `generation` before."""
        began = time.perf_counter()
        held = self._held.get(self._key(generation))
        return held.reply((time.perf_counter() - began) * 1000) if held else None

    def make(self, generation: str, answer: Json) -> Response:
        """The answer to this request, held for the next one like it. `took_ms` in `answer` is its last
        member whatever its place."""
        took_ms = answer.pop("took_ms")
        held = HeldReply(answer)
        if request.method == "GET":
            self._held.hold(self._key(generation), held)
        return held.reply(took_ms)

    @staticmethod
    def _key(generation: str) -> tuple[str, str, bytes]:
        return generation, request.path, request.query_string
