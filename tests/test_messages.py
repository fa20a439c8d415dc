from __future__ import annotations

import pickle
import re
import runpy
import string
from pathlib import Path

import pytest

import duban
from duban.errors import DubanError
from duban.messages import MESSAGES, language, message
from duban.messages.api import API
from duban.messages.commands import COMMANDS
from duban.messages.errors import ERRORS
from duban.messages.findings import FINDINGS
from duban.messages.page import PAGE

PACKAGE = Path(duban.__file__).parent
SLOTS = {code: [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts] for code, texts in MESSAGES.items()}


def test_a_code_stands_in_one_module_and_coded_errors_in_theirs() -> None:
    assert len(ERRORS) + len(COMMANDS) + len(FINDINGS) + len(PAGE) + len(API) == len(MESSAGES)
    assert all(code in ERRORS for code in MESSAGES if code.startswith("DB"))


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_the_same_slots(code: str) -> None:
    zh, en = MESSAGES[code]
    assert SLOTS[code][0] == SLOTS[code][1]
    assert re.search("[\u4e00-\u9fff]", zh)
    assert not re.search("[\u4e00-\u9fff]", en)


@pytest.mark.parametrize("code", [code for code in MESSAGES if code.startswith("DB")])
def test_every_error_is_used_and_every_slot_is_filled(code: str) -> None:
    assert re.fullmatch("DB[1-5][0-9][0-9]", code)
    calls = re.findall(rf'DubanError\(\s*"{code}"(.*?)\)(?: from|$|\n| if| for|\]|\))', SOURCES, re.DOTALL)
    assert calls
    for call in calls:
        assert "**" in call or all(f"{name}=" in call for name in SLOTS[code][0]), call


RAISED = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))


@pytest.mark.parametrize("code", [code for code in MESSAGES if code.startswith("DB")])
def test_every_error_is_raised_by_a_test(code: str) -> None:
    assert code in RAISED


def test_the_page_of_errors_is_current_and_names_a_cure_for_each() -> None:
    errors = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "errors.py"))
    assert errors["PAGE"].read_text(encoding="utf-8") == errors["page"](), "run python docs/errors.py"
    assert errors["CURES"].keys() <= MESSAGES.keys()
    without = {code for code, (zh, _) in MESSAGES.items() if code.startswith("DB") and "请" not in zh}
    assert without <= errors["CURES"].keys()


SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))


def test_every_code_in_the_sources_has_a_text() -> None:
    used = set(re.findall(r'DubanError\(\s*"(DB\d+)"', SOURCES)) | set(re.findall(r"""message\(\s*["']([\w.]+)["']""", SOURCES))
    assert used
    assert used <= set(MESSAGES)


@pytest.mark.parametrize("code", [code for code in MESSAGES if not code.startswith("DB")])
def test_every_other_text_is_used(code: str) -> None:
    """By its code, or by its group with a name put in (f"slot.{name}", "slot." ~ name, said("slot", name))."""
    group, whole = re.escape(code.rpartition(".")[0]), re.escape(code)
    assert re.search(rf"""["']{whole}["']|["']{group}\.(?:\{{|["'] ~)|said\("{group}",""", USERS)


USERS = "\n".join(path.read_text(encoding="utf-8") for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]) if path.name != "messages.py")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"DUBAN_LANG": "zh"}, "zh"),
        ({"DUBAN_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"DUBAN_LANG": "", "LANG": "zh_TW"}, "zh"),
        ({"LANG": "fr_FR"}, "en"),
        ({}, "en"),
    ],
)
def test_language(settings: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DUBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert language() == expected
    assert message("explain.rule") == {"zh": "规则", "en": "rule"}[expected]


def test_error_has_code_and_details(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")
    error = DubanError("DB101", path="a.txt")
    assert (error.code, error.details) == ("DB101", {"path": "a.txt"})
    assert str(error).startswith("[DB101] 找不到文件：a.txt")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.details) == (DubanError, str(error), error.details)
