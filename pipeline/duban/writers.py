"""Records to files: JSON Lines, spaCy's DocBin, the ledger, the panel, the report page."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.tables.ledger import write_ledger
from duban.tables.panel import write_panel

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["write_docbin", "write_ledger", "write_panel", "write_records", "write_report"]

Json = Mapping[str, Any]

_ORDER = ("schema", "id", "text", "meta", "pipeline", "boilerplate", "sections", "entities", "targets", "tasks", "problems")


def write_records(records: Iterable[Json], path: str | Path) -> int:
    """Write records as JSON Lines (UTF-8, one record a line, keys in the order of the contract); returns their number."""
    count = 0
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for record in records:
            known = {key: record[key] for key in _ORDER if key in record}
            rest = {key: record[key] for key in sorted(record) if key not in known}
            out.write(json.dumps({**known, **rest}, ensure_ascii=False, default=_plain) + "\n")
            count += 1
    return count


def write_docbin(records: Iterable[Json], path: str | Path, nlp: Language | None = None) -> int:
    """Write records as a spaCy DocBin, whose Docs have everything that the pipeline puts on them; returns their number.

    The tokens are those of ``nlp``: words where it makes words, else (and without it) characters.

    >>> import duban, tempfile
    >>> from spacy.tokens import DocBin
    >>> nlp = duban.load()
    >>> with tempfile.NamedTemporaryFile(suffix=".spacy") as file:
    ...     _ = write_docbin([duban.to_record(duban.process("全市粮食产量不低于19万吨。", nlp=nlp))], file.name, nlp)
    ...     doc, = DocBin().from_disk(file.name).get_docs(nlp.vocab)
    >>> doc._.duban.targets[0].value, doc.spans["targets"][0].text
    (Decimal('190000'), '19万吨')
    """
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    from duban.records import from_record

    out, vocab = DocBin(), nlp.vocab if nlp else Vocab()
    words = nlp.get_pipe("duban_words") if nlp and nlp.has_pipe("duban_words") else lambda doc: doc
    for record in records:
        out.add(words(from_record(record, vocab)))
    out.to_disk(path)
    return len(out)


def write_report(records: Iterable[Json], path: str | Path) -> int:
    """Write the report page (see ``duban.report``) or, where the name ends in ``.docx``, the documents with comments (see
    ``duban.report.comments``); returns the number of documents in it."""
    if str(path).lower().endswith(".docx"):
        from duban.report.comments import write_comments

        return write_comments(records, path)
    from duban.report import render

    known = list(records)
    Path(path).write_bytes(render(known).encode())
    return len(known)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"not JSON: {type(value).__name__}")
