"""Scores against gold, quality floors, and gold as spaCy Docs.

>>> from duban.evaluate import score
>>> score([], []).to_dict()["attributes"]
{}
"""
from __future__ import annotations

from duban.evaluate import floors
from duban.evaluate.gold import documents_folder, gold_docs, gold_files, read_gold, text_of
from duban.evaluate.scores import ATTRIBUTES, LAYERS, Attribute, Error, Layer, Scores, score, text_hash

__all__ = [
    "ATTRIBUTES", "LAYERS", "Attribute", "Error", "Layer", "Scores",
    "documents_folder", "floors", "gold_docs", "gold_files", "read_gold", "score", "text_hash", "text_of",
]  # fmt: skip
