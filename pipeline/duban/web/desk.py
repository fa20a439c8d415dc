"""The documents that are open: read, corrected, undone, written. One pipeline call at a time; nothing is kept on disk."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

import duban
from duban import readers, writers
from duban.corrections import corrected, gold
from duban.errors import DubanError
from duban.readers.files import unique
from duban.report.layout import visible

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
    """A document on the desk: its record, and the records it was before."""

    name: str
    record: Json
    before: list[Json] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


class Desk:
    """What the page works on. ``gold``: the folder corrections are saved in (``gold`` and ``documents`` below it)."""

    def __init__(self, nlp: Language | None = None, gold: Path | None = None) -> None:
        self.gold_folder = gold
        self.documents: dict[str, Document] = {}
        self._nlp, self._taken = nlp, dict[str, int]()
        self._lock = Lock()

    def read(self, raw: bytes, name: str, date: str | None = None, place: str | None = None) -> Document:
        """Read a document and put it on the desk. Raises DubanError DB1xx, DB213, DB146 (too many)."""
        with self._lock:
            if len(self.documents) >= MOST_DOCUMENTS:
                raise DubanError("DB146", limit=MOST_DOCUMENTS)
            shown = clean_name(name)
            source = readers.read(raw, name=shown, limits=LIMITS)
            doc = duban.process(
                source.text, nlp=self._nlp, date=date or source.meta.get("date"), place=place or source.meta.get("place"),
                name=unique(Path(shown).stem, self._taken), source=source.meta["source"],
            )  # fmt: skip
            record = json.loads(json.dumps(duban.to_record(doc)))  # plain, and nobody else's
            self._taken.setdefault(record["id"], 1)
            found = Document(record["id"], record, warnings=tuple(str(w) for w in source.meta.get("warnings", ())))
            self.documents[found.name] = found
            return found

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


def gold_file(record: Json) -> str:
    """A record as the text of a gold file."""
    return json.dumps(gold(record), ensure_ascii=False, indent=1) + "\n"


def written(records: Iterable[Json], kind: str) -> bytes:
    """Records as a file to download: ``xlsx`` (the ledger), ``jsonl``, ``html`` (the report)."""
    write = {"xlsx": writers.write_ledger, "jsonl": writers.write_records, "html": writers.write_report}[kind]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{kind}"
        write(records, path)
        return path.read_bytes()


def clean_name(name: str) -> str:
    """A file's name as it may be shown and saved under.

    >>> clean_name("C:\\\\文件\\\\a/../讲话*.docx"), clean_name("  ")
    ('讲话 .docx', 'text')
    """
    last = re.split(r"[/\\]", name)[-1]
    return visible(_NAME.sub(" ", last)).strip(" .")[-120:] or "text"
