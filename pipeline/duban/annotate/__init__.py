"""Annotation tools: records go there for readers to correct, and what they corrected comes back as gold.

``Annotation`` is what all tools have in common: regions of a text with a label and answers, and links between them.
``of_record`` makes one of a record, ``gold`` the gold of one; a module a tool turns it into the tool's files (``write``)
and these into it (``read``). What a tool has no place for travels along (``packed``) and comes back with the regions it
belongs to (``completed``).

>>> import duban
>>> found = of_record(duban.to_record(duban.process("全市粮食产量不低于19万吨。", name="a")), ["entities", "targets"])
>>> [(region.label, region.start, region.end) for region in found.regions.values()]
[('INDICATOR', 2, 6), ('TARGET', 9, 13)]
>>> gold(found)["targets"][0]["indicator"]
[2, 6]
"""
from __future__ import annotations

from duban.annotate.labels import GOLD_LAYERS
from duban.annotate.regions import Annotation, Link, Region, completed, gold, of_record, packed, unpacked

__all__ = ["GOLD_LAYERS", "Annotation", "Link", "Region", "completed", "gold", "of_record", "packed", "unpacked"]
