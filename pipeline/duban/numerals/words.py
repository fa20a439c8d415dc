"""Expressions over the words of a packaged lexicon."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from duban.alternation import any_of
from duban.lexicon import Lexicon

_LABEL = re.compile(r"\{([A-Z_]+)\}")


class Worded:
    """A regular expression in which ``{LABEL}`` stands for the words of that label, compiled when first used.

    ``topic`` is the packaged lexicon. The words are tried longest first.

    >>> bool(Worded("(?:{DISCOURSE})$", "numerals").search("三点意见"))
    True
    """

    def __init__(self, pattern: str, topic: str) -> None:
        self.pattern, self.topic = pattern, topic

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression with the words filled in."""
        lexicon = Lexicon.packaged(self.topic)

        def words(match: re.Match[str]) -> str:
            return any_of(e.pattern for e in lexicon.labelled(match[1]))

        return re.compile(_LABEL.sub(words, self.pattern))

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.match

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        return self.compiled.finditer
