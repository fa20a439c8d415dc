"""The two pipelines: one configuration, packages that load with nothing imported by hand, a project that runs."""
from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import floors
import pytest
import spacy
import srsly
from conftest import run
from spacy import util

import duban

ROOT = Path(__file__).resolve().parents[1]
VERSION = duban.__version__


@pytest.mark.parametrize("name", duban.PIPELINES)
def test_config_file_is_what_load_makes(name):
    filled = util.load_model_from_config(util.load_config(ROOT / "configs" / f"{name}.cfg"), auto_fill=True).config
    assert filled == duban.load(name).config


def test_the_character_pipeline_is_the_word_pipeline_without_its_last_step(corpus):
    nlp = duban.load("zh_duban")
    nlp.remove_pipe("duban_words")
    text = corpus["speech-study"]
    assert [t.text for t in nlp(text)] == [t.text for t in duban.load("zh_duban_char")(text)]


def test_an_unknown_pipeline_is_refused():
    with pytest.raises(duban.DubanError, match="DB202"):
        duban.load("zh_duban_words")


def project() -> dict:
    return srsly.read_yaml(ROOT / "project.yml")


def test_the_project_names_every_source_as_a_dependency():
    """weasel does not see what is not listed; folders with Python files in them would drag byte code in."""
    sources = {str(p.relative_to(ROOT)) for p in (ROOT / "pipeline").rglob("*.py")}
    for command in project()["commands"]:
        if command["name"] in ("assemble", "gold", "score", "wheels"):
            listed = set(command["deps"])
            assert sources <= listed, f"{command['name']} lacks {sorted(sources - listed)}"
            assert all((ROOT / d).exists() for d in listed), [d for d in listed if not (ROOT / d).exists()]


def test_every_project_command_is_explained():
    for command in project()["commands"]:
        assert command["help"]
        assert command["script"]


def test_the_version_is_said_once_for_all():
    assert project()["vars"]["version"] == VERSION


def test_the_readme_holds_the_project_s_own_page():
    before = (ROOT / "README.md").read_text(encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "spacy", "project", "document", str(ROOT)], capture_output=True, text=True, check=True)
    table = [line for line in done.stdout.splitlines() if line.startswith("| `")]
    assert table
    assert all(line in before for line in table)


@pytest.mark.slow
def test_the_project_runs_and_then_skips(built):
    root, first = built
    spec = srsly.read_yaml(root / "project.yml")
    for command in spec["commands"]:
        if command["name"] in spec["workflows"]["all"]:
            for output in (*command.get("outputs", ()), *command.get("outputs_no_cache", ())):
                assert (root / output.replace("${vars.version}", VERSION)).exists(), output
    for name in ("records.jsonl", "ledger.xlsx"):
        assert (root / "output" / name).stat().st_size > 1000
    second = run(sys.executable, "-m", "spacy", "project", "run", "all", ".", "--vars.pipeline", "build/zh_duban", cwd=root)
    for name in ("assemble", "gold", "score", "wheels"):
        assert f"Skipping '{name}'" in second.stdout, second.stdout
        assert f"Skipping '{name}'" not in first.stdout


@pytest.mark.slow
def test_apply_does_the_batch_job(built, tmp_path):
    root, _ = built
    inbox = tmp_path / "in box"
    inbox.mkdir()
    (inbox / "讲话.txt").write_text("市发改委要抓好落实，6月底前完成投资3亿元以上。", encoding="utf-8")
    outbox = tmp_path / "out box"
    chosen = ("--vars.input", inbox, "--vars.output", outbox, "--vars.pipeline", "zh_duban_char")
    run(sys.executable, "-m", "spacy", "project", "run", "apply", ".", *chosen, cwd=root)
    [record] = srsly.read_jsonl(outbox / "records.jsonl")
    assert record["id"] == "讲话"
    assert record["tasks"][0]["lead"][0]["text"] == "市发改委"
    assert (outbox / "ledger.xlsx").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", duban.PIPELINES)
def test_the_wheels_say_what_they_need(built, name):
    root, _ = built
    [wheel] = (root / "dist" / f"{name}-{VERSION}" / "dist").glob("*.whl")
    needs = _requires(wheel)
    assert any(n.startswith("duban") for n in needs), needs
    assert any(n.startswith("spacy") for n in needs), needs


@pytest.mark.slow
def test_the_library_wheel_is_complete(built):
    root, _ = built
    [wheel] = (root / "dist").glob("duban-*.whl")
    names = {n.lower().replace("_", "-") for n in map(_distribution, _requires(wheel)) if n}
    assert {"spacy", "spacy-pkuseg", "typer", "srsly", "ahocorasick-rs", "xlsxwriter", "rich"} <= names
    inside = zipfile.ZipFile(wheel).namelist()
    for path in (ROOT / "pipeline" / "duban").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert str(path.relative_to(ROOT / "pipeline")) in inside


def _requires(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return message_from_bytes(archive.read(metadata)).get_all("Requires-Dist") or []


def _distribution(requirement: str) -> str:
    return "" if "extra ==" in requirement else requirement.split(";")[0].split(">")[0].split("<")[0].split("=")[0].split("(")[0].strip()


@pytest.fixture(scope="module")
def clean(built, tmp_path_factory):
    """Python where the three wheels are installed and nothing of ours is imported by hand, and how to run it; the third-party packages are lent."""
    root, _ = built
    home = tmp_path_factory.mktemp("clean")
    venv.create(home / "env", with_pip=True)
    python = home / "env" / "bin" / "python"
    wheels = [next((root / "dist").glob("duban-*.whl")), *(next((root / "dist" / f"{n}-{VERSION}" / "dist").glob("*.whl")) for n in duban.PIPELINES)]
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", *wheels, cwd=home)
    lent = home / "lent"
    lent.mkdir()
    # a .pth file would bring this environment's editable duban along; single packages do not
    for entry in Path(spacy.__file__).parents[1].iterdir():
        if "duban" not in entry.name and entry.suffix != ".pth":
            (lent / entry.name).symlink_to(entry)
    return lambda *args: run(python, *args, cwd=home, PYTHONPATH=str(lent)).stdout


@pytest.mark.slow
def test_the_wheels_load_in_a_clean_environment(clean):
    code = (
        "import socket\n"
        "def closed(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = closed\n"
        "import spacy\n"
        "for name in ('zh_duban', 'zh_duban_char'):\n"
        "    nlp = spacy.load(name)\n"
        "    doc = nlp('市发改委要抓好落实，全年生产总值增长6%以上。')\n"
        "    record = doc._.duban.record\n"
        "    print(name, record['pipeline']['name'], record['targets'][0]['indicator']['canon'], record['tasks'][0]['lead'][0]['text'], len(doc))\n"
    )
    lines = [line.split() for line in clean("-c", code).splitlines()]
    assert [line[:4] for line in lines] == [[n, n, "地区生产总值", "市发改委"] for n in duban.PIPELINES]
    assert int(lines[0][4]) < int(lines[1][4])


@pytest.mark.slow
@pytest.mark.parametrize("name", duban.PIPELINES)
def test_the_packaged_pipelines_keep_the_floors(clean, name):
    """By the folder of the installed package: a name of ours would be assembled from the library."""
    where = f"import {name}, pathlib; print(next(pathlib.Path({name}.__file__).parent.glob('{name}-*')))"
    folder = clean("-c", where).strip()
    assert "site-packages" in folder
    assert "targets.strict" in clean(*floors.command("corpus", pipeline=folder))
