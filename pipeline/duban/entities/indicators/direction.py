"""Which indicators are the better the lower they are."""
from __future__ import annotations

from functools import cache

from duban.lexicon import Lexicon


@cache
def _low() -> frozenset[str]:
    entries = (entry.to_dict() for entry in Lexicon.packaged("indicators"))
    return frozenset(entry.get("canon") or entry["pattern"] for entry in entries if entry.get("better") == "down")


def should_be_low(indicator: str) -> bool:
    """Is less of it better? Told by the lexicon: of the whole name, else of the measure it ends in.

    >>> should_be_low("城镇调查失业率"), should_be_low("万元产值综合能耗"), should_be_low("地区生产总值")
    (True, True, False)
    """
    return any(indicator[at:] in _low() for at in range(len(indicator) - 1))
