"""The documents that are open: read, corrected, undone, written. One pipeline call at a time; nothing is kept on disk."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

import duban
from duban import readers, writers
from duban.corrections import corrected, gold
from duban.errors import DubanError
from duban.lexicon import Entry, Lexicon
from duban.readers.files import unique
from duban.report.layout import visible
from duban.web import entries
from duban.web.entries import EntryFile

if TYPE_CHECKING:
    from spacy.language import Language

Json = dict[str, Any]
MOST_DOCUMENTS = 200
_MOST_UNDONE = 200
#: What an upload may ask for: less than a file on the command line, as somebody waits.
LIMITS = readers.Limits(file_bytes=50_000_000, text_length=300_000, zip_bytes=200_000_000, pages=2_000)
_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass
class Document:
    """A document on the desk: its record, the one it was read as, and those it was before."""

    name: str
    record: Json
    found: Json
    before: list[Json] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


class Desk:
    """What the page works on. ``gold``: the folder corrections are saved in (``gold`` and ``documents`` below it);
    ``entry_file``: the lexicon file they are kept in as entries, which ``nlp`` has loaded and is given those that are added.
    """

    def __init__(self, nlp: Language | None = None, gold: Path | None = None, entry_file: EntryFile | None = None) -> None:
        self.gold_folder, self.entry_file = gold, entry_file
        self.documents: dict[str, Document] = {}
        self._nlp = duban.load() if nlp is None and entry_file else nlp
        self._taken = dict[str, int]()
        self._lock = Lock()

    def read(self, raw: bytes, name: str, date: str | None = None, place: str | None = None) -> Document:
        """Read a document and put it on the desk. Raises DubanError DB1xx, DB213, DB146 (too many)."""
        with self._lock:
            if len(self.documents) >= MOST_DOCUMENTS:
                raise DubanError("DB146", limit=MOST_DOCUMENTS)
            shown = clean_name(name)
            source = readers.read(raw, name=shown, limits=LIMITS)
            known = {"date": date or source.meta.get("date"), "place": place or source.meta.get("place"), "source": source.meta["source"]}
            record = self._record(source.text, name=unique(Path(shown).stem, self._taken), **known)
            self._taken.setdefault(record["id"], 1)
            found = Document(record["id"], record, record, warnings=tuple(str(w) for w in source.meta.get("warnings", ())))
            self.documents[found.name] = found
            return found

    def _record(self, text: str, **known: Any) -> Json:
        """What is read of a text: plain, and nobody else's."""
        record: Json = json.loads(json.dumps(duban.to_record(duban.process(text, nlp=self._nlp, **known))))
        return record

    def find(self, name: str) -> Document:
        """Raises DubanError DB144."""
        if name not in self.documents:
            raise DubanError("DB144", name=name[:80])
        return self.documents[name]

    def correct(self, name: str, change: Mapping[str, Any]) -> Json:
        """Make one correction; returns the record as it is then. Raises DubanError DB144, DB145."""
        with self._lock:
            document = self.find(name)
            after = corrected(document.record, change)
            document.before = [*document.before[-_MOST_UNDONE + 1 :], document.record]
            document.record = after
            return after

    def undo(self, name: str) -> Json:
        """Take the last correction back, if there is one."""
        with self._lock:
            document = self.find(name)
            if document.before:
                document.record = document.before.pop()
            return document.record

    def remove(self, name: str) -> None:
        with self._lock:
            self.find(name)
            del self.documents[name]

    def records(self, name: str | None = None) -> list[Json]:
        """The record of one document, or of all."""
        return [self.find(name).record] if name else [document.record for document in self.documents.values()]

    def save_gold(self, name: str) -> Path:
        """Save a document as gold, its text beside it, so that ``duban evaluate FOLDER/gold`` finds both."""
        document = self.find(name)
        if self.gold_folder is None:
            raise DubanError("DB149")
        path = self.gold_folder / "gold" / f"{name}.gold.json"
        text = self.gold_folder / "documents" / f"{name}.txt"
        for file, content in ((text, document.record["text"].encode()), (path, gold_file(document.record).encode())):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            except OSError as error:
                raise DubanError("DB511", path=file, reason=error.strerror or error) from error
        return path

    # ---- corrections as lexicon entries

    @property
    def _entries(self) -> EntryFile:
        if self.entry_file is None:
            raise DubanError("DB150")
        return self.entry_file

    def drafts(self, name: str) -> list[Json]:
        """An entry for each correction of a name in a document, and whether the file has it already."""
        document = self.find(name)
        known = {(entry.label, entry.pattern): {slot: entry.get(slot) for slot in entries.SLOTS} for entry in self._entries.entries()}
        found = entries.drafts(document.found, document.record)
        return [{"entry": e, "kept": known.get((e["label"], e["pattern"])) == {slot: e.get(slot) for slot in entries.SLOTS}} for e in found]

    def effect(self, name: str, given: object) -> Json:
        """What an entry would do: the document read again without and with it. Raises DubanError DB144, DB145, DB150."""
        entry = entries.checked(given)
        with self._lock:
            document, ruler = self.find(name), self._ruler
            replaced = self._entries.replaced(entry["pattern"])
            known = {"text": document.record["text"], **{key: document.record["meta"].get(key) for key in ("date", "place")}}
            before = self._record(**known)
            with ruler.trying(_with(ruler.added, self._entries.whole(entry), replaced)):
                after = self._record(**known)
        return {"entry": entry, "replaced": [old.to_dict() for old in replaced], **entries.effect(document.record, before, after)}

    def keep(self, name: str, given: object) -> Json:
        """Put an entry into the file; what is read from now on is read with it. Raises DubanError DB144, DB145, DB150, DB511, DB516."""
        entry = entries.checked(given)
        with self._lock:
            self.find(name)
            replaced, whole = self._entries.replaced(entry["pattern"]), self._entries.whole(entry)
            added = self._entries.put(entry)
            self._ruler.take(_with(self._ruler.added, whole, replaced))
        return {"entry": entry, "added": added, "path": str(self._entries.path)}

    @property
    def _ruler(self) -> Any:
        assert self._nlp is not None  # with a file for entries there is one
        return self._nlp.get_pipe("duban_entities")


def _with(known: Iterable[Entry], entry: Mapping[str, Any], replaced: Iterable[Entry]) -> list[Entry]:
    """A user's entries with one more, and without those whose place it takes."""
    gone = {(old.label, old.pattern) for old in replaced}
    return [*(one for one in known if (one.label, one.pattern) not in gone), *Lexicon.of([entry])]


def gold_file(record: Json) -> str:
    """A record as the text of a gold file."""
    return json.dumps(gold(record), ensure_ascii=False, indent=1) + "\n"


#: What can be downloaded -> what writes it.
_WRITERS: dict[str, Callable[[Iterable[Json], Path], int]] = {
    "ledger.xlsx": writers.write_ledger, "ledger.docx": writers.write_ledger, "records.jsonl": writers.write_records,
    "report.html": writers.write_report, "comments.docx": writers.write_report,
}  # fmt: skip


def written(records: Iterable[Json], kind: str) -> bytes:
    """Records as a file to download: ``ledger.xlsx``, ``ledger.docx``, ``records.jsonl``, ``report.html``, ``comments.docx``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / kind
        _WRITERS[kind](records, path)
        return path.read_bytes()


def clean_name(name: str) -> str:
    """A file's name as it may be shown and saved under.

    >>> clean_name("C:\\\\文件\\\\a/../讲话*.docx"), clean_name("  ")
    ('讲话 .docx', 'text')
    """
    last = re.split(r"[/\\]", name)[-1]
    return visible(_NAME.sub(" ", last)).strip(" .")[-120:] or "text"
