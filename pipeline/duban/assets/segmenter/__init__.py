"""The embedded pkuseg model: where it lies. How it was made and what it scores: ``MODEL.md`` beside this file."""
from __future__ import annotations

from pathlib import Path

#: The directory of the packaged model.
MODEL = Path(__file__).parent / "model"
#: The two files that make up a model, as ``spacy_pkuseg.train`` writes them.
FILES = ("features.msgpack", "weights.npz")
