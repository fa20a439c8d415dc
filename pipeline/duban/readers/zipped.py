"""Formats that are a ZIP of XML parts (.docx, .ofd): what would unpack to too much, or has a document type, is refused unread."""
from __future__ import annotations

import io
import zipfile

from duban.errors import DubanError
from duban.messages import message
from duban.readers.source import Limits, damaged, over

_XML = (".xml", ".rels")
_DOCTYPE = tuple(word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def check(raw: bytes, path: str, kind: str, limits: Limits) -> None:
    """Look at every part before a parser does.

    Raises DubanError DB122 (damaged, or with a document type), DB123 (locked), DB125 (asks for more than ``limits``).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as pack:
            members = pack.infolist()
            if len(members) > limits.zip_members:
                raise over(path, message("reason.zip_members", limit=limits.zip_members))
            size = sum(member.file_size for member in members)
            if size > limits.zip_bytes:
                raise over(path, message("reason.zip_bytes", limit=limits.zip_bytes))
            if size > limits.zip_ratio * max(len(raw), 100_000):
                raise over(path, message("reason.zip_ratio", limit=limits.zip_ratio))
            for member in members:
                if member.flag_bits & 1:
                    raise DubanError("DB123", path=path)
                if not member.filename.lower().endswith(_XML):
                    continue
                if member.file_size > limits.xml_bytes:
                    raise over(path, message("reason.xml_bytes", limit=limits.xml_bytes))
                part = pack.read(member)
                if any(mark in part for mark in _DOCTYPE):
                    raise damaged(path, kind, message("reason.doctype", part=member.filename))
    except DubanError:
        raise
    except Exception as error:  # zipfile raises many things for a broken archive
        raise damaged(path, kind, error) from error
