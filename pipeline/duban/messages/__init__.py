"""Every text a user reads, in Chinese and English, keyed by code; the texts stand in the modules beside this one.

The language is ``DUBAN_LANG`` (``zh`` or ``en``) if set, else that of the locale: Chinese where the locale is
Chinese, English elsewhere.
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from duban.messages.api import API
from duban.messages.commands import COMMANDS
from duban.messages.errors import ERRORS
from duban.messages.findings import FINDINGS
from duban.messages.page import PAGE

MESSAGES: dict[str, tuple[str, str]] = {**ERRORS, **COMMANDS, **FINDINGS, **PAGE, **API}

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(given: str) -> Iterator[None]:
    """``zh`` or ``en`` in the block, whatever the user's language is: that of who asks a server.

    >>> with speaking("zh"):
    ...     print(message("reason.object"))
    应为 JSON 对象
    """
    before = _spoken.set(given)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """``zh`` or ``en``."""
    if (given := _spoken.get()) is not None:
        return given
    for name in ("DUBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def message(code: str, **details: object) -> str:
    """The text of ``code`` in the user's language, its slots filled.

    >>> message("DB303", path="a.jsonl", line=2, first=1, label="GROUP", pattern="各镇")  # doctest: +ELLIPSIS
    '...各镇...'
    """
    zh, en = MESSAGES[code]
    return (zh if language() == "zh" else en).format(**details)
