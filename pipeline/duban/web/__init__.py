"""The local web page (``duban serve``): give it documents, see the report, correct it, take the tables away.

Nothing leaves the machine: the server listens on the loopback address alone, pages name no outside address, documents
live in memory while it runs. ``desk`` holds the documents, ``app`` the routes, ``guard`` what keeps other pages out.
"""
from __future__ import annotations

from duban.web.desk import Desk

__all__ = ["Desk"]
