"""Documents in pieces of some hundred characters: what the companion reads at a time, in training as in use.

So memory does not grow with the length of a document, and what is learnt from windows of gold is what is met later.
"""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span

#: The length of a piece, in tokens (of the pipelines' tokenizer: characters).
SIZE = 300


def bounds(doc: Doc, windows: Sequence[Sequence[int]] | None = None, size: int = SIZE) -> Iterator[tuple[int, int]]:
    """The pieces of a Doc as (first token, last + 1): at most ``size`` long, cut where sentences begin, never inside an entity
    of at most that length. Boilerplate is left out, and what lies outside ``windows`` (of character offsets).

    >>> import duban
    >>> doc = duban.process("市财政局牵头。投资增长6%。各县区抓落实。")
    >>> [doc[a:b].text for a, b in bounds(doc, size=15)]
    ['市财政局牵头。投资增长6%。', '各县区抓落实。']
    >>> [doc[a:b].text for a, b in bounds(doc, windows=[[0, 7]])]
    ['市财政局牵头。']
    """
    inside = {i for span in doc.ents for i in range(span.start + 1, span.end)}
    cuts = [token.i for token in doc if token.is_sent_start and token.i not in inside]
    anywhere = [i for i in range(len(doc)) if i not in inside]
    for start, end in _kept(doc, windows):
        while end - start > size:
            cut = _last(cuts, start, start + size) or _last(anywhere, start, start + size) or start + size
            yield start, cut
            start = cut
        yield start, end


def _last(cuts: Sequence[int], after: int, limit: int) -> int | None:
    """The last cut behind ``after`` and not behind ``limit``."""
    at = bisect_right(cuts, limit) - 1
    return cuts[at] if at >= 0 and cuts[at] > after else None


def _kept(doc: Doc, windows: Sequence[Sequence[int]] | None) -> Iterator[tuple[int, int]]:
    """The runs of tokens that are no boilerplate and lie in a window."""
    left_out = {i for span in doc.spans.get("boilerplate", ()) for i in range(span.start, span.end)}
    if windows is not None:
        inside = {offset for start, end in windows for offset in range(start, end)}
        left_out |= {token.i for token in doc if token.idx not in inside}
    start = 0
    for i in [*sorted(left_out), len(doc)]:
        if start < i:
            yield start, i
        start = i + 1


def cut(doc: Doc, ranges: Iterable[tuple[int, int]]) -> Iterator[Doc]:
    """The pieces as Docs of their own, with the entities that lie in them.

    >>> import duban
    >>> doc = duban.process("市财政局牵头。各县区抓落实。")
    >>> [[(ent.text, ent.start) for ent in piece.ents] for piece in cut(doc, [(0, 7), (7, 14)])]
    [[('市财政局', 0)], [('各县区', 0)]]
    """
    ents = [(ent.start, ent.end, ent.label) for ent in doc.ents]
    for start, end in ranges:
        tokens = doc[start:end]
        piece = Doc(doc.vocab, words=[token.text for token in tokens], spaces=[bool(token.whitespace_) for token in tokens])
        piece.ents = [Span(piece, a - start, b - start, label) for a, b, label in ents if start <= a and b <= end]
        yield piece
