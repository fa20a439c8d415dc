"""The HTTP API (``duban api``): another system posts documents and gets their records, or the ledger of them.

One process speaks HTTP and keeps the limits (``gate``, ``bodies``, ``app``); worker processes read and analyse, one
document each at a time (``crew``), by the same function as ``duban extract``, so that a record is the same byte for byte.
Nothing is kept: not on disk, not in memory after the answer, not in the log. ``openapi`` describes it, ``server`` runs it.
"""
from __future__ import annotations

from duban.api.settings import Service

__all__ = ["Service"]
