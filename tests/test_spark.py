"""The function that README gives for Spark, run by Spark; skipped where pyspark or Java is absent (no extra installs them: 300 MB and more)."""
from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCUMENTS, ROOT, read

import duban

pytest.importorskip("pyspark", reason="no pyspark: pip install pyspark")
pandas = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")
if shutil.which("java") is None:
    pytest.skip("no Java, which Spark runs on: apt-get install default-jre-headless", allow_module_level=True)


@pytest.fixture
def spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Spark on this machine, two threads, nothing on the network but itself."""
    from pyspark.sql import SparkSession

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(Path(duban.__file__).parents[1]))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
    yield session
    session.stop()


def test_the_function_for_spark_on_spark(spark: Any) -> None:
    """The corpus as a table, a row without text in it: the records of one machine, and that row's error."""
    texts = {path.stem: read(path) for path in DOCUMENTS[:6]}
    pandas.DataFrame({"id": [*texts, "none"], "text": [*texts.values(), None]}).to_parquet("in")
    (code,) = re.findall(r"```python\n(.*?mapInPandas.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, "README.md", "exec"), {"spark": spark})
    rows = {row["id"]: row for row in spark.read.parquet("out").collect()}
    assert rows.keys() == {*texts, "none"}
    assert rows["none"]["record"] is None and "DB109" in rows["none"]["error"]
    nlp = duban.load()
    for name, text in texts.items():
        found, made = json.loads(rows[name]["record"]), duban.to_record(duban.process(text, nlp=nlp, name=name))
        assert {**found, "meta": None} == {**made, "meta": None}
        assert rows[name]["error"] is None
