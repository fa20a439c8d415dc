"""Small charts as SVG: bars by name, and days on a line. Pure: numbers in, markup out; every text is escaped.

A chart is a picture with a title; what it says can be read as a table elsewhere on the page.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

_ROW, _LABEL, _BAR = 24, 150, 250
_WIDTH = _LABEL + _BAR + 40
_MOST_BARS = 12
_AXIS, _STEP, _DOT, _HIGHEST = 640, 11, 4.5, 12


def bars(counts: Sequence[tuple[str, int]], title: str, rest: str) -> Markup:
    """Horizontal bars, the longest first; names past the twelfth are summed up as ``rest`` (a name with ``{count}``).

    >>> chart = bars([("粮食产量", 3), ("<b>", 1)], "目标", "其余 {count} 个")
    >>> "&lt;b&gt;" in chart, chart.count("<rect")
    (True, 2)
    """
    ordered = sorted(counts, key=lambda c: -c[1])
    shown, others = ordered[:_MOST_BARS], ordered[_MOST_BARS:]
    most = max((n for _, n in shown), default=1)
    parts = [_bar(i * _ROW, label, n, n / most) for i, (label, n) in enumerate(shown)]
    if others:
        label = rest.format(count=len(others))
        parts.append(Markup('<text class="rest" x="{}" y="{}" text-anchor="end">{}</text>').format(_LABEL - 8, len(shown) * _ROW + 17, label))
        parts.append(Markup('<text class="rest" x="{}" y="{}">{}</text>').format(_LABEL, len(shown) * _ROW + 17, sum(n for _, n in others)))
    return _svg(_WIDTH, _ROW * (len(shown) + bool(others)), title, Markup().join(parts), "bars")


def _bar(y: int, label: str, count: int, share: float) -> Markup:
    width = max(2.0, share * _BAR)
    return Markup(
        '<g data-name="{label}"><title>{label}: {count}</title><text x="{x}" y="{text}" text-anchor="end">{short}</text>'
        '<rect x="{left}" y="{top}" width="{width:.1f}" height="16" rx="2"/><text class="n" x="{right:.1f}" y="{text}">{count}</text></g>'
    ).format(label=label, count=count, short=_short(label), x=_LABEL - 8, left=_LABEL, top=y + 4, width=width, right=_LABEL + width + 6, text=y + 17)


def _short(label: str, length: int = 11) -> str:
    return label if len(label) <= length else label[: length - 1] + "…"


def days(due: Iterable[str], title: str) -> Markup:
    """Days (YYYY-MM-DD) as dots over a line of months; dots of one day stand above each other.

    >>> days(["2026-03-31", "2026-03-31", "2026-12-31"], "时限").count("<circle")
    3
    """
    known = Counter(day for words in due if (day := _day(words)))
    if not known:
        return Markup()
    first, last = min(known).replace(day=1), _next_month(max(known))
    length = (last - first).days
    column = min(_HIGHEST, max(known.values()))
    base = column * _STEP + 14

    def x(day: date) -> float:
        return 16 + (day - first).days / length * (_AXIS - 32)

    dots = Markup().join(_dots(x(day), base, day, count) for day, count in sorted(known.items()))
    ticks = Markup().join(
        Markup('<line x1="{x:.1f}" x2="{x:.1f}" y1="{a}" y2="{b}"/><text x="{x:.1f}" y="{t}" text-anchor="{at}">{name}</text>').format(
            x=x(day), a=base, b=base + 5, t=base + 19, name=f"{day:%Y-%m}", at="start" if day == first else "end" if day == last else "middle"
        )
        for day in _ticks(first, last)
    )
    axis = Markup('<line x1="16" x2="{}" y1="{}" y2="{}"/>').format(_AXIS - 16, base, base)
    return _svg(_AXIS, base + 26, title, axis + ticks + dots, "days")


def _day(words: str) -> date | None:
    """The day, where the calendar has it and people plan for it."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2200 else None


def _dots(x: float, base: int, day: date, count: int) -> Markup:
    drawn = min(count, _HIGHEST)
    circles = Markup().join(Markup('<circle cx="{:.1f}" cy="{}" r="{}"/>').format(x, base - 8 - i * _STEP, _DOT) for i in range(drawn))
    more = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(x, base - drawn * _STEP - 4, count) if count > 2 else Markup()
    return Markup('<g data-name="{day}"><title>{day}: {count}</title>{circles}{more}</g>').format(day=day.isoformat(), count=count, circles=circles, more=more)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _ticks(first: date, last: date) -> list[date]:
    """First days of months, at most eight of them, evenly spread."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120, 600) if months / s <= 7), months)
    return [date(first.year + (first.month - 1 + m) // 12, (first.month - 1 + m) % 12 + 1, 1) for m in range(0, months + 1, step)]


def _svg(width: int, height: int, title: str, content: Markup, kind: str) -> Markup:
    return Markup('<svg class="{kind}" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{title}">{content}</svg>').format(
        kind=kind, w=width, h=height, title=title, content=content
    )
