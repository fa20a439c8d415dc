"""pkuseg's CRF over many clauses at once: the features of all their characters are looked up in arrays, and not spelt out.

pkuseg spells each feature of each character as a string. Here what a feature looks at is a number (of a character, of two,
of a word of the dictionary, of two such words), and its weights are a row of a table. They are summed in pkuseg's order: the
scores are its own to the last bit.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import numpy
from ahocorasick_rs import AhoCorasick, Implementation

#: An array of floats or of integers.
Array = numpy.ndarray[Any, Any]


class Table:
    """The weights of several templates, a row for each number they know: ``rows[template][find(numbers)]``; others have zeros.

    ``templates``: for each the row of ``weights`` that a number has.
    """

    def __init__(self, templates: Mapping[str, Mapping[int, int]], weights: Array) -> None:
        self._keys = numpy.array([*sorted(set().union(*templates.values())), -1], dtype="int64")
        self.rows = {template: numpy.zeros((len(self._keys), weights.shape[1])) for template in templates}
        for template, known in templates.items():
            self.rows[template][self.find(numpy.array(list(known), dtype="int64"))] = weights[list(known.values())]

    def find(self, numbers: Array) -> Array:
        """The row of each number."""
        at = numpy.searchsorted(self._keys[:-1], numbers)
        return numpy.where(self._keys[at] == numbers, at, -1)


class CRF:
    """A model of pkuseg: ``features`` by name, ``words`` of its dictionary, its ``weights``, those of the transitions last.

    ``n_tag`` and ``n_feature`` are the sizes of the model. Raises ValueError where these do not belong together.
    """

    #: Template: the characters it looks at, from and to, counted from the character in question.
    WINDOWS: ClassVar = {"c": (0, 1), "c-1": (-1, 0), "c-1c": (-1, 1), "c1": (1, 2), "cc1": (0, 2), "c-2": (-2, -1), "c-2c-1": (-2, 0), "c2": (2, 3)}
    #: Lengths of the words that are features.
    LENGTHS = (6, 5, 4, 3, 2)
    #: What stands for any digit, for any letter, and around a clause, as far as a window reaches.
    _NUMBER, _LETTER, _OUTSIDE = "\0", "\1", "\2\2"

    def __init__(
        self, features: Mapping[str, int], words: Iterable[str], tags: Mapping[str, int], n_tag: int, n_feature: int, weights: Array,
    ) -> None:
        from spacy_pkuseg.feature_extractor import FeatureExtractor
        from spacy_pkuseg.inference import run_viterbi

        #: the tags that begin a word
        self.begins = frozenset(i for tag, i in tags.items() if "B" in tag)
        if not (
            all(isinstance(i, int) and 0 <= i < n_feature for i in features.values())
            and sorted(tags.values()) == list(range(n_tag))
            and weights.shape == (n_tag * (n_feature + n_tag),)
            and self.begins
        ):
            raise ValueError("features and weights do not belong together")
        self._best_tags = run_viterbi
        rows, edges = weights[:n_tag * n_feature].reshape(n_feature, n_tag), weights[n_tag * n_feature:].reshape(n_tag, n_tag)
        self.transitions = 1 + numpy.ascontiguousarray(edges.T)
        self._always = rows[0]  # of the feature that every character has
        # pkuseg takes digits and letters for classes and the marks of its file format for one mark
        self._folded = (
            FeatureExtractor.keywords_translate_table
            | str.maketrans(dict.fromkeys(FeatureExtractor.num - {"."}, self._NUMBER))
            | str.maketrans(dict.fromkeys(FeatureExtractor.letter, self._LETTER))
        )
        known = sorted({word for word in words if len(word) in self.LENGTHS})
        self._words = AhoCorasick(known, implementation=Implementation.DFA)
        self._numbers = {word: i for i, word in enumerate(known)}
        templates: dict[str, dict[int, int]] = {name: {} for name in (*self.WINDOWS, "w-1", "w1", "ww.l", "ww.r")}
        for name, index in features.items():
            template, _, key = name.removeprefix("ww.").partition(".")
            template = f"ww.{template}" if name.startswith("ww.") else template
            if template in templates and (number := self._number(template, key)) is not None:
                templates[template][number] = index
        self._characters, self._pairs, self._single, self._joined = (
            Table({name: templates[name] for name in names}, rows)
            for names in (("c", "c-1", "c1", "c-2", "c2"), ("c-1c", "cc1", "c-2c-1"), ("w-1", "w1"), ("ww.l", "ww.r"))
        )

    def _number(self, template: str, key: str) -> int | None:
        """What a feature looks at, as a number; None where that is nothing that can stand in a text."""
        if template in ("w-1", "w1"):
            return self._numbers.get(key)
        if template in ("ww.l", "ww.r"):
            before, _, after = key.partition("*")  # the word that ends before a character, the word that it begins
            one, two = self._numbers.get(before), self._numbers.get(after)
            return None if one is None or two is None else self._join(one, two)
        if "*" in key:
            key = key.replace("**Num", self._NUMBER).replace("**Letter", self._LETTER)
        key = key.replace(".", "")
        start, end = self.WINDOWS[template]
        if len(key) != end - start:
            return None
        return ord(key) if len(key) == 1 else _pair(ord(key[0]), ord(key[1]))

    def _join(self, before: Any, after: Any) -> Any:
        """The number of a pair of words, of two numbers or of arrays of them."""
        return before * len(self._numbers) + after

    def starts(self, clauses: Sequence[str]) -> list[list[int]]:
        """Where the words of each clause start.

        >>> from duban.words import Segmenter
        >>> Segmenter().crf.starts(["全面推进", "好"])
        [[0, 2], [0]]
        """
        scores, begins = self.scores(clauses), self.begins
        out, at = [], 0
        for clause in clauses:
            end = at + len(clause)
            _, tags = self._best_tags(scores[at:end], self.transitions) if len(clause) > 1 else (None, numpy.zeros(len(clause)))
            out.append([i for i, tag in enumerate(tags.tolist()) if not i or tag in begins])
            at = end + len(self._OUTSIDE)
        return out

    def scores(self, clauses: Sequence[str]) -> Array:
        """The score of each tag for each character of the clauses, a row a character, with two rows between clauses."""
        text = self._OUTSIDE.join(["", *(clauses or [""]), ""]).translate(self._folded)
        first = len(self._OUTSIDE)
        count = len(text) - 2 * first
        out = numpy.tile(self._always, (count, 1))
        codes = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype("int64")
        found = {1: (self._characters, self._characters.find(codes)), 2: (self._pairs, self._pairs.find(_pair(codes[:-1], codes[1:])))}
        for template, (start, end) in self.WINDOWS.items():
            table, rows = found[end - start]
            out += table.rows[template].take(rows[first + start:first + start + count], axis=0)
        hits = self._words.find_matches_as_indexes(text, overlapping=True)
        if hits:
            self._add_words(out, numpy.fromiter(chain.from_iterable(hits), "int64").reshape(-1, 3) - (0, first, first))
        return out

    def _add_words(self, out: Array, hits: Array) -> None:
        """Add what the words of the dictionary say that stand in the text (number, start, end) of where they start and end."""
        longest = hits[numpy.argsort(hits[:, 1] - hits[:, 2], kind="stable")]
        word, start, end = longest.T
        rows = self._single.find(word)
        numpy.add.at(out, end - 1, self._single.rows["w-1"][rows])
        numpy.add.at(out, start, self._single.rows["w1"][rows])
        # every pair of a word that ends where another starts, from the longest on
        before, after = longest[numpy.argsort(end, kind="stable")], longest[numpy.argsort(start, kind="stable")]
        low, high = (numpy.searchsorted(after[:, 1], before[:, 2], side) for side in ("left", "right"))
        many = high - low
        left = numpy.repeat(numpy.arange(len(before)), many)
        right = numpy.arange(len(left)) + numpy.repeat(low - numpy.cumsum(many) + many, many)
        rows, at = self._joined.find(self._join(before[left, 0], after[right, 0])), before[left, 2]
        numpy.add.at(out, at, self._joined.rows["ww.l"][rows])
        numpy.add.at(out, at - 1, self._joined.rows["ww.r"][rows])


def _pair(one: Any, two: Any) -> Any:
    return one * 0x110000 + two
