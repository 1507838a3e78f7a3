"""Which static file is meant, and may it be kept for ever?

The few files are read once; all of them live under one address that changes with their content
(`/static/<fingerprint>/name`), so that modules may import each other by relative names.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from pathlib import Path

from flask import Response

from searchapp.web.replies import accepts_gzip

FOLDER = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
KEEP = "public, max-age=31536000, immutable"


class Assets:
    """The files of one folder, by name, with their common fingerprint."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._bodies = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
        self._zipped = {name: gzip.compress(body, 9, mtime=0) for name, body in self._bodies.items()}
        digest = hashlib.sha256()
        for name, body in self._bodies.items():
            digest.update(name.encode() + b"\0" + body)
        self.fingerprint = digest.hexdigest()[:12]

    def url(self, name: str, root: str = "") -> str:
        """The address of a file; KeyError when there is none."""
        if name not in self._bodies:
            raise KeyError(name)
        return f"{root}/static/{self.fingerprint}/{name}"

    def reply(self, fingerprint: str, name: str) -> Response | None:
        """The file, or None. An outdated address gets today's file, not to be kept."""
        body = self._bodies.get(name)
        if body is None:
            return None
        zipped = accepts_gzip()
        suffix = Path(name).suffix
        kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        reply = Response(self._zipped[name] if zipped else body, content_type=f"{kind}; charset=utf-8")
        if zipped:
            reply.headers["Content-Encoding"] = "gzip"
        reply.vary.add("Accept-Encoding")
        reply.headers["Cache-Control"] = KEEP if fingerprint == self.fingerprint else "no-cache"
        return reply
