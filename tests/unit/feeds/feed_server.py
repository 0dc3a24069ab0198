"""A server of a feed's files that fails on demand."""

import base64
import hashlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler


@dataclass
class Home:
    """A server's files, faults and log."""

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    break_after: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    style: str = "repr-digest"
    odd: dict[str, list[tuple[int, bytes, dict[str, str]]]] = field(default_factory=dict)
    url: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.lstrip("/")
        wanted = handler.headers.get("Range")
        self.requests.append((name, wanted))
        if self.odd.get(name):
            code, body, headers = self.odd[name][0] if len(self.odd[name]) == 1 else self.odd[name].pop(0)
            handler.send_response(code)
            for key, value in {"Content-Length": str(len(body)), **headers}.items():
                handler.send_header(key, value)
            handler.end_headers()
            handler.wfile.write(body)
            return
        if name not in self.files:
            handler.send_error(404)
            return
        content = self.files[name]
        tag = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
        start = 0
        if wanted and handler.headers.get("If-Range") == tag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                handler.send_response(416)
                handler.send_header("Content-Range", f"bytes */{len(content)}")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.send_header("ETag", tag)
        handler.send_header("Content-Length", str(len(content) - start))
        if name in self.hashes:
            if self.style == "repr-digest":
                digest = base64.b64encode(bytes.fromhex(self.hashes[name])).decode()
                handler.send_header("Repr-Digest", f"sha-256=:{digest}:")
            else:
                handler.send_header("X-Linked-ETag", f'"{self.hashes[name]}"')
        handler.end_headers()
        stop = self.break_after.pop(name, None)
        handler.wfile.write(content[start : len(content) if stop is None else stop])
        handler.wfile.flush()
        handler.close_connection = True
