"""Lexicons: JSON Lines files of patterns, validated, hashed, and scanned with one automaton.

An entry is ``{"label", "pattern", "id", …}``: spaCy's ruler keys plus those its label's schema allows. Within one
file the same label and pattern twice is an error; of two files the later one wins. Token patterns are refused.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from duban.errors import DubanError
from duban.messages import message

#: The packaged lexicons that names are found with, here so that naming them loads no finder.
ENTITY_TOPICS = ("places", "edges", "bodies", "designations", "departments", "groups", "projects", "indicators")
_COMMON = {"label": str, "pattern": str, "id": str}
#: What else an entry of a label may carry: key -> type.
SCHEMAS: dict[str, dict[str, type | tuple[type, ...]]] = {
    # what numbers are measured in, and the words that say how a number is meant
    "UNIT": {"canon": str, "dimension": str, "scale": str, "not_before": list, "never_before": list},
    "COMPARATOR": {"value": str}, "FILLER": {}, "MOTION": {"value": str}, "ARRIVAL": {}, "ADDED": {}, "SHARED": {}, "GAP": {}, "FORMER": {},
    "STATUS": {"value": str, "not_before": list, "not_after": list}, "PERSON": {}, "PASSING": {}, "SCOPE": {},
    **{label: {} for label in ("REVIEW", "PLAN", "URGE", "URGE_ADVERB", "ORDER", "TOLD", "STEADILY", "COMPLETED", "MEMBER", "THING",
                             "PLAN_TITLE", "PLEDGED", "ANNOUNCED", "OF_SIZE", "ACTED_ON", "SIZED",
                             "STEPPING", "RATE_TOLD", "RATE_NAME", "COMPARED", "LEVELLING", "DONE", "DEALT_WITH", "RESULT")},
    **{label: {"not_before": list, "not_after": list} for label in ("SENT_TO", "FACTUAL")},
    # what times are told by: the day it falls on every year, or its days
    "OCCASION": {"aliases": list, "day": str, "days": list},
    # words around numbers that are no amounts
    **{label: {} for label in ("DISCOURSE", "LOOSE_COUNT", "COUNTED_THING", "COUNTING_VERB", "IDIOM")},
    # whole names, as a user would add them
    "DEPARTMENT": {"canon": str, "level": str, "place": str, "aliases": list, "since": str, "until": str},
    "GROUP": {"aliases": list},
    "PROJECT": {"aliases": list},
    "INDICATOR": {"canon": str, "unit": str, "better": str, "aliases": list, "since": str, "until": str, "when": str, "moved": bool, "whole": bool,
                  "area": bool, "class": str, "of": list, "about": list},
    # words that no name is found in, though the grammar would: for users too
    "NO_ENTITY": {},
    # what names of indicators and projects are composed of, and the words they do not reach across
    "MEASURE": {"canon": str, "unit": str, "better": str, "aliases": list, "when": str, "composed": str, "moved": bool, "whole": bool, "topic": bool,
                "of": list, "about": list},
    "INDICATOR_TERM": {"class": str, "base": str},
    "INDICATOR_BOUND": {"class": str, "noun": bool},
    "INDICATOR_CUE": {"classes": list, "not_before": list},
    "INDICATOR_SHORT": {"canon": str},
    "PROJECT_HEAD": {"class": str, "standing": bool, "making": bool, "not_after": list, "not_before": list},
    "PROJECT_TERM": {"class": str},
    "PROJECT_BOUND": {"class": str, "inside": bool},
    "PROJECT_STATE": {"class": str, "later": bool},
    "PROJECT_END": {},
    "PROJECT_TAIL": {},
    # site furniture: a token a line consists of, a key before a value, a phrase that gives a line away
    "FURNITURE": {"kind": str, "weak": bool},
    "FURNITURE_KEY": {"kind": str, "value": str},
    "FURNITURE_CUE": {"kind": str, "longest": int},
    "MEDIUM": {"byline": bool},
    # words of the outline
    "TITLE_TAIL": {},
    "SALUTATION": {},
    "BACK_MATTER": {},
    "PREFACE": {},
    "CLOSING": {},
    "OPENER": {},
    "HEADING_TAIL": {},
    "HEADING_HOLD": {},
    "OFFICE": {}, "ORGAN_TAIL": {}, "PLACE_UNIT": {},
    # words that assign: keys of responsibility notes, posts of officials, and the parts of an order
    "NOTE_KEY": {"role": str},
    # what columns of tables are headed with
    "COLUMN": {},
    "POST": {},
    "ORGAN_END": {"role": str},
    **{f"TASK_{part}": {} for part in (
        "MODAL", "BAN", "ADVERB", "PREPOSITION", "LEAD", "ACT", "PASSIVE", "SUPPORT", "JOIN", "ASK", "BY", "LINK", "SCOPE", "URGENT", "PLAIN",
        "SPOKEN", "WILLING", "ENDING")},
    # words that say that something lags or is wrong: cues by what else they need, what was not done, and the words around
    **{f"PROBLEM_{part}": {"kind": str, "not_before": list, "not_after": list} for part in (
        "STATED", "FALL", "RISE", "SCARCE", "EXCESS", "AGAINST", "LASTING", "QUALITY", "TROUBLE", "EXISTS", "ACT")},
    **{f"PROBLEM_{part}": {} for part in (
        "NOT", "WAY", "SCHEDULE", "BENCHMARK", "FORMER", "JUDGE", "DEGREE", "BAD", "ANNOUNCE", "TURN", "GUARD", "EASE", "ORDER", "UNREAL", "OVER", "ABSENT",
        "OTHERS", "MATTERLESS", "FILLER", "CONDUCT")},
    # names of organs: stems that take a suffix, whole organs, heads of longer names, places, and where names begin
    "ORGAN_STEM": {"canon": str, "organ": str, "suffixes": list, "word": bool, "bare": bool, "since": str, "until": str, "successor": str},
    "ORGAN": {"canon": str, "aliases": list, "prefix": str, "inherits": bool, "parent": bool, "level": str, "firm": bool, "since": str, "until": str},
    "ORGAN_CUE": {"kinds": list, "not_before": list, "after": list},
    "BODY_HEAD": {"kind": str, "canon": str, "not_before": list, "not_after": list, "sure": bool, "housed": bool},
    "BODY_CUE": {"kinds": list, "not_before": list},
    "BODY_FIELD": {"canon": str, "weak": bool},
    "BODY_WORD": {"kinds": list, "canon": str},
    "PLACE": {"aliases": list, "level": str},
    "NAME_EDGE": {"inside": bool, "place": bool},
    # what makes an organ's name part of something else: a post, a meeting, a document, an act
    "DESIGNATION": {"kind": str, "not_before": list},
    "DESIGNATION_LINK": {},
    # parts of the grammar of collectives
    "GROUP_HEAD": {"kind": str, "bare": bool, "not_before": list},
    "GROUP_CLASS": {"kinds": list},
    "GROUP_CUE": {"kinds": list, "not_before": list},
    **{f"GROUP_{part}": {} for part in ("QUANTIFIER", "SCOPE", "ROLE", "FIELD", "ORGAN", "FIXED", "TOPIC")},
}
#: All that an entry of a label may carry.
_KEYS = {label: _COMMON | keys for label, keys in SCHEMAS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern: ``data`` holds the keys of its label's schema."""

    label: str
    pattern: str
    id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    def get(self, key: str, default: Any = None) -> Any:
        return self.data.get(key, default)

    @property
    def canon(self) -> str:
        """The canonical name: ``canon``, else the pattern itself."""
        return self.data.get("canon") or self.pattern

    def to_dict(self) -> dict[str, Any]:
        return {"label": self.label, "pattern": self.pattern, "id": self.id, **self.data}


class Hit(NamedTuple):
    """An entry found at ``start``–``end`` of the text scanned."""

    start: int
    end: int
    entry: Entry


class Lexicon:
    """Entries of one component, in the order they were loaded, and the automaton over their patterns.

    ``aliases`` of an entry are further patterns with the same id and data.

    >>> lexicon = Lexicon.of([{"label": "GROUP", "pattern": "各镇街", "id": "group/zhenjie"}])
    >>> [(h.start, h.end, h.entry.id) for h in lexicon.scan("请各镇街抓好落实")]
    [(1, 4, 'group/zhenjie')]
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        merged: dict[tuple[str, str], Entry] = {}
        self.shadowed: list[tuple[Entry, Entry]] = []
        for entry in entries:
            key = entry.label, entry.pattern
            if key in merged:
                self.shadowed.append((merged.pop(key), entry))
            merged[key] = entry
        self.entries: tuple[Entry, ...] = tuple(merged.values())

    @classmethod
    def of(cls, patterns: Iterable[Mapping[str, Any]], *, source: str = "patterns") -> Lexicon:
        """A lexicon of dictionaries in spaCy's ruler form. Raises DubanError DB302–DB304."""
        return cls(_entries(source, ((i, p) for i, p in enumerate(patterns, 1))))

    @classmethod
    def load(cls, *sources: str | Path) -> Lexicon:
        """Read files; a name without a suffix is one of the lexicons in the package ("departments").

        Raises DubanError DB101 (no such file), DB301 (not JSON), DB302 (bad key or value), DB303 (twice in one
        file), DB304 (token pattern).
        """
        return cls(entry for source in sources for entry in _entries(str(source), _read(source)))

    @classmethod
    def packaged(cls, *topics: str) -> Lexicon:
        """The lexicons of the package with these topics, joined; read once.

        >>> len(Lexicon.packaged("units")) > 0
        True
        """
        return _packaged(topics)

    def __len__(self) -> int:
        return len(self.entries)

    def __add__(self, other: Lexicon) -> Lexicon:
        return Lexicon((*self.entries, *other.entries))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def labelled(self, *labels: str) -> Lexicon:
        """Only the entries with these labels."""
        some = Lexicon(())
        some.entries = tuple(e for e in self.entries if e.label in labels)  # none of them twice
        return some

    @cached_property
    def hash(self) -> str:
        """SHA-256 (16 hex digits) of what is loaded, whatever the order and the files it came from."""
        encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
        lines = sorted(encode(e.to_dict()) for e in self.entries)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    @cached_property
    def _automaton(self) -> tuple[Any, tuple[Entry, ...]]:
        import ahocorasick_rs

        patterns, owners = [], []
        for entry in self.entries:
            for pattern in dict.fromkeys((entry.pattern, *entry.get("aliases", ()))):
                patterns.append(pattern)
                owners.append(entry)
        return ahocorasick_rs.AhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), tuple(owners)

    def scan(self, text: str) -> list[Hit]:
        """Leftmost-longest, non-overlapping hits in text order; of entries with one pattern the first loaded."""
        if not self.entries:
            return []
        automaton, owners = self._automaton
        return [Hit(start, end, owners[i]) for i, start, end in automaton.find_matches_as_indexes(text)]

    def __getstate__(self) -> dict[str, Any]:
        return {"entries": self.entries, "shadowed": self.shadowed}  # the automaton cannot be pickled

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)


def packaged_names() -> tuple[str, ...]:
    """The topics of the lexicons in the package.

    >>> "units" in packaged_names()
    True
    """
    return tuple(sorted(path.name.removesuffix(".jsonl") for path in (files("duban") / "lexicons").iterdir() if path.name.endswith(".jsonl")))


def _read(source: str | Path) -> Iterator[tuple[int, Any]]:
    name = str(source)
    inside = "/" not in name and "\\" not in name and "." not in name
    path = files("duban") / "lexicons" / f"{name}.jsonl" if inside else Path(name)
    if not path.is_file():
        raise DubanError("DB101", path=name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DubanError("DB102", path=name) from None
    except OSError as error:
        raise DubanError("DB108", path=name, reason=error.strerror) from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip() and not line.startswith("//")]
    try:  # all at once is twice as fast
        rows = json.loads(f"[{','.join([line for _, line in lines])}]")
    except (json.JSONDecodeError, RecursionError):
        rows = []
    if len(rows) == len(lines):
        yield from ((number, row) for (number, _), row in zip(lines, rows, strict=True))
        return
    for number, line in lines:
        try:
            yield number, json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise DubanError("DB301", path=name, line=number, reason=getattr(error, "msg", error)) from None


def _entries(source: str, rows: Iterable[tuple[int, Any]]) -> Iterator[Entry]:
    seen: dict[tuple[str, str], int] = {}
    line = 0

    def bad(key: str, reason: str) -> DubanError:
        return DubanError("DB302", path=source, line=line, key=key, reason=reason)

    for line, row in rows:
        if not isinstance(row, Mapping):
            raise bad("(row)", message("reason.object"))
        label, pattern = row.get("label"), row.get("pattern")
        if not isinstance(label, str) or label not in SCHEMAS:
            raise bad("label", message("reason.one_of", known=", ".join(SCHEMAS), value=repr(label)))
        if not isinstance(pattern, str):
            raise DubanError("DB304", path=source, line=line)
        if not pattern.strip():
            raise bad("pattern", message("reason.empty"))
        allowed = _KEYS[label]
        for key, value in row.items():
            if key not in allowed:
                raise bad(key, message("reason.unknown_key", label=label, known=", ".join(allowed)))
            if not isinstance(value, allowed[key]):
                raise bad(key, message("reason.type", known=_type_name(allowed[key]), value=type(value).__name__))
            if key == "aliases" and isinstance(value, list) and not all(isinstance(alias, str) and alias.strip() for alias in value):
                raise bad(key, message("reason.strings"))
        if (label, pattern) in seen:
            raise DubanError("DB303", path=source, line=line, first=seen[label, pattern], label=label, pattern=pattern)
        seen[label, pattern] = line
        data = {k: v for k, v in row.items() if k not in _COMMON}
        yield Entry(label, pattern, row.get("id") or f"{label.lower()}/{pattern}", data, source, line)


@cache
def _packaged(topics: tuple[str, ...]) -> Lexicon:
    return Lexicon.load(*topics)


def _type_name(kind: type | tuple[type, ...]) -> str:
    return " / ".join(k.__name__ for k in kind) if isinstance(kind, tuple) else kind.__name__


def check(sources: Sequence[str | Path]) -> Lexicon:
    """Load the files as one lexicon: raises what ``Lexicon.load`` raises; ``shadowed`` tells what a later file hides."""
    return Lexicon.load(*sources)
