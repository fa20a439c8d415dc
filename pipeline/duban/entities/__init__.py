"""Departments, groups, projects and indicators named in a text."""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache

from duban import numerals
from duban.entities import conflicts, departments, groups, indicators, projects
from duban.lexicon import ENTITY_TOPICS, Lexicon
from duban.matches import Entity, Section, Span, Why
from duban.view import TextView

LABELS = ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR")
#: The label of words in which no name is found.
NO_ENTITY = "NO_ENTITY"
#: The packaged lexicon files of this layer.
LEXICONS = ENTITY_TOPICS


@cache
def default_lexicon() -> Lexicon:
    """The packaged entries of all four labels and of the words their grammars are made of."""
    return Lexicon.packaged(*LEXICONS)


def find(view: TextView, lexicon: Lexicon | None = None, sections: Sequence[Section] = (), date: str | None = None) -> list[Entity]:
    """Every DEPARTMENT, GROUP, PROJECT and INDICATOR of the text, in text order, none overlapping another.

    ``lexicon`` holds the entries of all labels (the packaged ones if None); entries added to the packaged ones with
    one of the four labels are names that match as they stand, those labelled NO_ENTITY words that hold none.
    ``sections`` is there for finders that want it. ``date`` (ISO)
    is the document's: an organ abolished later keeps its name in the canonical one of its field (国土部门).

    >>> [(e.label, e.canon) for e in find(TextView("市发改委牵头，各县区配合。"))]
    [('DEPARTMENT', '发展和改革委员会'), ('GROUP', None)]
    """
    lexicon = default_lexicon() if lexicon is None else lexicon
    figures = numerals.told(view)
    candidates = departments.find(figures, lexicon, date)
    candidates += [entity for finder in (groups, projects, indicators) for entity in finder.find(figures, lexicon)]
    return conflicts.resolve(view, _without_barred(view.text, candidates, lexicon), lexicon, _given(view.text, lexicon))


@lru_cache(maxsize=8)
def _own_names(lexicon: Lexicon) -> Lexicon:
    """The whole names a user added to the packaged lexicon."""
    return Lexicon(e for e in lexicon if e.label in LABELS and e.file not in LEXICONS)


@lru_cache(maxsize=8)
def _barred(lexicon: Lexicon) -> Lexicon:
    """The words a user says no name is found in."""
    return lexicon.labelled(NO_ENTITY)


def _without_barred(text: str, candidates: list[Entity], lexicon: Lexicon) -> list[Entity]:
    """The candidates that do not lie within such words."""
    barred = _barred(lexicon).scan(text)
    starts = [hit.start for hit in barred]

    def stays(candidate: Entity) -> bool:
        at = bisect_right(starts, candidate.start) - 1
        return at < 0 or barred[at].end < candidate.end

    return [candidate for candidate in candidates if stays(candidate)] if barred else candidates


def _given(text: str, lexicon: Lexicon) -> list[Entity]:
    return [
        Entity(h.start, h.end, h.entry.label, h.entry.id, h.entry.canon if h.entry.label in ("DEPARTMENT", "INDICATOR") else None,
               h.entry.get("level"), h.entry.get("place"), Why("lexicon-name", h.entry.id, {"name": (Span(h.start, h.end),)}))
        for h in _own_names(lexicon).scan(text)
    ]
