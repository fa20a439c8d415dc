"""The words of problems: cues found in one pass over a text, and the expressions that judge what stands around them."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from duban.alternation import any_of
from duban.lexicon import Entry, Lexicon
from duban.matches import Target

#: What a cue needs beside itself: the class of its entry, in the order in which one that has several is read.
CLASSES = ("LASTING", "AGAINST", "SCARCE", "EXCESS", "FALL", "RISE", "STATED", "QUALITY", "TROUBLE", "EXISTS")


class Hit(NamedTuple):
    """Words that may be a cue: where, of which classes (entry by class), and the kind if it does not depend on more."""

    start: int
    end: int
    entries: tuple[tuple[str, Entry | None], ...]
    kind: str | None = None


class Words:
    """The lexicon of problems, compiled when first used."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._by_label: dict[str, list[Entry]] = {}
        for entry in lexicon:
            self._by_label.setdefault(entry.label, []).append(entry)

    def listed(self, part: str) -> list[str]:
        return [entry.pattern for entry in self._by_label.get(f"PROBLEM_{part}", ())]

    def any(self, *parts: str) -> str:
        """A pattern of the words of these parts."""
        return any_of(word for part in parts for word in self.listed(part))

    @cache  # noqa: B019 - lives as long as the lexicon
    def expression(self, pattern: str) -> re.Pattern[str]:
        """``pattern`` compiled, ``{PART}`` in it standing for the words of that part."""
        return re.compile(re.sub(r"\{([A-Z_]+)\}", lambda m: self.any(m[1]), pattern))

    @cached_property
    def _automaton(self) -> tuple[Any, Sequence[tuple[tuple[str, Entry], ...]]]:
        import ahocorasick_rs

        owners: dict[str, list[tuple[str, Entry]]] = {}
        for name in CLASSES:
            for entry in self._by_label.get(f"PROBLEM_{name}", ()):
                owners.setdefault(entry.pattern, []).append((name, entry))
        patterns = list(owners)
        longest, table = ahocorasick_rs.MatchKind.LeftmostLongest, ahocorasick_rs.Implementation.DFA
        return ahocorasick_rs.AhoCorasick(patterns, matchkind=longest, implementation=table), [tuple(owners[p]) for p in patterns]

    @cached_property
    def _not_done(self) -> re.Pattern[str]:
        acts = any_of({entry.pattern: _behind(entry) for entry in self._by_label.get("PROBLEM_ACT", ())})
        return re.compile(f"(?={_first(self.listed('NOT'))}){self.any('NOT')}(?:{_AS_SAID})?(?:{self.any('WAY')})?“?(?P<act>{acts})")

    @cached_property
    def _acts(self) -> dict[str, Entry]:
        return {entry.pattern: entry for entry in self._by_label.get("PROBLEM_ACT", ())}

    @cached_property
    def _than(self) -> re.Pattern[str]:
        return re.compile(r"[比较](?P<base>[^，。；：、！？比\n]{1,16}?)(?P<cue>低|少|慢|小|差|落后|高|多|大)(?![于级质标力])")

    def hits(self, text: str, targets: Sequence[Target]) -> list[Hit]:
        """Everything in ``text`` that may be a cue, in text order; hits may overlap."""
        automaton, owners = self._automaton
        out = [Hit(start, end, owners[i]) for i, start, end in automaton.find_matches_as_indexes(text) if _stands(text, start, end, owners[i])]
        out += [self._undone(m) for m in self._not_done.finditer(text)]
        out += [Hit(*m.span("cue"), (("THAN", None),), "gap") for m in self._than.finditer(text)]
        out += [Hit(*m.span("cue"), (("SHORT_OF", None),), "gap") for m in _SHORT_OF.finditer(text)]
        out += [Hit(*m.span("cue"), (("RANK", None),), "ranked_low") for found in (_LOWEST, _LAST) for m in found.finditer(text)]
        out += [Hit(t.start, t.end, (("RANK", None),), "ranked_low") for t in targets if t.kind == "rank" and t.direction == "down"]
        return sorted(out, key=lambda hit: (hit.start, -hit.end))

    def _undone(self, match: re.Match[str]) -> Hit:
        entry = self._acts[match["act"]]
        return Hit(*match.span(), (("NOT_DONE", entry),), entry.get("kind"))


#: 按市委市政府要求, between 没有 and what was not done.
_AS_SAID = r"按照?[^，；。\n]{1,14}?(?:要求|计划|部署|规定|时限|节点)"
_SHORT_OF = re.compile(r"(?:距离?|离|与|同|较|比)[^，。；：、\n]{2,16}?(?P<cue>差)(?=[\d*Xx×一二三四五六七八九十几近])")
_LAST = re.compile(r"在(?<=[落走排处]在)了?[^，。；：、！？\n]{0,5}?(?P<cue>后面|最后|末尾|后列)")
_LOWEST = re.compile(r"全[国省市区县州][^，。；：、！？\n]{0,4}?(?P<cue>最(?:低|慢|少|差|小|后|末))(?![限度点处端])")


def _stands(text: str, start: int, end: int, entries: Iterable[tuple[str, Entry]]) -> bool:
    """Do the words stand for themselves, and not as part of others that their entry names?"""
    return any(
        not text.startswith(tuple(entry.get("not_before", ())), end) and not text.endswith(tuple(entry.get("not_after", ())), 0, start) for _, entry in entries
    )


def _behind(entry: Entry) -> str:
    words = entry.get("not_before")
    return f"(?!{'|'.join(map(re.escape, words))})" if words else ""


def _first(words: Iterable[str]) -> str:
    return f"[{''.join(sorted({re.escape(word[0]) for word in words}))}]"


@lru_cache(maxsize=8)
def words(lexicon: Lexicon | None = None) -> Words:
    """The words of ``lexicon``; the packaged ones where it is None."""
    return Words(lexicon or default_lexicon())


@cache
def default_lexicon() -> Lexicon:
    """The packaged words of problems."""
    return Lexicon.packaged("problems")
