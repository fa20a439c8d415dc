"""The words of the HTTP API: its description, its page, and what its statuses are called.

A code and its text in Chinese and in English.
"""
from __future__ import annotations

API: dict[str, tuple[str, str]] = {
    "status.400": ("请求有误", "Bad request"),
    "status.401": ("未出示令牌", "Unauthorized"),
    "status.403": ("已拒绝", "Forbidden"),
    "status.404": ("没有此接口", "Not found"),
    "status.405": ("不支持此方法", "Method not allowed"),
    "status.408": ("请求超时", "Request timeout"),
    "status.413": ("超出限度", "Content too large"),
    "status.415": ("不支持的类型", "Unsupported media type"),
    "status.422": ("内容无法处理", "Unprocessable content"),
    "status.500": ("处理失败", "Internal error"),
    "status.501": ("服务缺少所需的程序", "Not supported by this installation"),
    "status.503": ("暂不可用", "Service unavailable"),
    "api.about": (
        "发来公文，返回结构化记录或台账。与 duban extract 逐字节相同；不联网，文件不存盘、不留存、不入日志。",
        "Post government documents, get structured records or the ledger. Records are those of duban extract byte for byte; no network is used, "
        "and no document is stored or logged.",
    ),
    "api.record": ("一份文件的记录", "The record of one document"),
    "api.record_more": (
        "上传一个文件（能读的格式均可），或以 JSON 给出文字。返回 duban extract 所写的那一行。",
        "Upload a file of any format that can be read, or give its text as JSON. The answer is the line that duban extract writes.",
    ),
    "api.batch": ("多份文件的记录，逐行返回", "The records of many documents, a line each"),
    "api.batch_more": (
        "每行一份文件（JSON Lines），或上传多个文件。按原顺序逐行返回记录；处理失败的文件，该行是带 code 和 id 的错误，其余照常。",
        "A document a line (JSON Lines), or several files. Records come back in the same order, as they are ready; the line of a document "
        "that failed is its problem, with code and id, and the rest goes on.",
    ),
    "api.ledger": ("多份文件的台账（Excel 或 Word）", "The ledger of documents, for Excel or Word"),
    "api.ledger_more": (
        "文件同 /v1/batch；某行若已是记录，则直接采用。有一份失败即不出台账，problems 列出全部失败的文件。",
        "Documents as for /v1/batch; a line that is a record already is taken as it is. Where one fails there is no ledger: problems lists those that did.",
    ),
    "api.health": ("是否就绪", "Whether the service is ready"),
    "api.health_more": (
        "有工作进程已载入流程并试处理过一句话，返回 200；否则返回 503。不需要令牌。",
        "200 once a worker has loaded the pipeline and tried it on a sentence, else 503. Needs no token.",
    ),
    "api.version": ("版本、流程和词表指纹", "Version, pipeline and the hash of its lexicons"),
    "api.version_more": ("pipeline 与记录中的相同。", "The pipeline is as it stands in the records."),
    "api.schema": ("记录的 JSON Schema", "The JSON Schema of a record"),
    "api.schema_more": ("与 duban schema 相同。", "As duban schema prints it."),
    "api.text": ("文件的文字", "The text of the document"),
    "api.id": ("记录的 id；没有则按行编号", "The id of its record; without one it is numbered by its line"),
    "api.date": ("文件日期（YYYY-MM-DD），优先于文中所写", "The date of the document (YYYY-MM-DD), above what its text says"),
    "api.place": ("所属地区，优先于文中所写", "Its place, above what its text says"),
    "api.file": ("文件；/v1/batch 和 /v1/ledger 可有多个", "The file; several for /v1/batch and /v1/ledger"),
    "api.format": ("台账的格式", "The format of the ledger"),
    "api.lines": ("每行一份文件", "A document a line"),
    "api.answer": ("每行一条记录，或一个错误", "A record a line, or the problem of one that failed"),
    "api.problem": ("出错：RFC 9457，带 duban 的错误代码", "What went wrong: RFC 9457, with the error code of duban"),
    "api.cure": ("怎么办（detail 没有说到时）", "What to do, where detail does not say it"),
    "api.limits": (
        "限度：一次请求 {megabytes} MB、{documents} 份文件；一份文件 {characters} 字、{seconds} 秒；同时 {requests} 个请求，超出返回 503 和 Retry-After。",
        "Limits: {megabytes} MB and {documents} documents a request; {characters} characters and {seconds} seconds a document; {requests} requests "
        "at a time, beyond that 503 with Retry-After.",
    ),
    "api.needs_token": ("需要令牌：Authorization: Bearer", "Needs the token: Authorization: Bearer"),
    "api.takes": ("请求", "Takes"),
    "api.gives": ("返回", "Gives"),
    "api.parameters": ("参数", "Parameters"),
    "api.errors": ("错误代码", "Error codes"),
    "api.code": ("代码", "Code"),
    "api.meaning": ("说明与处理", "Cause and cure"),
    "api.skip": ("跳到内容", "Skip to the content"),
}
