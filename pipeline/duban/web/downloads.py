"""Files as answers: their types, and names that every browser takes."""
from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "jsonl": "application/x-ndjson; charset=utf-8",
    "html": "text/html; charset=utf-8", "json": "application/json; charset=utf-8",
}  # fmt: skip


def download(content: bytes, name: str) -> Response:
    """A download; the policy of its answer keeps a page from running where it is opened from here."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    place = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=TYPES[name.rpartition(".")[2]], headers={"Content-Disposition": place})
