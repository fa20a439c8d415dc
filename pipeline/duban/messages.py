"""Every text a user reads, in Chinese and English, keyed by code.

The language is ``DUBAN_LANG`` (``zh`` or ``en``) if set, else that of the locale: Chinese where the locale is
Chinese, English elsewhere.
"""
from __future__ import annotations

import os

MESSAGES: dict[str, tuple[str, str]] = {
    # input
    "DB101": ("找不到文件：{path}。请检查路径。", "No such file: {path}. Check the path."),
    "DB102": ("无法识别文件编码：{path}。请另存为 UTF-8 后重试。", "Cannot tell the encoding of {path}. Save it as UTF-8 and try again."),
    "DB103": ("文件没有文字：{path}。", "No text in {path}."),
    "DB104": ("不是文本文件：{path}（{reason}）。", "Not a text file: {path} ({reason})."),
    "DB105": (
        "文本含有孤立代理项（位置 {offset}），不是合法的 Unicode 文本。请重新解码原文件。",
        "The text has a lone surrogate at offset {offset}: it is not Unicode text. Decode the file again.",
    ),
    "DB106": ("不支持的文件格式：{path}（{suffix}）。目前可读：{known}。", "Unsupported format: {path} ({suffix}). Readable: {known}."),
    "DB107": ("文件夹中没有可读的文档：{path}。目前可读：{known}。", "No documents in folder {path}. Readable: {known}."),
    "DB108": ("无法读取：{path}（{reason}）。", "Cannot read {path}: {reason}."),
    "DB109": ("{path} 第 {line} 行无法读取：{reason}。", "{path}, line {line}: {reason}."),
    "DB110": ("{path} 含有多个文档，此命令一次只看一个。", "{path} holds more than one document; this command takes one."),
    "DB111": ("标注文件 {path} 无效：{reason}。", "Bad gold file {path}: {reason}."),
    "DB112": (
        "标注文件 {path} 的原文 {doc} 不在 {folder} 中。请用 --documents 指定原文文件夹。",
        "The text {doc} of gold file {path} is not in {folder}. Name its folder with --documents.",
    ),
    "DB113": (
        "标注文件 {path} 与原文 {document} 不一致（SHA-256 不符）：标注所据的不是这份文本。",
        "Gold file {path} does not belong to {document}: the SHA-256 differs, it annotates another text.",
    ),
    "DB121": (
        '读取 {path} 需要 {package}。请安装：pip install "duban[{extra}]"。',
        'Reading {path} needs {package}. Install it: pip install "duban[{extra}]".',
    ),
    "DB122": ("文件损坏或不完整：{path}（{format}：{reason}）。请重新取得原文件。", "Damaged or incomplete: {path} ({format}: {reason}). Get the file anew."),
    "DB123": ("文件有密码：{path}。请去掉密码后另存再试。", "Locked with a password: {path}. Save it without one and try again."),
    "DB124": (
        "{path} 的 {count} 页都是图片，没有文字层。请先做文字识别（OCR）。",
        "All {count} pages of {path} are pictures without a text layer. Run text recognition (OCR) on it first.",
    ),
    "DB125": ("文件超出限度：{path}（{reason}）。", "Past a limit: {path} ({reason})."),
    "DB126": (
        "读取 {path} 需要 LibreOffice，没有找到。请安装（Debian：apt-get install libreoffice-writer-nogui），或用 Word 另存为 .docx。",
        "Reading {path} needs LibreOffice, which was not found. Install it (Debian: apt-get install libreoffice-writer-nogui) or save the file as .docx.",
    ),
    "DB127": ("LibreOffice 未能转换 {path}：{reason}。请用 Word 另存为 .docx。", "LibreOffice could not convert {path}: {reason}. Save the file as .docx."),
    "DB128": ("{path} 不是 duban 生成的台账，不能据以更新（{reason}）。", "{path} is no ledger made by duban, nothing to update from ({reason})."),
    # warnings about input that was read
    "DB131": (
        "{path} 第 {pages} 页是图片，没有文字层，内容未读入。请先做文字识别（OCR）。",
        "{path}: pages {pages} are pictures without a text layer and were not read. Run text recognition (OCR) on the file first.",
    ),
    "DB132": ("{path} 的编码是推测的（{encoding}），请核对文字。", "The encoding of {path} was guessed ({encoding}): check the text."),
    # config
    "DB201": ("组件 {component} 的配置项 {key} 无效：{reason}。", "Bad setting {key} of component {component}: {reason}."),
    "DB202": ("没有名为 {name} 的流程。可用：{known}。", "No pipeline named {name}. Known: {known}."),
    "DB203": ("无法载入流程 {name}：{reason}。", "Cannot load pipeline {name}: {reason}."),
    "DB211": ("没有名为 {layer} 的层或属性。可选：{known}。", "No layer or attribute named {layer}. Known: {known}."),
    "DB212": ("质量底线文件 {path} 无效：{reason}。", "Bad floors file {path}: {reason}."),
    "DB213": ("日期无效：{date}。请写成 YYYY-MM-DD。", "Not a date: {date}. Write YYYY-MM-DD."),
    "DB214": ("选项 {option} 须与 {other} 一起使用。", "{option} needs {other}."),
    "DB215": ("位置 {offset} 不在文本之内（0 至 {last}）。", "Offset {offset} is outside the text (0 to {last})."),
    # lexicon
    "DB301": ("词表 {path} 第 {line} 行不是合法的 JSON：{reason}。", "{path}, line {line}: not valid JSON: {reason}."),
    "DB302": ("词表 {path} 第 {line} 行：{key} {reason}。", "{path}, line {line}: {key} {reason}."),
    "DB303": (
        "词表 {path} 第 {line} 行与第 {first} 行重复：{label} “{pattern}”。",
        "{path}, line {line}: the same label and pattern as line {first}: {label} “{pattern}”.",
    ),
    "DB304": (
        "词表 {path} 第 {line} 行：pattern 必须是字符串；不支持词符模式（token pattern）。",
        "{path}, line {line}: pattern must be a string; token patterns are not supported.",
    ),
    # quality, and what went wrong inside
    "DB431": ("处理失败：{path}（{kind}：{reason}）。加 --debug 可见详情。", "Processing {path} failed ({kind}: {reason}). --debug shows where."),
    "DB451": ("质量低于底线（{path}）：{name} 应不低于 {floor}，现为 {figure}。", "Below the floor of {path}: {name} must be {floor}, is {figure}."),
    "DB452": (
        "{path} 的底线是按另一份标注或原文定的。请用 --update-floors 重新确定。",
        "The floors of {path} were set on other gold or documents. Set them anew with --update-floors.",
    ),
    "DB453": (
        "底线只升不降：{names}。确需降低，请用 --allow-lower 说明理由。",
        "Floors rise, they do not fall: {names}. To lower them give the reason with --allow-lower.",
    ),
    "DB499": ("程序内部错误（{kind}：{reason}）。加 --debug 可见详情。", "Internal error ({kind}: {reason}). --debug shows where."),
    # output
    "DB511": ("无法写入 {path}：{reason}。", "Cannot write {path}: {reason}."),
    "DB512": ("输出文件 {path} 同时是输入文件，未作改动。", "{path} is an input as well as the output; nothing was written."),
    "DB513": ("不支持的输出格式：{path}。可用：{known}。", "Unsupported output format: {path}. Known: {known}."),
    "DB514": ("没有可写的内容，{path} 未作改动。", "There is nothing to write; {path} was left as it is."),
    # reasons inside errors
    "reason.no_sheet": ("没有工作表“{name}”", "it has no sheet {name}"),
    "reason.no_column": ("没有“{name}”列", "it has no column {name}"),
    "reason.nul": ("含有 NUL 字节", "it holds NUL bytes"),
    "reason.controls": ("多为控制字符", "control characters all over"),
    "reason.csv": ("不是合法的 CSV：{reason}", "not valid CSV: {reason}"),
    "reason.mark": ("开头没有此格式的标志", "it does not begin as such a file does"),
    "reason.doctype": ("{part} 含有文档类型或实体声明", "{part} declares a document type or entities"),
    "reason.file_bytes": ("文件大于 {limit} 字节", "the file is larger than {limit} bytes"),
    "reason.length": ("文字多于 {limit} 字", "the text is longer than {limit} characters"),
    "reason.zip_members": ("压缩包成员多于 {limit} 个", "more than {limit} packed members"),
    "reason.zip_bytes": ("解压后大于 {limit} 字节", "more than {limit} bytes unpacked"),
    "reason.xml_bytes": ("其中的 XML 大于 {limit} 字节", "a part of more than {limit} bytes of XML"),
    "reason.zip_ratio": ("压缩比大于 {limit}，疑为压缩炸弹", "packed more than {limit} times: a zip bomb, it seems"),
    "reason.pages": ("页数多于 {limit}", "more than {limit} pages"),
    "reason.seconds": ("用时超过 {limit} 秒", "it took more than {limit} seconds"),
    "reason.folder": ("是文件夹", "it is a folder"),
    "reason.utf8": ("不是 UTF-8 编码", "it is not UTF-8"),
    "reason.json": ("不是合法的 JSON：{reason}", "not valid JSON: {reason}"),
    "reason.object": ("应为 JSON 对象", "it must be a JSON object"),
    "reason.column": ("没有文字列 {column}", "there is no text in column {column}"),
    "reason.key": ("{key} 缺失或无效", "{key} is missing or malformed"),
    "reason.value": ("{key} 的值无效：{value}", "bad value of {key}: {value}"),
    "reason.one_of": ("应为 {known} 之一，而不是 {value}", "must be one of {known}, not {value}"),
    "reason.empty": ("为空", "is empty"),
    "reason.unknown_key": ("不是 {label} 的键；可用：{known}", "is not a key of {label}; allowed: {known}"),
    "reason.type": ("应为 {known}，而不是 {value}", "must be {known}, not {value}"),
    "reason.strings": ("应为非空字符串的列表", "must be a list of strings that are not empty"),
    # explain
    "layer.boilerplate": ("网页杂项", "boilerplate"),
    "layer.sections": ("章节", "section"),
    "layer.entities": ("实体", "entity"),
    "layer.targets": ("量化目标", "target"),
    "layer.tasks": ("任务", "task"),
    "explain.rule": ("规则", "rule"),
    "explain.lexicon": ("词条", "lexicon entry"),
    "explain.evidence": ("依据", "evidence"),
    "explain.nothing": ("位置 {offset} 上没有任何记录：…{context}…", "Nothing is recorded at offset {offset}: …{context}…"),
    "explain.empty": ("没有任何记录。", "Nothing is recorded."),
    "evaluate.no_prediction": ("没有预测结果：{doc}", "no prediction for {doc}"),
    "outline.empty": ("没有章节。", "No sections."),
    "slot.kind": ("种类", "kind"),
    "slot.marker": ("序号标记", "marker"),
    "slot.number": ("序号", "number"),
    "slot.level": ("层级", "level"),
    "slot.heading": ("标题", "heading"),
    "slot.parent": ("上级", "parent"),
    "slot.path": ("路径", "path"),
    "slot.label": ("类别", "label"),
    "slot.canon": ("规范名称", "canonical name"),
    "slot.place": ("地名", "place"),
    "slot.value": ("数值", "value"),
    "slot.value_max": ("上限", "upper bound"),
    "slot.unit": ("单位", "unit"),
    "slot.comparator": ("比较", "comparator"),
    "slot.redacted": ("涂黑", "redacted"),
    "slot.direction": ("方向", "direction"),
    "slot.status": ("性质", "status"),
    "slot.indicator": ("指标", "indicator"),
    "slot.entity": ("实体", "entity"),
    "slot.period": ("时期", "period"),
    "slot.scope": ("范围", "scope"),
    "slot.section": ("所属章节", "section"),
    "slot.lead": ("牵头", "lead"),
    "slot.support": ("配合", "support"),
    "slot.deadline": ("时限", "deadline"),
    "slot.targets": ("目标", "targets"),
    "slot.projects": ("项目", "projects"),
    # slots that only the evidence has
    "slot.core": ("核心词", "core"),
    "slot.topic": ("事项", "matter"),
    "slot.cue": ("提示词", "cue"),
    "slot.line": ("所在行", "line"),
    "slot.measure": ("计量词", "measure"),
    "slot.official": ("责任人", "official"),
    "slot.prefix": ("前缀", "prefix"),
    "slot.words": ("用词", "words"),
    # command line
    "cli.app": ("督办：从讲话、报告到任务台账，每一条都可追溯。", "duban: from a speech or report to a ledger, every line traceable."),
    "cli.extract": ("从文件和文件夹抽取记录，写成 JSON Lines。", "Extract records from files and folders, as JSON Lines."),
    "cli.ledger": (
        "生成任务分解台账（.xlsx 或 .csv）；输入也可以是 extract 的结果。",
        "Make the ledger (.xlsx or .csv); an input may also be what extract wrote.",
    ),
    "cli.panel": (
        "生成面板数据：每个数字一行（.csv、.parquet、.xlsx 或 .jsonl），供统计分析。",
        "Make the panel: one tidy row a number (.csv, .parquet, .xlsx or .jsonl), for statistics.",
    ),
    "cli.explain": ("说明每条记录的依据：规则、词条和原文位置。", "Tell why each record says what it says: rule, lexicon entry, words and offsets."),
    "cli.outline": ("打印文件的章节结构。", "Print the outline of a document."),
    "cli.evaluate": ("对照标注计算准确率、召回率和 F1。", "Score against gold: precision, recall and F1."),
    "cli.schema": ("打印记录的 JSON Schema。", "Print the JSON Schema of the record."),
    "cli.lexicon": ("词表。", "Lexicons."),
    "cli.lexicon.check": ("检查词表，列出词条数和被覆盖的词条。", "Check lexicon files; tell how many entries they have and which ones they shadow."),
    "cli.gold": ("标注数据。", "Gold data."),
    "cli.gold.docbin": ("把标注转成 spaCy 的 DocBin，供 spacy evaluate 使用。", "Turn gold into a spaCy DocBin, for spacy evaluate."),
    "cli.arg.inputs": ("文件、文件夹、通配符，或 -（标准输入）。", "Files, folders, patterns, or - (standard input)."),
    "cli.arg.file": ("文件，或 -（标准输入）。", "A file, or - (standard input)."),
    "cli.arg.gold": ("标注文件（.gold.json）或其文件夹。", "Gold files (.gold.json) or folders of them."),
    "cli.arg.lexicons": ("词表文件（JSON Lines）。", "Lexicon files (JSON Lines)."),
    "cli.opt.output": ("输出文件；- 为标准输出。", "The file to write; - is standard output."),
    "cli.opt.update": (
        "在此旧台账（.xlsx）上更新：保留进展情况和备注，新增的行照列，原文已无的行移到表末并标明。",
        "Update this older ledger (.xlsx): progress and remarks stay, new rows are added, rows whose text is gone are moved below and marked.",
    ),
    "cli.opt.as_of": (
        "对照日期（YYYY-MM-DD）：时限清单据此标明逾期和临期；不给则不判断。",
        "The day (YYYY-MM-DD) against which the list of time limits says what is overdue; without it nothing is.",
    ),
    "cli.opt.report": ("报告页（.html）：各行的位置链接到其中的原文。", "The report page (.html) that each row leads to, at its text."),
    "cli.opt.ledger": ("输出文件，.xlsx 或 .csv。", "The file to write, .xlsx or .csv."),
    "cli.opt.table": ("输出文件，.csv、.parquet、.xlsx 或 .jsonl。", "The file to write, .csv, .parquet, .xlsx or .jsonl."),
    "cli.opt.scope": ("只要本地的数字，还是连全国、外地、企业的也要。", "Only the place's own numbers, or those of others (the country, a firm) too."),
    "cli.opt.status": ("只要目标、实绩或其他；默认全部（--wide 默认目标）。", "Only targets, facts or others; by default all (with --wide: targets)."),
    "cli.opt.wide": ("宽表：地区为行，指标为列。", "Places by indicators."),
    "cli.opt.docbin": ("输出文件（.spacy）。", "The file to write (.spacy)."),
    "cli.opt.pipeline": ("流程：{known}，或流程文件夹、已安装的流程包。", "The pipeline: {known}, or a pipeline's folder or installed package."),
    "cli.opt.date": ("文件日期（YYYY-MM-DD）；不给则取自文中。", "The documents' date (YYYY-MM-DD); else taken from each text."),
    "cli.opt.place": ("文件所属地；不给则取自文中。", "The documents' place; else taken from each text."),
    "cli.opt.lexicon": ("附加词表，可多次给出。", "A lexicon of your own; may be given more than once."),
    "cli.opt.column": ("JSON Lines、CSV、Parquet 输入中的文字列。", "The text column of JSON Lines, CSV and Parquet inputs."),
    "cli.opt.at": ("只看覆盖此位置的记录。", "Only the records that cover this offset."),
    "cli.opt.documents": ("原文文件夹；默认取标注文件夹旁的 documents。", "The folder of the texts; by default documents beside the gold folder."),
    "cli.opt.records": ("评估此文件中的记录，而不重新抽取。", "Score the records of this file instead of extracting anew."),
    "cli.opt.errors": ("并列出这一层或属性的错误。", "Also list what this layer or attribute got wrong."),
    "cli.opt.json": ("以 JSON 打印。", "Print the figures as JSON."),
    "cli.opt.floors": ("质量底线文件，低于底线即失败。", "A file of quality floors; fail below one."),
    "cli.opt.update_floors": ("按本次结果提高底线。", "Raise the floors to this run's figures."),
    "cli.opt.allow_lower": ("允许降低底线，并记下理由。", "Let floors fall, for this reason, which is kept."),
    "cli.opt.debug": ("出错时打印调用栈。", "Print the traceback of an error."),
    "cli.opt.version": ("打印版本号。", "Print the version."),
    "cli.progress": ("处理中", "Processing"),
    "cli.lexicon.entries": ("{path}：{count} 条（{labels}）", "{path}: {count} entries ({labels})"),
    "cli.lexicon.shadows": (
        "{path} 第 {line} 行覆盖 {other} 第 {first} 行：{label} “{pattern}”",
        "{path}, line {line} shadows {other}, line {first}: {label} “{pattern}”",
    ),
    "cli.floors.kept": ("均不低于底线：{path}", "No figure is below its floor: {path}"),
    "cli.floors.written": ("底线已写入：{path}", "Floors written: {path}"),
}


def language() -> str:
    """``zh`` or ``en``."""
    for name in ("DUBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def message(code: str, **details: object) -> str:
    """The text of ``code`` in the user's language, its slots filled.

    >>> message("DB303", path="a.jsonl", line=2, first=1, label="GROUP", pattern="各镇")  # doctest: +ELLIPSIS
    '...各镇...'
    """
    zh, en = MESSAGES[code]
    return (zh if language() == "zh" else en).format(**details)
