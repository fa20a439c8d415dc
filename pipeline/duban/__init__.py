"""duban (督办): structured, traceable records from Chinese government documents.

>>> import duban
>>> doc = duban.process("全市地区生产总值增长6.5%左右。", date="2026-01-20")
>>> [(t.text, t.comparator, t.indicator.canon) for t in doc._.duban.targets]
[('6.5%左右', '~', '地区生产总值')]
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from duban.errors import DubanError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from duban.batch import process_many as process_many
    from duban.notebook import show as show
    from duban.tables.layers import to_pandas as to_pandas

__version__ = "0.1.0"
__all__ = ["PIPELINES", "DubanError", "__version__", "load", "process", "process_many", "show", "to_pandas", "to_record"]

_COMPONENTS = ("duban_boilerplate", "duban_sections", "duban_entities", "duban_targets", "duban_tasks", "duban_problems")
#: The pipelines by name, and their components.
PIPELINES: dict[str, tuple[str, ...]] = {"zh_duban": (*_COMPONENTS, "duban_words"), "zh_duban_char": _COMPONENTS}


def config(name: str = "zh_duban_char") -> dict[str, Any]:
    """What the configuration of a pipeline says beyond the defaults of spaCy and of the factories.

    Raises DubanError DB202 where no pipeline has that name.
    """
    if name not in PIPELINES:
        raise DubanError("DB202", name=name, known=", ".join(PIPELINES))
    return {
        "nlp": {
            "lang": "zh",
            "pipeline": list(PIPELINES[name]),
            "tokenizer": {"@tokenizers": "duban.Tokenizer.v1"},
            "after_pipeline_creation": {"@callbacks": "duban.Setup.v1"},
        },
        "components": {component: {"factory": component} for component in PIPELINES[name]},
    }


def load(name: str = "zh_duban_char", *, lexicons: Sequence[str] = ()) -> Language:
    """A pipeline made from the library alone; ``lexicons``: the user's own entity lexicons (JSON Lines files).

    The finders are imported and the package's own lexicons read with the first document.
    Raises DubanError DB202 (no such pipeline), DB101 and DB301–DB304 (a lexicon that cannot be read).

    >>> load("zh_duban_char").pipe_names[-1]
    'duban_problems'
    """
    from spacy.lang.zh import Chinese

    settings = config(name)
    if lexicons:
        settings["components"]["duban_entities"]["lexicons"] = [str(path) for path in lexicons]
    lang, _, short = name.partition("_")
    nlp = Chinese.from_config(settings, meta={"lang": lang, "name": short, "version": __version__})
    if lexicons:
        ruler: Any = nlp.get_pipe("duban_entities")
        ruler.initialize()  # reads the files: a bad one is reported here and not with the first document
    return nlp


#: What many documents need, and where it lives: imported when it is first asked for.
_LATER = {"process_many": "duban.batch", "show": "duban.notebook", "to_pandas": "duban.tables.layers"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _default() -> Language:
    return load()


def process(
    text: str, *, nlp: Language | None = None, date: str | None = None, place: str | None = None,
    name: str = "", source: Mapping[str, Any] | None = None, reading: Mapping[str, Any] | None = None,
) -> Doc:
    """Run a pipeline on ``text``, with what is known about the document.

    ``date`` (YYYY-MM-DD) and ``place`` stand above what the text says of itself; ``name`` becomes the record's id;
    ``source`` its ``meta.source``; of ``reading``, the meta of what was read, what was warned of, set apart and left out
    goes into the record's meta too. Today's date is never used. Raises DubanError DB105 (no Unicode text), DB213 (no date).

    >>> process("今年力争新增就业3万人。", date="2026-01-20")._.duban.targets[0].period.value
    '2026-01-01/2026-12-31'
    """
    from datetime import datetime

    from duban.records import READING, set_facts

    if date is not None:
        try:
            valid = datetime.strptime(date, "%Y-%m-%d").date().isoformat() == date
        except ValueError:
            valid = False
        if not valid:
            raise DubanError("DB213", date=date)
    nlp = nlp or _default()
    doc = nlp.make_doc(text)
    meta: dict[str, Any] = {"date": date, "place": place, **{key: value for key, value in (reading or {}).items() if key in READING}}
    if "warnings" in meta:  # their codes: a record is the same in every language
        meta["warnings"] = [warning.code for warning in meta["warnings"]]
    if source:
        meta["source"] = dict(source)
    set_facts(doc, id=name, meta=meta)
    return nlp(doc)


def to_record(doc: Doc) -> dict[str, Any]:
    """The record of a processed Doc, as it stands in a JSON Lines file (see ``duban.records``)."""
    from duban import records

    return records.to_record(doc)
