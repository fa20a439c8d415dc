"""What the command line says: help, options, results.

A code and its text in Chinese and in English.
"""
from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    # command line
    "cli.app": ("督办：从讲话、报告到任务台账，每一条都可追溯。", "duban: from a speech or report to a ledger, every line traceable."),
    "cli.extract": (
        "从文件和文件夹抽取记录，写成 JSON Lines，一个文件，或一个批次文件夹。退出状态：0 全部完成，1 部分失败，3 全部失败。",
        "Extract records from files and folders, as JSON Lines: one file, or the folder of a run. Exit status: 0 all done, 1 some failed, 3 all failed.",
    ),
    "cli.ledger": (
        "生成任务分解台账（.xlsx，附于通知的 .docx，或 .csv）；输入也可以是 extract 的结果。",
        "Make the ledger (.xlsx, .docx to attach to a notice, or .csv); an input may also be what extract wrote.",
    ),
    "cli.panel": (
        "生成面板数据：每个数字一行（.csv、.parquet、.xlsx 或 .jsonl），供统计分析。",
        "Make the panel: one tidy row a number (.csv, .parquet, .xlsx or .jsonl), for statistics.",
    ),
    "cli.track": (
        "把计划中的目标与之后文件中的实绩对照：已达成、快于进度、滞后、未提及。",
        "Match the goals of plans with the facts of later documents: achieved, ahead, behind, not mentioned.",
    ),
    "cli.compare": (
        "比较同一文件的两个版本：章节、数字、任务的增、删、改、移。",
        "Compare two versions of a document: sections, figures and tasks added, dropped, changed, moved.",
    ),
    "cli.arg.old": ("原来的版本：一份文件，或其记录。", "The old version: one document, or its record."),
    "cli.arg.new": ("新的版本：一份文件，或其记录。", "The new version: one document, or its record."),
    "cli.opt.compare": (
        "输出文件，.xlsx（可打印）、.csv、.jsonl 或 .parquet；不给则打印。",
        "The file to write, .xlsx (to print), .csv, .jsonl or .parquet; without it a table is printed.",
    ),
    "cli.opt.compare_format": ("打印表格，或 JSON（各项两边的文字和位置）。", "Print a table, or JSON (with words and places of each slot on both sides)."),
    "cli.opt.compare_layer": (
        "列出哪一类的变动，可多次给出；默认 sections、targets、tasks。",
        "Whose changes are listed, may be given more than once; by default sections, targets, tasks.",
    ),
    "cli.duplicates": (
        "找出同一文件的不同版本（换词、涂黑数字、删减、调换段落）；输入也可以是 extract 的结果。",
        "Find the versions of one document (words swapped, figures blanked, parts cut or moved); an input may also be what extract wrote.",
    ),
    "cli.explain": ("说明每条记录的依据：规则、词条和原文位置。", "Tell why each record says what it says: rule, lexicon entry, words and offsets."),
    "cli.outline": ("打印文件的章节结构。", "Print the outline of a document."),
    "cli.evaluate": ("对照标注计算准确率、召回率和 F1。", "Score against gold: precision, recall and F1."),
    "cli.schema": ("打印记录的 JSON Schema。", "Print the JSON Schema of the record."),
    "cli.lexicon": ("词表。", "Lexicons."),
    "cli.lexicon.check": ("检查词表，列出词条数和被覆盖的词条。", "Check lexicon files; tell how many entries they have and which ones they shadow."),
    "cli.annotate": ("与标注工具往来：交人校正，再取回。", "To annotation tools and back: for readers to correct what was found."),
    "cli.annotate.to": (
        "把记录转成标注工具的文件，供人工校正。",
        "Turn records into the files of an annotation tool, for readers to correct.",
    ),
    "cli.annotate.from": (
        "把标注工具导出的校正结果变成标注文件。",
        "Turn what readers corrected in an annotation tool into gold files.",
    ),
    "cli.arg.tool": (
        "标注工具。",
        "The annotation tool.",
    ),
    "cli.gold": ("标注数据。", "Gold data."),
    "cli.gold.docbin": ("把标注转成 spaCy 的 DocBin，供 spacy evaluate 使用。", "Turn gold into a spaCy DocBin, for spacy evaluate."),
    "cli.gold.companion": (
        "把标注变成伴随模型的训练数据，按文件分为学习、选择、检验三部分。",
        "Turn gold into what a companion is trained on, by document in three parts: to learn, to choose, to measure.",
    ),
    "cli.arg.export": (
        "工具导出的文件：Label Studio 为 JSON，doccano 和 Prodigy 为 JSONL，brat 为其文件夹。",
        "What the tool exported: JSON of Label Studio, JSONL of doccano and Prodigy, the folder of brat.",
    ),
    "cli.arg.inputs": ("文件、文件夹、通配符，或 -（标准输入）。", "Files, folders, patterns, or - (standard input)."),
    "cli.arg.file": ("文件，或 -（标准输入）。", "A file, or - (standard input)."),
    "cli.arg.gold": ("标注文件（.gold.json）或其文件夹。", "Gold files (.gold.json) or folders of them."),
    "cli.arg.lexicons": ("词表文件（JSON Lines）。", "Lexicon files (JSON Lines)."),
    "cli.opt.output": (
        "输出：.jsonl 文件，.spacy 文件（spaCy 的 DocBin），或批次文件夹（可用 --resume 继续）；- 为标准输出。",
        "The .jsonl file to write, or .spacy (a DocBin for spaCy), or the folder of a run (see --resume); - is standard output.",
    ),
    "cli.opt.update": (
        "在此旧台账（.xlsx）上更新：保留进展情况和备注，新增的行照列，原文已无的行移到表末并标明。",
        "Update this older ledger (.xlsx): progress and remarks stay, new rows are added, rows whose text is gone are moved below and marked.",
    ),
    "cli.opt.as_of": (
        "对照日期（YYYY-MM-DD）：时限清单据此标明逾期和临期；不给则不判断。",
        "The day (YYYY-MM-DD) against which the list of time limits says what is overdue; without it nothing is.",
    ),
    "cli.opt.report": ("报告页（.html）：各行的位置链接到其中的原文。", "The report page (.html) that each row leads to, at its text."),
    "cli.opt.ledger": ("输出文件，.xlsx、.docx 或 .csv。", "The file to write, .xlsx, .docx or .csv."),
    "cli.opt.table": ("输出文件，.csv、.parquet、.xlsx 或 .jsonl。", "The file to write, .csv, .parquet, .xlsx or .jsonl."),
    "cli.arg.plans": ("计划、年初报告等定目标的文件。", "Documents that set goals: plans, reports at the start of a year."),
    "cli.opt.against": ("之后的文件：季度、半年情况和总结；可给多个。", "Later documents: reports of a quarter, a half-year; several may follow."),
    "cli.opt.track": (
        "输出文件，.xlsx、.csv、.jsonl 或 .parquet；不给则打印对照表。",
        "The file to write, .xlsx, .csv, .jsonl or .parquet; without it a table is printed.",
    ),
    "cli.opt.duplicates": (
        "输出文件，.xlsx、.csv、.jsonl 或 .parquet；不给则打印。",
        "The file to write, .xlsx, .csv, .jsonl or .parquet; without it a table is printed.",
    ),
    "cli.opt.threshold": (
        "相似度（五字组 Jaccard）不低于此数即为同一文件的版本。",
        "The least Jaccard similarity of 5-grams at which two documents are versions of one.",
    ),
    "cli.opt.method": (
        "exact 精确；minhash 估计，用于大批文件；auto 在一万份以内用 exact。",
        "exact; minhash, an estimate for many documents; auto is exact up to 10,000 documents.",
    ),
    "cli.opt.count_duplicates": (
        "同一文件的各个版本都计入；默认只计一份。",
        "Count every version of a document; by default one counts.",
    ),
    "cli.opt.run_duplicates": (
        "另存 duplicates.jsonl：哪些文件是另一份的版本。",
        "Also write duplicates.jsonl: which documents are versions of others.",
    ),
    "cli.opt.scope": ("只要本地的数字，还是连全国、外地、企业的也要。", "Only the place's own numbers, or those of others (the country, a firm) too."),
    "cli.opt.status": ("只要目标、实绩或其他；默认全部（--wide 默认目标）。", "Only targets, facts or others; by default all (with --wide: targets)."),
    "cli.opt.wide": ("宽表：地区为行，指标为列。", "Places by indicators."),
    "cli.opt.docbin": ("输出文件（.spacy）。", "The file to write (.spacy)."),
    "cli.opt.companion_data": ("输出文件夹：train.spacy、dev.spacy、split.json。", "The folder to write: train.spacy, dev.spacy, split.json."),
    "cli.opt.held_out": ("留作检验的文件所占比例。", "The share of the documents that is held out, to measure on."),
    "cli.opt.dev": ("用来选择训练结果的文件所占比例。", "The share of the documents that chooses among the states of the training."),
    "cli.opt.companion": (
        "伴随模型的流程文件夹：在它没有见过的文件上，与规则逐项对照。",
        "A trained companion's folder: compare it with the rules, on the documents it has not seen.",
    ),
    "cli.opt.disagreements": ("把有分歧和两者都错的各项连同上下文写入此文件。", "Write what is in dispute, or wrong on both sides, with its context."),
    "cli.opt.pipeline": ("流程：{known}，或流程文件夹、已安装的流程包。", "The pipeline: {known}, or a pipeline's folder or installed package."),
    "cli.opt.date": ("文件日期（YYYY-MM-DD）；不给则取自文中。", "The documents' date (YYYY-MM-DD); else taken from each text."),
    "cli.opt.place": ("文件所属地；不给则取自文中。", "The documents' place; else taken from each text."),
    "cli.opt.lexicon": ("附加词表，可多次给出。", "A lexicon of your own; may be given more than once."),
    "cli.opt.column": ("JSON Lines、CSV、Parquet 输入中的文字列。", "The text column of JSON Lines, CSV and Parquet inputs."),
    "cli.opt.at": ("只看覆盖此位置的记录。", "Only the records that cover this offset."),
    "cli.opt.tool_files": (
        "要写的文件：Label Studio 为 .json，doccano 和 Prodigy 为 .jsonl，brat 为文件夹。",
        "What to write: .json for Label Studio, .jsonl for doccano and Prodigy, a folder for brat.",
    ),
    "cli.opt.relations": (
        "doccano：写成实体和关系，供启用了关系的项目使用。",
        "doccano: write entities and relations, for a project that uses relations.",
    ),
    "cli.opt.config": (
        "Label Studio：另存标注界面（.xml），供项目设置使用。",
        "Label Studio: also write the labelling interface (.xml), for the settings there.",
    ),
    "cli.opt.gold": ("标注文件的文件夹。", "The folder of gold files to write."),
    "cli.opt.layer": (
        "交人校正、或校正过的层，可多次给出；默认全部。",
        "A layer that readers go through, or went through; may be given more than once; by default all.",
    ),
    "cli.opt.texts": ("另存原文的文件夹。", "A folder to write the texts into."),
    "cli.opt.documents": ("原文文件夹；默认取标注文件夹旁的 documents。", "The folder of the texts; by default documents beside the gold folder."),
    "cli.opt.records": ("评估此文件中的记录，而不重新抽取。", "Score the records of this file instead of extracting anew."),
    "cli.opt.errors": ("并列出这一层或属性的错误。", "Also list what this layer or attribute got wrong."),
    "cli.opt.json": ("以 JSON 打印。", "Print the figures as JSON."),
    "cli.opt.floors": ("质量底线文件，低于底线即失败。", "A file of quality floors; fail below one."),
    "cli.opt.floors_set": ("底线文件中的哪一组（每组标注各有底线）。", "Which set of that file: each set of gold has its floors."),
    "cli.opt.update_floors": ("按本次结果提高底线。", "Raise the floors to this run's figures."),
    "cli.opt.allow_lower": ("允许降低底线，并记下理由。", "Let floors fall, for this reason, which is kept."),
    "cli.opt.jobs": (
        "工作进程数；0 为只用本进程。不给则 2 MB 以下只用本进程，以上每核一个。",
        "Worker processes; 0 for none but this one. By default none below 2 MB of input, else one a core.",
    ),
    "cli.opt.cluster": (
        "在此地址的 Ray 集群上处理（集群内用 auto）；输出须为文件夹。",
        "Do the work on the Ray cluster at this address (auto: the one we are in); the output is a folder.",
    ),
    "cli.opt.resume": ("继续文件夹中中断的批次。", "Go on with the run in the folder."),
    "cli.opt.format": (
        "在批次文件夹中另存各层表格（csv、parquet）或 DocBin（spacy），可多次给出。",
        "Also write the layers as tables (csv, parquet) or the Docs (spacy) into the folder of the run; may be given more than once.",
    ),
    "cli.opt.max_chars": ("一份文件最多的字数，超出即为失败。", "Characters one document may have; a longer one fails."),
    "cli.opt.seconds": ("一份文件最多的用时（秒），超出即为失败。", "Seconds one document may take; a slower one fails."),
    "cli.opt.debug": ("出错时打印调用栈。", "Print the traceback of an error."),
    "cli.opt.version": ("打印版本号。", "Print the version."),
    "cli.progress": ("处理中", "Processing"),
    "progress.line": (
        "{documents} 份，每秒 {speed} 字，失败 {failures} 份，剩余时间 {left}",
        "{documents} documents, {speed} characters/s, {failures} failed, time left {left}",
    ),
    "progress.unknown": ("不详", "unknown"),
    "run.end": (
        "{path}：输入 {documents} 份，记录 {records} 条，失败 {failures} 份",
        "{path}: {documents} documents, {records} records, {failures} failed",
    ),
    "cli.lexicon.entries": ("{path}：{count} 条（{labels}）", "{path}: {count} entries ({labels})"),
    "cli.lexicon.shadows": (
        "{path} 第 {line} 行覆盖 {other} 第 {first} 行：{label} “{pattern}”",
        "{path}, line {line} shadows {other}, line {first}: {label} “{pattern}”",
    ),
    "cli.floors.kept": ("均不低于底线：{path}", "No figure is below its floor: {path}"),
    "cli.floors.written": ("底线已写入：{path}", "Floors written: {path}"),
    "cli.report": (
        "生成报告：网页（原文标注、提纲、台账和图表，一个文件，离线可看），或带批注的 Word 文档；输入也可以是 extract 的结果。",
        "Make the report: a page (marked text, outline, tables and charts in one file) or a Word document with comments; "
        "an input may also be what extract wrote.",
    ),
    "cli.opt.page": ("输出文件：.html 为网页，.docx 为带批注的 Word 文档。", "The file to write: .html, the page; .docx, a Word document with comments."),
    "cli.serve": (
        "在本机浏览器中读文件、看报告、更正、取台账。",
        "Read documents, see the report, correct it and take the ledger, in a browser on this machine.",
    ),
    "cli.opt.port": ("端口；0 为任选一个。", "The port; 0 takes any."),
    "cli.opt.gold_folder": ("把更正保存为标注的文件夹（其中 gold 和 documents）。", "The folder to save corrections in as gold (below it gold and documents)."),
    "cli.opt.lexicon_out": (
        "把对名称的更正存为词条的词表文件（.jsonl，供 --lexicon 使用）；已有词条一并使用。",
        "The lexicon (.jsonl, for --lexicon) to keep corrections of names in, as entries; those it has are used.",
    ),
    "cli.opt.open": ("同时打开浏览器。", "Open the browser too."),
    "cli.serving": ("请在浏览器中打开：{address}（Ctrl+C 结束）", "Open in a browser: {address} (Ctrl+C ends it)"),
    "cli.api": (
        "启动供其他系统调用的 HTTP 接口：发来文件，返回记录或台账；不联网，不存盘。",
        "Run the HTTP API for other systems: a document is posted, its record or the ledger comes back; no network is used, nothing is stored.",
    ),
    "cli.opt.host": ("监听的地址；0.0.0.0 为全部网卡。", "The address to listen on; 0.0.0.0 is every network card."),
    "cli.opt.workers": ("工作进程数；默认每个处理器核心一个，最多 4 个。", "Worker processes; by default one a processor core, at most 4."),
    "cli.opt.token_file": (
        "存有令牌的文件，调用者须出示；也可放在环境变量 DUBAN_API_TOKEN 中。",
        "A file with the token that callers must show; it may stand in the variable DUBAN_API_TOKEN instead.",
    ),
    "cli.opt.max_mb": ("一次请求最大的字节数（MB）。", "Megabytes one request may have."),
    "cli.opt.max_documents": ("一次请求最多的文件份数。", "Documents one request may have."),
    "cli.opt.max_requests": (
        "同时处理和等待的请求数，超出的请求稍后再来（503）。", "Requests that are worked on or wait; those beyond are told to come again (503).",
    ),
    "cli.api.serving": ("接口地址：{address}（Ctrl+C 结束）", "The API is at {address} (Ctrl+C ends it)"),
    "cli.api.open": (
        "注意：没有令牌，能访问此地址的人都能使用。可用 --token-file 设定。",
        "Note: there is no token, whoever reaches this address may use it. Set one with --token-file.",
    ),
}
