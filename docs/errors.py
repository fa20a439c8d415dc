"""Write docs/errors.md: every code with its text and its cure, in both languages, from duban.messages.

Run from the root of the repository: ``python docs/errors.py``. A test says when the page is no longer current.
"""
from __future__ import annotations

from pathlib import Path

from duban.messages import MESSAGES
from duban.messages.cures import CURES

PAGE = Path(__file__).with_suffix(".md")
INTRO = """# Errors and warnings 错误与警告

Made by `python docs/errors.py`. An error is one line on standard error that begins with its code; the other documents go on. `--debug` prints the traceback.
每个错误在标准错误输出中占一行，以代码开头，其余文件照常处理；加 `--debug` 可见调用栈。

"""
GROUPS = {
    "DB1": "Input 输入", "DB2": "Settings 设置", "DB3": "Lexicons 词表", "DB4": "Quality and inner errors 质量与内部错误", "DB5": "Output 输出",
}


def page() -> str:
    """The page as it should be.

    >>> "| DB101 |" in page()
    True
    """
    parts = [INTRO]
    for prefix, title in GROUPS.items():
        parts.append(f"## {title}\n\n| | 说明与处理 | Cause and cure |\n|---|---|---|\n")
        for code in sorted(code for code in MESSAGES if code.startswith(prefix)):
            zh, en = (_cell(text, cure) for text, cure in zip(MESSAGES[code], CURES.get(code, ("", "")), strict=True))
            parts.append(f"| {code} | {zh} | {en} |\n")
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def _cell(text: str, cure: str) -> str:
    """One cell; slots stand in code marks, so that nothing in them is taken for markup."""
    said = text.replace("{", "`{").replace("}", "}`").replace("|", "\\|").replace("__name__", "`__name__`")
    return f"{said} {cure}".strip() if cure.isascii() else f"{said}{cure}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
