"""Coded errors: DB1xx input, 2xx config, 3xx lexicon, 4xx pipeline, 5xx output."""
from __future__ import annotations

from duban.messages import message


class DubanError(ValueError):
    """Something a user can mend: what was wrong, where, what to do, under a stable code.

    >>> str(DubanError("DB101", path="a.txt"))  # doctest: +ELLIPSIS
    '[DB101] ...a.txt...'
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code, self.details = code, details
        super().__init__(f"[{code}] {message(code, **details)}")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.code, self.details)


def _rebuild(code: str, details: dict[str, object]) -> DubanError:
    return DubanError(code, **details)
