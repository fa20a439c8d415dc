"""Who is named in a sentence: organs and collectives with the policy for overlaps, and nothing of projects and indicators."""
from __future__ import annotations

from duban.entities import conflicts, default_lexicon, departments, groups
from duban.matches import Entity
from duban.view import TextView


def find(text: str, *labels: str, date: str | None = None) -> list[Entity]:
    """The organs and collectives of a sentence, or only those with one of the labels."""
    view, lexicon = TextView(text), default_lexicon()
    candidates = departments.find(view, lexicon, date) + groups.find(view, lexicon)
    return [e for e in conflicts.resolve(view, candidates, lexicon) if not labels or e.label in labels]
