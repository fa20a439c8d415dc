"""Bytes to text: which encoding they are in."""
from __future__ import annotations

import codecs
import re

from duban.errors import DubanError
from duban.messages import message
from duban.readers.source import Content, Limits, checked, over

_ASCII = re.compile("[\x00-\x7f]+")
#: So many characters tell the encoding of a text.
_TELLING = 1_000_000
#: No encoding takes more bytes for a character.
_WIDEST = 4
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Of the characters that another encoding yields when read as GB18030, far fewer are in GB2312 (Big5: 0.4,
# UTF-8: 0.5); running Chinese text has more than 0.99 there, traditional characters included still two thirds.
_GB2312_SHARE = 0.6
#: What charset-normalizer is asked about: encodings of Chinese beyond those tried strictly. In others it finds Chinese
#: where there is none.
_GUESSED = ("big5hkscs", "big5", "cp950", "euc_tw")
#: Big5 has its frequent characters and its punctuation below this lead byte; other bytes read as Big5 are all over.
_BIG5_RARE, _BIG5_COMMON_SHARE = 0xC9, 0.97


def marked(raw: bytes) -> str | None:
    """The encoding a byte-order mark names."""
    return next((name for mark, name in _MARKS if raw.startswith(mark)), None)


def decode(raw: bytes, path: str = "<bytes>") -> tuple[str, str]:
    """Text and the name of its encoding: by the byte-order mark, else strict UTF-8, strict GB18030, else as guessed.

    Guessing needs charset-normalizer (the extra ``io``) and knows Big5; ``raw.decode(encoding)`` is the text. Raises
    DubanError DB102, DB103 (only white space), DB104 (binary).

    >>> decode("各县区".encode("utf-16"))
    ('各县区', 'utf-16')
    """
    encoding = marked(raw)
    if encoding is None and b"\0" in raw:
        raise DubanError("DB104", path=path, reason=message("reason.nul"))
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if name != "gb18030" or _plausible(text):
            return checked(text, path), name
    guess = None if encoding else _guess(raw)
    if guess:
        return checked(raw.decode(guess), path), guess
    raise DubanError("DB102", path=path)


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """Plain text; a guessed encoding is told as a warning."""
    if len(raw) > _WIDEST * limits.text_length + _WIDEST:
        raise over(path, message("reason.length", limit=limits.text_length))
    text, encoding = decode(raw, path)
    return Content(text, encoding, guessed(encoding, path))


def guessed(encoding: str, path: str) -> dict[str, list[DubanError]]:
    """The warning that an encoding was guessed, as meta."""
    return {"warnings": [DubanError("DB132", path=path, encoding=encoding)]} if encoding in _GUESSED else {}


def _plausible(text: str) -> bool:
    """Whether what was read as GB18030 can be that: most of its characters are in the older, common set."""
    foreign = _ASCII.sub("", text[:_TELLING])
    return len(foreign.encode("gb2312", "ignore")) >= 2 * _GB2312_SHARE * len(foreign)


def _guess(raw: bytes) -> str | None:
    """The encoding charset-normalizer believes in, if it is installed and the text then reads as Chinese."""
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return None
    best = from_bytes(raw, cp_isolation=list(_GUESSED)).best()
    if best is None:
        return None
    try:
        text = raw.decode(best.encoding)
    except UnicodeDecodeError:
        return None
    foreign = _ASCII.sub("", text[:_TELLING])
    common = sum(_common_in_big5(c) for c in foreign)
    return best.encoding if common and common >= _BIG5_COMMON_SHARE * len(foreign) else None


def _common_in_big5(character: str) -> bool:
    known = character.encode("big5", "ignore")
    return len(known) == 2 and known[0] < _BIG5_RARE
