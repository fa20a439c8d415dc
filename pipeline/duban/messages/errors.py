"""What went wrong and what to do about it: every coded error and warning, and the reasons inside them.

A code and its text in Chinese and in English.
"""
from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
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
    "DB114": (
        "只有 {count} 份文件标注了实体（同一文件的各版本只算一份），至少需要 {needed} 份：学习、选择、检验各一份。",
        "Only {count} documents have annotated entities (versions of one count once); {needed} are the least: one to learn from, one to choose by, "
        "one to measure on.",
    ),
    "DB115": (
        "所给标注中没有可供检验的文件：凡标注了实体的，{path} 在训练中都见过。",
        "This gold has no document to measure on: {path} has seen in training all of those with annotated entities.",
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
    "DB133": (
        "{path} 的页眉、页脚、注释不作正文（字数：{parts}），记在 meta 里。",
        "{path}: headers, footers and notes are no part of the text (characters: {parts}); they stand in the meta.",
    ),
    "DB134": (
        "{path}：读取 {format} 格式尚属试验，请与原件核对文字。",
        "{path}: reading {format} is experimental. Compare the text with the document.",
    ),
    "DB139": (
        "{path} 没有日期，对照时略去。请先用 duban extract --date 生成记录，再对照记录。",
        "{path} has no date and is left out. Give it one with duban extract --date, and track the records.",
    ),
    # the local web page
    "DB141": ("请从 duban serve 启动时给出的地址打开本页。", "Open this page from the address that duban serve gave when it started."),
    "DB142": ("请求不是从本页发出的，已拒绝。", "The request did not come from this page and was refused."),
    "DB143": ("上传超出限度（{limit}）。", "The upload is past the limit ({limit})."),
    "DB144": ("没有这个文件：{name}。", "There is no such document: {name}."),
    "DB145": ("无法作此更正：{reason}。", "This correction cannot be made: {reason}."),
    "DB146": ("已打开 {limit} 份文件，请先移除一些。", "{limit} documents are open: remove some first."),
    "DB147": ('{command} 需要 {package}。请安装：pip install "duban[web]"。', '{command} needs {package}. Install it: pip install "duban[web]".'),
    "DB148": ("端口 {port} 已被占用。请用 --port 另选。", "Port {port} is taken. Choose another with --port."),
    "DB150": ("没有指定存放词条的词表文件。请以 --lexicon-out FILE 启动。", "There is no file to keep entries in. Start with --lexicon-out FILE."),
    "DB149": ("没有指定保存标注的文件夹。请以 --gold FOLDER 启动。", "There is no folder to save gold in. Start with --gold FOLDER."),
    # the HTTP API
    "DB151": (
        "令牌缺失或不符。请在 Authorization: Bearer 中给出启动服务时所用的令牌。",
        "The token is missing or wrong. Send the one the service was started with as Authorization: Bearer.",
    ),
    "DB152": ("同时处理的请求已达 {limit} 个。请稍后重试。", "{limit} requests are under way. Try again in a moment."),
    "DB153": ("服务正在载入流程。请稍后重试。", "The service is loading its pipeline. Try again in a moment."),
    "DB154": ("无法读取请求：{reason}。请对照接口说明。", "The request cannot be read: {reason}. See the description of the API."),
    "DB155": ("不支持的请求类型 {given}。请用其中之一：{known}。", "Unsupported type of request: {given}. Send one of these: {known}."),
    "DB156": ("一次请求多于 {limit} 份文件。请分几次发送。", "More than {limit} documents in one request. Send them in several."),
    "DB157": ("没有这个接口：{method} {path}。请对照接口说明。", "There is no {method} {path}. See the description of the API."),
    "DB158": ("{limit} 秒内没有收完请求。请检查网络后重试。", "The request did not come within {limit} seconds. Check the network and try again."),
    "DB159": (
        "请求来自浏览器里其他网站的网页，已拒绝。请由程序调用。",
        "The request came from a page of another site in a browser and was refused. Call from a program.",
    ),
    "DB160": (
        "无法在 {host} 端口 {port} 上监听（{reason}）。请用 --host、--port 另选。",
        "Cannot listen on {host}, port {port} ({reason}). Choose others with --host and --port.",
    ),
    "DB161": (
        "{place} 中的令牌不能用（{reason}）。请给出一行随机文字，例如 openssl rand -hex 32 的输出。",
        "The token in {place} cannot be used ({reason}). Give one line of random text, such as openssl rand -hex 32 prints.",
    ),
    # config
    "DB201": ("组件 {component} 的配置项 {key} 无效：{reason}。", "Bad setting {key} of component {component}: {reason}."),
    "DB202": ("没有名为 {name} 的流程。可用：{known}。", "No pipeline named {name}. Known: {known}."),
    "DB203": ("无法载入流程 {name}：{reason}。", "Cannot load pipeline {name}: {reason}."),
    "DB204": (
        "流程 {path} 里没有伴随模型（组件 companion），或未记下用哪些文件训练。请给出 spacy project run train 生成的文件夹。",
        "Pipeline {path} has no companion, or one that does not know what it was trained on. Name the folder that spacy project run train makes.",
    ),
    "DB211": ("没有名为 {layer} 的层或属性。可选：{known}。", "No layer or attribute named {layer}. Known: {known}."),
    "DB212": ("质量底线文件 {path} 无效：{reason}。", "Bad floors file {path}: {reason}."),
    "DB213": ("日期无效：{date}。请写成 YYYY-MM-DD。", "Not a date: {date}. Write YYYY-MM-DD."),
    "DB214": ("选项 {option} 须与 {other} 一起使用。", "{option} needs {other}."),
    "DB215": ("位置 {offset} 不在文本之内（0 至 {last}）。", "Offset {offset} is outside the text (0 to {last})."),
    "DB216": ('需要 {package}。请安装：pip install "duban[{extra}]"。', 'This needs {package}. Install it: pip install "duban[{extra}]".'),
    "DB217": (
        "超过 {limit} 份文件的查重需要 datasketch。请安装：pip install \"duban[near]\"；内存足够时可用 --method exact，panel 可用 --count-duplicates。",
        "To find versions among more than {limit} documents datasketch is needed. Install it: pip install \"duban[near]\"; "
        "or take --method exact where memory allows, with panel --count-duplicates.",
    ),
    "DB218": ("选项 {option} 不能与 {other} 一起使用。", "{option} does not go with {other}."),
    "DB221": (
        "{path} 的批次开始时设置不同：{names}。请用原设置继续，或另选文件夹。",
        "The run in {path} was begun with other settings: {names}. Go on with those, or take another folder.",
    ),
    "DB222": (
        "{path} 完成后，其输入已有变化。请恢复输入，或另选文件夹重新开始。",
        "The inputs of {path} have changed since it was finished. Restore them, or begin anew in another folder.",
    ),
    "DB223": (
        "集群节点 {node} 看不到 {path}。输入和输出须放在所有节点都以同一路径可见的共享存储上。",
        "Node {node} of the cluster does not see {path}. Inputs and outputs must be on storage that all nodes see under the same path.",
    ),
    "DB224": (
        "这里需要 duban 处理过的 Doc 或其记录，得到的是 {kind}。请先用 duban.process 处理文本。",
        "This takes a Doc that duban has read, or its record, not {kind}. Read a text with duban.process first.",
    ),
    "DB225": (
        "文件中没有 {part}。请给出记录的编号（t4）、章节的路径、记录本身或起止位置。",
        "The document has no {part}. Give the id of a finding (t4), the path of a section, a finding, or two offsets.",
    ),
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
    "DB432": (
        "处理 {path} 的进程意外终止（内存不足或程序崩溃），已跳过此文件。",
        "The process that worked on {path} died (out of memory, or a crash); the document was left out.",
    ),
    "DB433": (
        "无法启动工作进程（{reason}）。脚本请用 if __name__ == \"__main__\": 保护；也可用 jobs=0 在本进程内处理。",
        "Workers cannot be started ({reason}). A script guards its work with if __name__ == \"__main__\":; jobs=0 does without them.",
    ),
    "DB434": (
        "{path}：输入 {documents} 份，记录 {records} 条，失败 {failures} 份，数目不符。请重新运行。",
        "{path}: {documents} documents in, {records} records and {failures} failures out: the counts do not reconcile. Run it anew.",
    ),
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
    "DB515": (
        "文件夹 {path} 不是空的。继续上次的批次请加 --resume，否则另选文件夹。",
        "Folder {path} is not empty. Add --resume to go on with the run in it, or take another folder.",
    ),
    "DB516": (
        "另一进程正在写入 {path}（{holder}）。请等它结束，或另选文件夹。",
        "Another process is writing into {path} ({holder}). Wait until it ends, or take another folder.",
    ),
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
    "reason.no_file": ("不是普通文件，或其文件夹不存在", "it is no plain file, or there is no folder for it"),
    "reason.not_folder": ("不是文件夹", "it is no folder"),
    "reason.annotated": ("其中已有标注，不予覆盖", "it holds annotations already, which are not overwritten"),
    "reason.folder": ("是文件夹", "it is a folder"),
    "reason.utf8": ("不是 UTF-8 编码", "it is not UTF-8"),
    "reason.json": ("不是合法的 JSON：{reason}", "not valid JSON: {reason}"),
    "reason.tasks": ("应为任务的列表", "it must be a list of tasks"),
    "reason.object": ("应为 JSON 对象", "it must be a JSON object"),
    "reason.column": ("没有文字列 {column}", "there is no text in column {column}"),
    "reason.key": ("{key} 缺失或无效", "{key} is missing or malformed"),
    "reason.value": ("{key} 的值无效：{value}", "bad value of {key}: {value}"),
    "reason.one_of": ("应为 {known} 之一，而不是 {value}", "must be one of {known}, not {value}"),
    "reason.empty": ("为空", "is empty"),
    "reason.unknown_key": ("不是 {label} 的键；可用：{known}", "is not a key of {label}; allowed: {known}"),
    "reason.type": ("应为 {known}，而不是 {value}", "must be {known}, not {value}"),
    "reason.part": ("没有名为 {name} 的部分，或不是文件；可用：{known}", "there is no part {name}, or it is no file; known: {known}"),
    "reason.no_documents": ("其中没有文件", "it holds no document"),
    "reason.one_document": ("这里一次只收一份文件，多份请发往 /v1/batch", "here it holds one document; several go to /v1/batch"),
    "reason.ascii": ("含有 ASCII 以外的字符", "it has other characters than ASCII"),
    "reason.token": ("应为至少 {least} 个字符，其中没有空格", "it must have {least} characters or more and no space"),
    "reason.strings": ("应为非空字符串的列表", "must be a list of strings that are not empty"),
}
