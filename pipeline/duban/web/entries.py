"""Corrections as lexicon entries: what was corrected about names, as entries; what an entry changes; the file that keeps them.

An entry made here names an entity that matches as it stands, or (NO_ENTITY) words in which none is found.
"""
from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copymode
from tempfile import NamedTemporaryFile
from threading import Lock as ThreadLock
from typing import Any

from duban.batch.lock import Lock
from duban.corrections import checked_value
from duban.entities import LABELS, NO_ENTITY
from duban.errors import DubanError
from duban.lexicon import SCHEMAS, Entry, Lexicon, check
from duban.messages import message
from duban.report.cards import cards
from duban.view import TextView

Json = dict[str, Any]
#: The labels an entry may have, and what else it may tell, as an entity does.
ENTRY_LABELS = (*LABELS, NO_ENTITY)
SLOTS = ("canon", "level", "place")
_SUFFIX = ".jsonl"
_LENGTH = range(2, 61)  # of a pattern: one character is in too many words
_SHOWN = 200  # changes that are told one by one
_WAIT, _STEP = 10.0, 0.02  # seconds for another process to finish writing
_SPACE = re.compile(r"\s+")


def drafts(found: Mapping[str, Any], record: Mapping[str, Any]) -> list[Json]:
    """An entry for each correction of a name: ``found`` is the record as it was read, ``record`` as it is corrected.

    What was added, relabelled or has another canonical name, level or place gives the name; what was deleted, and nothing
    put in its place, words that hold none.

    >>> import duban
    >>> from duban.corrections import corrected
    >>> record = duban.to_record(duban.process("请市水务局抓紧。"))
    >>> drafts(record, corrected(record, {"op": "change", "id": "e1", "values": {"canon": "水利局"}}))
    [{'label': 'DEPARTMENT', 'pattern': '市水务局', 'id': 'own/市水务局', 'canon': '水利局', 'level': '市'}]
    """
    before, after = ({(e["start"], e["end"]): e for e in known["entities"]} for known in (found, record))
    changed = [e for span, e in after.items() if span not in before or any(e[slot] != before[span][slot] for slot in ("label", *SLOTS))]
    gone = [e for span, e in before.items() if span not in after and not any(a["start"] < span[1] and span[0] < a["end"] for a in changed)]
    made = [_draft(e) for e in sorted([*changed, *({**e, "label": NO_ENTITY} for e in gone)], key=lambda e: int(e["start"]))]
    return list({(entry["label"], entry["pattern"]): entry for entry in made if len(entry["pattern"]) in _LENGTH}.values())


def _draft(entity: Mapping[str, Any]) -> Json:
    pattern = _pattern(entity["text"])
    told = {slot: entity[slot] for slot in SLOTS if slot in SCHEMAS[entity["label"]] and entity[slot]}
    if told.get("place", "") not in pattern:
        del told["place"]  # the document's: in another the same name is another unit
    return {"label": entity["label"], "pattern": pattern, "id": f"own/{pattern}", **told}


def _pattern(words: str) -> str:
    """Words as the finders read them."""
    return _SPACE.sub("", TextView(words).text)


def checked(given: object) -> Json:
    """An entry as it would be written. Raises DubanError DB145 (what is wrong), DB302.

    >>> checked({"label": "GROUP", "pattern": " 各 链长 ", "canon": ""})
    {'label': 'GROUP', 'pattern': '各链长', 'id': 'own/各链长'}
    """
    if not isinstance(given, Mapping) or not all(isinstance(v, str | None) for v in given.values()):
        raise _wrong("entry", given)
    label, pattern = given.get("label"), _pattern(given.get("pattern") or "")
    if label not in ENTRY_LABELS:
        raise _wrong("label", label)
    if len(pattern) not in _LENGTH:
        raise _wrong("pattern", pattern)
    entry = {"label": label, "pattern": pattern, "id": f"own/{pattern}"}
    for slot in SLOTS:
        if value := (given.get(slot) or "").strip():
            entry[slot] = checked_value("entities", slot, value)
    if unknown := set(given) - {"label", "pattern", "id", *SLOTS}:
        raise _wrong("entry", ", ".join(sorted(map(str, unknown))))
    Lexicon.of([entry])
    return entry


def _wrong(slot: str, value: object) -> DubanError:
    return DubanError("DB145", reason=message("reason.value", key=slot, value=str(value)[:60]))


# ---- what an entry changes


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
    """What two readings of a text say differently, in text order: ``sign`` (+ − ~), what it is, its words, and what changed.

    >>> import duban
    >>> one, two = (duban.to_record(duban.process("请市水务局抓紧。")) for _ in range(2))
    >>> two["entities"][0]["canon"] = "水利局"
    >>> [(c["sign"], c["text"], c["slots"][0][1:]) for c in changes(one, two)]
    [('~', '市水务局', ['水务局', '水利局'])]
    """
    old, new = _told(before), _told(after)
    out = [{"sign": "−", **_shown(card), "slots": []} for place, card in old.items() if place not in new]
    out += [{"sign": "+", **_shown(card), "slots": [[name, "", value] for name, value in card["rows"]]} for place, card in new.items() if place not in old]
    for place in old.keys() & new.keys():
        known, rows = dict(old[place]["rows"]), dict(new[place]["rows"])
        slots = [[name, known.get(name, ""), rows.get(name, "")] for name in {**known, **rows} if known.get(name) != rows.get(name)]
        if slots:
            out.append({"sign": "~", **_shown(new[place]), "slots": slots})
    return sorted(out, key=lambda change: (change["start"], change["sign"]))


def _told(record: Mapping[str, Any]) -> dict[tuple[str, int, int, str], Json]:
    """The cards of entities, targets and tasks, by layer, place and what they are."""
    told = cards(record)
    items = ((layer, item) for layer in ("entities", "targets", "tasks") for item in record[layer])
    return {(layer, item["start"], item["end"], told[item["id"]]["title"]): told[item["id"]] for layer, item in items}


def _shown(card: Json) -> Json:
    return {"title": card["title"], "text": card["text"], "start": card["span"][0], "end": card["span"][1]}


def apart(record: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How many names two records do not have in common: place, label, canonical name."""
    one, two = ({(e["start"], e["end"], e["label"], e["canon"]) for e in known["entities"]} for known in (record, other))
    return len({name[:2] for name in one ^ two})


def effect(record: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Json:
    """What an entry does to a document: the changes of its reading, and how far this was and is from the corrected ``record``."""
    found = changes(before, after)
    return {"changes": found[:_SHOWN], "count": len(found), "apart": [apart(record, before), apart(record, after)]}


# ---- the file


class EntryFile:
    """A lexicon file that entries are put into. One writer at a time, in this process and among all; never half a file.

    Raises DubanError DB513 (not named ``.jsonl``), DB511 (no plain file, or no folder for it), DB3xx (it holds no lexicon).
    """

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() != _SUFFIX:
            raise DubanError("DB513", path=path, known=_SUFFIX)
        self.path = path.resolve()  # of a link what it leads to
        if not self.path.parent.is_dir() or (self.path.exists() and not self.path.is_file()):
            raise DubanError("DB511", path=path, reason=message("reason.no_file"))
        self._lock = ThreadLock()
        self.entries()

    def entries(self) -> list[Entry]:
        """What it holds now."""
        return list(Lexicon.load(str(self.path))) if self.path.exists() else []

    def replaced(self, pattern: str) -> list[Entry]:
        """The entries that one with this pattern takes the place of."""
        return [entry for entry in self.entries() if entry.pattern == pattern and entry.label in ENTRY_LABELS]

    def whole(self, entry: Mapping[str, Any]) -> Json:
        """The entry with what one of the same label tells of these words besides: its id, aliases."""
        alike = next((e.to_dict() for e in self.replaced(entry["pattern"]) if e.label == entry["label"]), {})
        return {**{key: value for key, value in alike.items() if key not in SLOTS}, **entry, "id": alike.get("id") or entry["id"]}

    def put(self, entry: Mapping[str, Any]) -> bool:
        """Put an entry in, ``whole``: at the end, or in the place of what the file says of these words; False where it is there already.

        Raises DubanError DB511, DB516 (another process is writing), DB3xx (somebody made the file unreadable).
        """
        with self._lock, self._held():
            old, new = self.replaced(entry["pattern"]), self.whole(entry)
            if [e.to_dict() for e in old] == [new]:
                return False
            self._write(_put(self._text(), json.dumps(new, ensure_ascii=False), [e.line for e in old]))
            return True

    def _text(self) -> str:
        return self.path.read_bytes().decode("utf-8") if self.path.exists() else ""

    def _write(self, text: str) -> None:
        """The file anew, if it is a lexicon: complete under another name first, then in its place."""
        name = ""
        try:
            with NamedTemporaryFile("wb", dir=self.path.parent, prefix=f".{self.path.stem}.", suffix=_SUFFIX, delete=False) as out:
                name = out.name
                out.write(text.encode())
                out.flush()
                os.fsync(out.fileno())
            check([name])
            self.path.touch()
            copymode(self.path, name)
            os.replace(name, self.path)
        except OSError as error:
            raise DubanError("DB511", path=self.path, reason=error.strerror or error) from error
        finally:
            with suppress(OSError):
                os.unlink(name)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The file for this process alone; waits a little for another."""
        end = time.monotonic() + _WAIT
        while True:
            try:
                lock = Lock(self.path.parent, f".{self.path.name}.lock")
                break
            except OSError as error:
                raise DubanError("DB511", path=self.path, reason=error.strerror or error) from error
            except DubanError:
                if time.monotonic() > end:
                    raise
                time.sleep(_STEP)
        try:
            yield
        finally:
            lock.release()


def _put(text: str, line: str, old: Sequence[int]) -> str:
    """A file's text with a line at its end, or in the place of the first of the ``old`` ones (from 1).

    >>> _put("a\\nb\\nc", "d", []), _put("a\\nb\\nc\\n", "d", [1, 3])
    ('a\\nb\\nc\\nd\\n', 'd\\nb\\n')
    """
    lines = text.split("\n")
    if old:
        kept = [line if i == old[0] else known for i, known in enumerate(lines, 1) if i == old[0] or i not in old]
        return "\n".join(kept)
    return "\n".join([*(lines[:-1] if not lines[-1] else lines), line, ""])
