"""duban.alternation: what is quick to fail finds what the plain alternation does."""
from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from duban.alternation import any_of

# many first characters, so that they are parted more than once, and few second ones, so that words share them
FIRSTS = "临澄云岭青岚县白沙镇河湖江山水路桥坝库渠田林园厂矿站港区市省村乡街巷楼院校馆所局处科股室委办会部门组队中心东南西北上下左右前后内外"
WORDS = st.text(FIRSTS, min_size=1, max_size=1).flatmap(lambda first: st.text("县河路", max_size=3).map(lambda rest: first + rest))


def plain(words: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


@settings(max_examples=60, deadline=None)
@given(st.sets(WORDS, min_size=1, max_size=150), st.text(FIRSTS + "县河路，", max_size=80))
def test_as_plain_alternation(words: set[str], text: str) -> None:
    assert re.findall(any_of(words), text) == plain(words).findall(text)


def test_every_word_of_many() -> None:
    words = {first + second for first in FIRSTS for second in "县河"}
    pattern = re.compile(any_of(words))
    assert all(pattern.fullmatch(word) for word in words)
    assert not pattern.search("路".join(FIRSTS.replace("县", "").replace("河", "")))


def test_of_no_words_nothing_is_found() -> None:
    assert re.search(any_of([]), "临澄县") is None


def test_a_word_without_what_must_stand_behind_it_gives_way_to_a_shorter_one() -> None:
    pattern = any_of({"青岚县": "(?=的)", "青岚": "", **{first + "路": "" for first in FIRSTS}})
    assert re.findall(pattern, "青岚县的青岚县城") == ["青岚县", "青岚"]
