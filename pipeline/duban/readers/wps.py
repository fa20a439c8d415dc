"""WPS Writer's own files (.wps) that are Word's old format under another name: read as .doc is. Experimental: DB134 says so.

One that is a .docx inside is read as that.
"""
from __future__ import annotations

from duban.errors import DubanError
from duban.readers import office
from duban.readers.source import Content, Limits


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """The text of a .wps file. Raises DubanError as ``office.read`` does."""
    content = office.read(raw, path, limits)
    content.meta["warnings"] = [DubanError("DB134", path=path, format="WPS"), *content.meta.get("warnings", ())]
    return content
