"""Regular expressions of many words: thousands of alternatives that cost little where none of them stands."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

#: So many first characters are tried one by one; more of them are parted.
_BRANCHES, _PARTS = 16, 4


def any_of(words: Iterable[str] | Mapping[str, str]) -> str:
    """A pattern of any of ``words``, the longest first, quick to fail; a mapping says what each must have behind it, as a pattern.

    No word is tried where none has these first two characters; where some may have, the same is asked of ever fewer
    words, so that a dozen are looked through and not all.

    >>> re.findall(any_of({"增长": "(?!点)", "增": "", "提高": ""}), "增长点增长，提高")
    ['增', '增长', '提高']
    """
    behind = words if isinstance(words, Mapping) else dict.fromkeys(words, "")
    by_first: dict[str, list[str]] = {}
    for word in sorted(behind, key=lambda w: (-len(w), w)):
        by_first.setdefault(word[0], []).append(word)
    return _tree(sorted(by_first), by_first, behind) if behind else "(?!)"


def _tree(firsts: list[str], by_first: Mapping[str, list[str]], behind: Mapping[str, str]) -> str:
    """A pattern of the words with these first characters."""
    if len(firsts) > _BRANCHES:
        size = -(-len(firsts) // _PARTS)
        tried = [_tree(firsts[at:at + size], by_first, behind) for at in range(0, len(firsts), size)]
    else:
        tried = [f"{re.escape(c)}(?:{'|'.join(re.escape(word[1:]) + behind[word] for word in by_first[c])})" for c in firsts]
    return opening(word for first in firsts for word in by_first[first]) + f"(?:{'|'.join(tried)})"


def opening(words: Iterable[str]) -> str:
    """What stands where one of ``words`` may: the first two characters of some of them, or the only one.

    >>> opening(["增长", "提高"]), opening(["园"])
    ('(?=[增提][长高])', '(?=[园])')
    """
    words = set(words)
    alone = {word for word in words if len(word) == 1}
    longer = [word for word in words if word[0] not in alone]
    pairs = f"[{_class({word[0] for word in longer})}][{_class({word[1] for word in longer})}]"
    return f"(?={'|'.join([pairs] * bool(longer) + [f'[{_class(alone)}]'] * bool(alone))})"


def _class(characters: Iterable[str]) -> str:
    return "".join(map(re.escape, sorted(characters)))
