"""Write docs/errors.md: every code with its text and its cure, in both languages, from duban.messages.

Run from the root of the repository: ``python docs/errors.py``. A test says when the page is no longer current.
"""
from __future__ import annotations

from pathlib import Path

from duban.messages import MESSAGES

PAGE = Path(__file__).with_suffix(".md")
INTRO = """# Errors and warnings 错误与警告

Made by `python docs/errors.py`. An error is one line on standard error that begins with its code; the other documents go on. `--debug` prints the traceback.
每个错误在标准错误输出中占一行，以代码开头，其余文件照常处理；加 `--debug` 可见调用栈。

"""
GROUPS = {
    "DB1": "Input 输入", "DB2": "Settings 设置", "DB3": "Lexicons 词表", "DB4": "Quality and inner errors 质量与内部错误", "DB5": "Output 输出",
}
#: What to do, where the text itself does not say it.
CURES = {
    "DB103": ("确认文件不是空的；图片扫描件请先做文字识别。", "See that the file is not empty; run text recognition on scans."),
    "DB104": ("确认文件内容与扩展名相符，必要时另存为 .txt 或 .docx。", "See that the content is what the suffix says, or save it as .txt or .docx."),
    "DB106": ("另存为可读的格式之一。", "Save it in one of the formats listed."),
    "DB107": ("检查路径，或把文档另存为可读的格式。", "Check the path, or save the documents in one of the formats listed."),
    "DB108": ("检查读取权限和磁盘。", "Check the permission to read it, and the disk."),
    "DB109": ("改正这一行；其他行不受影响。", "Mend that line; the others are not concerned."),
    "DB110": ("先用 duban extract 处理，或只给出一个文档。", "Give one document; duban extract takes many."),
    "DB111": ("按所述原因改正标注文件。", "Mend the gold file where the reason says."),
    "DB113": ("找回标注时所用的原文，或重新标注。", "Find the text that was annotated, or annotate this one."),
    "DB125": ("拆分文件；来源可信时可放宽限度。", "Split the file, or raise the limit if you trust where it comes from."),
    "DB128": ("给出由 duban ledger 生成、表头未改的台账。", "Give a ledger that duban ledger wrote, its headers as they were."),
    "DB133": ("无须处理；需要时从 meta 中取用。", "Nothing; take them from the meta if you need them."),
    "DB142": ("重新打开启动时给出的地址；脚本须带令牌和 Origin。", "Open the address told at the start anew; scripts send the token and an Origin."),
    "DB143": ("分几次上传，或用命令行处理大文件。", "Upload fewer at once, or use the command line."),
    "DB144": ("回到文件列表；程序重启后须重新上传。", "Go back to the list; after a restart upload again."),
    "DB145": ("按所述原因改正后再保存。", "Change what the reason names and save again."),
    "DB201": ("改正 config.cfg 或代码中的此项配置。", "Mend that setting in config.cfg or in the code."),
    "DB202": ("用 --pipeline 指定所列流程之一，或安装其 wheel 包。", "Name one of those listed with --pipeline, or install its wheel."),
    "DB203": ("确认流程与 duban 版本相配，必要时重新安装。", "See that pipeline and duban are of versions that fit; install them anew."),
    "DB211": ("改用所列名称之一。", "Take one of the names listed."),
    "DB212": ("从版本库恢复该文件，或用 --update-floors 重新生成。", "Restore the file, or make it anew with --update-floors."),
    "DB214": ("补上所缺的选项。", "Add the option it needs."),
    "DB215": ("给出范围内的字符位置。", "Give a character offset in that range."),
    "DB223": ("改用共享存储上的路径。", "Take a path on shared storage."),
    "DB301": ("改正这一行；每行须是一个 JSON 对象。", "Mend that line: each is one JSON object."),
    "DB302": ("按所述原因改正；duban lexicon check 可列出全部问题。", "Mend it as the reason says; duban lexicon check lists all."),
    "DB303": ("删去其中一行。", "Delete one of the two lines."),
    "DB304": ("把 pattern 写成字符串；多个写法各占一行。", "Write the pattern as a string, one line for each form."),
    "DB431": ("报告此问题，并附上一份虚构的示例文档。", "Report it, with a fictional document that shows it."),
    "DB432": ("减少 --jobs，或拆分该文件。", "Lower --jobs, or split the document."),
    "DB451": ("用 duban evaluate --errors 查看变差之处并改正。", "Look with duban evaluate --errors at what got worse, and mend it."),
    "DB499": ("报告此问题，并附上 --debug 的输出。", "Report it, with what --debug prints."),
    "DB511": ("检查文件夹、权限和剩余空间；表格请先在 Excel 中关闭。", "Check folder, permission and room on the disk; close the file where it is open."),
    "DB512": ("另起一个输出文件名。", "Name another file for the output."),
    "DB513": ("使用所列扩展名之一。", "Take one of the suffixes listed."),
    "DB514": ("检查输入和前面的错误。", "Check the input and the errors before this one."),
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
