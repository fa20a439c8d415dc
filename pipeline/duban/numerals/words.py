"""Expressions over the words of a packaged lexicon."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from duban.alternation import any_of
from duban.lexicon import Entry, Lexicon

_LABEL = re.compile(r"\{([A-Z_]+)\}")


def any_of_entries(entries: Iterable[Entry]) -> str:
    """A pattern of any word of ``entries``, where none stands that their ``not_before`` and ``not_after`` bar.

    >>> re.findall(any_of_entries([Entry("STATUS", "拟", "拟", {"not_after": ["虚"]})]), "拟建虚拟电厂")
    ['拟']
    """
    return any_of({entry.pattern: _apart(entry) for entry in entries})


def _apart(entry: Entry) -> str:
    """What holds behind the word: none stands there that it must not be before, and none in front that it must not be after."""
    behind = "".join(f"(?<!{re.escape(word + entry.pattern)})" for word in entry.get("not_after", ()))  # behind it, so that it opens with a letter
    ahead = f"(?!{'|'.join(map(re.escape, entry.get('not_before')))})" if entry.get("not_before") else ""
    return behind + ahead


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
            return any_of_entries(lexicon.labelled(match[1]))

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
