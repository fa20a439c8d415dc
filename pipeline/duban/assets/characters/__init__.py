"""Which simplified character each traditional one is written as: a table, one for one."""
from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def simplified() -> dict[int, int]:
    """Code point of a character that stands in traditional text alone -> that of the simplified one.

    Characters that simplified text uses as well (乾 in names of places, 昇 in names) are not in it.

    >>> "國務院".translate(simplified())
    '国务院'
    >>> "乾昇".translate(simplified())
    '乾昇'
    """
    table = files(__name__).joinpath("traditional.tsv").read_text(encoding="utf-8")
    return {ord(line[0]): ord(line[2]) for line in table.splitlines() if not line.startswith("#")}
