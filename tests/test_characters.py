"""The table of traditional characters: one for one, and nothing that simplified text uses as well."""
from __future__ import annotations

from pathlib import Path

import pytest

from duban.assets import characters
from duban.assets.characters import build, simplified


def test_one_character_for_one_and_never_on_to_a_third() -> None:
    table = simplified()
    assert len(table) > 2500
    assert not set(table) & set(table.values())


@pytest.mark.parametrize("c", "乾昇著瞭藉后干里面系发台复")
def test_characters_of_simplified_text_are_not_in_it(c: str) -> None:
    assert ord(c) not in simplified()


@pytest.mark.parametrize(("traditional", "words"), [("國務院發展改革部門", "国务院发展改革部门"), ("關於項目資金撥付", "关于项目资金拨付")])
def test_words(traditional: str, words: str) -> None:
    assert traditional.translate(simplified()) == words


def test_the_file_is_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("opencc")
    file = Path(characters.__file__).with_name("traditional.tsv")
    monkeypatch.setattr(build, "__file__", str(tmp_path / "build.py"))
    build.main()
    assert (tmp_path / file.name).read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
