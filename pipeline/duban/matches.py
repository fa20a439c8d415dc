"""What the finders return: frozen, typed, plain.

A finder returns these with offsets into the view it was given; the components turn the offsets into
source offsets and write them on the Doc, and ``doc._.duban`` hands the same classes out again, then with
source offsets, ``id`` and ``text`` filled. Offsets count Unicode code points, ``start`` inclusive, ``end``
exclusive. Whatever points at another match does so by its position in that match's list (``int``).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

#: The sorts of boilerplate.
KINDS = ("navigation", "control", "page_title", "source_line", "caption", "promotion", "related", "footer", "pagination")

#: The sorts of problems, the one that wins first (see docs/problems.md).
PROBLEM_KINDS = ("not_started", "missed", "ranked_low", "behind", "worsening", "gap", "fault", "weak")


class Span(NamedTuple):
    """A stretch of text: ``start`` inclusive, ``end`` exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a match: the rule that fired, the lexicon entry it used, the words each slot rests on."""

    rule: str
    lexicon: str | None = None
    evidence: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


class Match:
    """What the matches of all layers share: a notebook shows each as a card."""

    __slots__ = ()
    id: str

    def _repr_html_(self) -> str:
        from duban import notebook

        return notebook.found(self).html


@dataclass(frozen=True, slots=True)
class Boilerplate(Match):
    """Text that is not the document's own. ``kind``: one of ``KINDS``."""

    start: int
    end: int
    kind: str
    why: Why
    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Section(Match):
    """A title, a section or an item: ``start``–``end`` is heading and body, ``heading`` the heading alone.

    ``kind`` is ``title``, ``section`` or ``item``; ``marker`` the words of the marker as they stand ("（一）");
    ``number`` the ordinal it states; ``level`` 0 for the title, 1 for the outermost headings; ``parent`` the
    position of the parent in the list of sections; ``path`` the markers from the root, e.g. ``二/（一）/3``; ``text`` is the heading's.
    """

    start: int
    end: int
    kind: str
    marker: str | None
    number: int | None
    level: int
    heading: Span
    parent: int | None
    path: str
    why: Why
    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entity(Match):
    """A DEPARTMENT, GROUP, PROJECT or INDICATOR.

    ``ref`` is the id of the lexicon entry it rests on, if any; ``canon`` the canonical name (None for GROUP and
    PROJECT and for coordinations of several bases); ``level`` one of 国家 省 市 县 乡; ``place`` the place named.
    """

    start: int
    end: int
    label: str
    ref: str | None
    canon: str | None
    level: str | None
    place: str | None
    why: Why
    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLink:
    """What a number measures: the words, their canonical name for this very number, the INDICATOR's position."""

    start: int
    end: int
    canon: str | None
    entity: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A time expression; ``value`` is an EDTF day interval ("2026-01-01/2026-06-30", "../2026-06-30") or None."""

    start: int
    end: int
    value: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of text that a record quotes."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Target(Match):
    """A number that states or sets a measured amount; see the guide to the data model for each slot's values."""

    start: int
    end: int
    value: Decimal | None
    value_max: Decimal | None
    unit: str
    comparator: str
    redacted: bool
    kind: str
    direction: str | None
    status: str
    indicator: IndicatorLink | None
    period: Period | None
    scope: Quote | None
    section: int | None
    why: Why
    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who leads or supports a task; ``canon`` is the canonical name where the actor is a DEPARTMENT."""

    start: int
    end: int
    canon: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Task(Match):
    """An explicit assignment: who leads, who supports, by when, and the targets and projects it is about."""

    start: int
    end: int
    lead: tuple[Actor, ...]
    support: tuple[Actor, ...]
    deadline: Period | None
    targets: tuple[int, ...]
    projects: tuple[int, ...]
    section: int | None
    why: Why
    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom or what a problem is told; ``canon`` the canonical name or that of the place, ``entity`` the position of the entity, if it is one."""

    start: int
    end: int
    canon: str | None = None
    entity: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Problem(Match):
    """What a document says is lagging or wrong: ``kind`` is one of ``PROBLEM_KINDS``, ``cue`` the words that say so."""

    start: int
    end: int
    kind: str
    cue: Quote
    units: tuple[Subject, ...]
    places: tuple[Subject, ...]
    projects: tuple[Subject, ...]
    indicators: tuple[Subject, ...]
    period: Period | None
    targets: tuple[int, ...]
    section: int | None
    why: Why
    id: str = ""
    text: str = ""
