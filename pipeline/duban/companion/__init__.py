"""A trained companion of the rules: a span categorizer that learns names from gold of the user's own.

It is off by default: no pipeline of this package has it, and it changes no record. ``data`` turns gold into what it learns from,
``component`` is the spaCy component, ``pieces`` cuts documents into what it reads at a time. How it compares with the rules on
documents that it has not seen is told by ``duban.evaluate.agreement``.
"""
from __future__ import annotations

#: The component's name in a pipeline, and where its spans stand: ``doc.spans["companion"]``.
KEY = "companion"
