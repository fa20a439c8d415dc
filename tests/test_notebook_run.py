"""The notebooks of the docs run from top to bottom and find what the corpus says; their export looks as it should, light and dark."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, faults
from conftest import ROOT

import duban

FOLDER = Path("docs", "notebooks")
NOTEBOOKS = sorted(path.name for path in (ROOT / FOLDER).glob("*.ipynb"))
#: A last cell that tells what the cells above it have made.
TOLD = """
import json
print(json.dumps({
    "goals": dict(zip(goals.place, goals.growth_pct, strict=True)),
    "years": {f"{place} {year}": value for place, year, value in growth[growth.indicator == "规模以上工业增加值"][["place", "year", "growth_pct"]].values},
    "assumed": growth.assumed.sum().item(),
    "share": share["web-copy"], "without": share.isna().sum().item(),
    "documents": len(records), "panel": len(panel),
    "words": [records[row.document]["text"][row.start:row.end] == row.text for row in growth.itertuples()],
    "cited": [cite(row) for row in goals.itertuples()],
}, default=float))
"""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook as it was run, and the folder it was run in."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    for module in ("ipykernel", "pandas", "matplotlib"):
        pytest.importorskip(module)
    root = tmp_path_factory.mktemp("checkout")
    (root / FOLDER).mkdir(parents=True)
    (root / "corpus").symlink_to(ROOT / "corpus")
    notebook = nbformat.read(ROOT / FOLDER / "plans.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(TOLD))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_LANG", "en")
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(root / FOLDER)}}).execute()
    return notebook, root / FOLDER


def outputs(notebook: Any, kind: str) -> list[str]:
    return [str(output["data"][kind]) for cell in notebook.cells for output in cell.get("outputs", ()) if kind in output.get("data", ())]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_its_output(name: str) -> None:
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(ROOT / FOLDER / name, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None and cell.metadata == {}
        assert cell.cell_type == "markdown" or max(map(len, cell.source.splitlines())) <= 130, "a cell is not to be scrolled"


def test_the_notebook_finds_what_the_corpus_says(plans: Any) -> None:
    notebook, folder = plans
    told = json.loads(notebook.cells[-1].outputs[0].text)
    assert told["goals"] == {"云岭省": 5, "霁山县": 6.5, "临澄市": 6, "青岚县": 7}
    assert told["years"] == {
        "云岭省 2025": 7.3, "云岭省 2026": 7, "霁山县 2026": 8.5, "临澄市 2025": 8.4, "临澄市 2026": 8, "青岚县 2026": 9.5, "青岚县 2030": 10,
    }  # fmt: skip
    assert told["assumed"] > 0 and all(told["words"])
    assert 0.25 < told["share"] < 0.4 and told["without"] >= 8
    assert told["documents"] == len(list((ROOT / "corpus" / "documents").glob("*.txt")))
    assert told["cited"][2].startswith("临澄市人民政府工作报告（临澄市，2026-01-16），字符 ") and f"“6%左右”，duban {duban.__version__}" in told["cited"][2]
    assert len((folder / "panel.csv").read_text("utf-8").splitlines()) == told["panel"] + 1 > 500


def test_the_notebook_shows_it(plans: Any) -> None:
    notebook, _ = plans
    shown = [html for html in outputs(notebook, "text/html") if 'class="duban piece' in html]
    assert len(shown) == 5
    assert 'class="m INDICATOR"' in shown[1] and 'class="m number target on"' in shown[-1]
    assert len(outputs(notebook, "image/png")) == 1
    printed = [output.text for cell in notebook.cells for output in cell.get("outputs", ()) if output.output_type == "stream" and output.name == "stderr"]
    assert [text for text in printed if "font cache" not in text] == []
    assert sum(map(len, map(json.dumps, notebook.cells))) < 400_000


# -- in a browser

#: What a notebook is shown in: its body, and what the browser's user likes.
HOSTS = {
    "lab": ('<body data-jp-theme-light="true">', "dark", False), "lab dark": ('<body data-jp-theme-light="false">', "light", True),
    "code": ('<body class="vscode-light">', "dark", False), "code dark": ('<body class="vscode-dark">', "light", True),
    "code contrast": ('<body class="vscode-high-contrast">', "light", True),
    "code contrast, light": ('<body class="vscode-high-contrast vscode-high-contrast-light">', "dark", False),
    "classic": ('<body class="notebook_app">', "dark", False), "site": ('<body data-theme="dark">', "light", True),
    "page": ("<body>", "light", False), "page dark": ("<body>", "dark", True),
}  # fmt: skip
#: How notebooks style their own, and words of theirs that are classes of ours.
HOST = """<style>
body { font: 10px monospace; color: #777; text-align: right; white-space: pre }
.jp-RenderedHTMLCommon p { margin: 40px } .jp-RenderedHTMLCommon table { margin-left: auto; font-size: 9px }
.jp-RenderedHTMLCommon tbody tr:nth-child(even) { background: red } .jp-RenderedHTMLCommon td { text-align: right; padding: 30px }
.lead { font-size: 30px; margin-bottom: 30px }
</style>"""
OWN = '<p class="task target number item text title lead DEPARTMENT" id="own">own</p>'
LOOK = """() => { const style = (s) => getComputedStyle(document.querySelector(s)); const own = style('#own');
return {paper: style('.piece').backgroundColor, size: style('.lead:not(#own)').fontSize, text: style('.piece .text').fontSize, align: style('td').textAlign,
even: style('tbody tr:nth-child(2)').backgroundColor, margin: style('.piece .text p').marginLeft, goal: style('.piece .text .target').backgroundColor,
own: [own.backgroundColor, own.textDecorationLine, own.fontWeight, own.borderBottomWidth]} }"""


@pytest.mark.slow
def test_in_every_host_it_looks_as_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")
    doc = duban.process("一、稳增长\n今年力争生产总值增长6%以上，市发改委牵头，6月底前落实。\n去年新增就业3万人，青岚县工作滞后。\n", name="甲")
    content = f'<div class="jp-RenderedHTMLCommon">{duban.show(doc)}{doc._.duban.targets._repr_html_()}{doc._.duban._repr_html_()}</div>'
    with chromium() as browser:
        for name, (body, scheme, dark) in HOSTS.items():
            page = browser.new_page(color_scheme=scheme)
            page.set_content(f"<!DOCTYPE html><html lang='zh'><head><title>a</title>{HOST}</head>{body}<main>{OWN}{content}</main></body></html>")
            look = page.evaluate(LOOK)
            assert look["paper"] == look["even"] == ("rgb(28, 29, 31)" if dark else "rgb(255, 255, 255)"), name
            assert look["goal"] == ("rgb(106, 71, 0)" if dark else "rgb(255, 223, 158)"), name
            assert (look["size"], look["text"], look["align"], look["margin"]) == ("16px", "16px", "left", "0px"), name
            assert look["own"] == ["rgba(0, 0, 0, 0)", "none", "400", "0px"], name
            if name in ("page", "page dark"):
                assert [fault for fault in faults(page) if "#own" not in fault] == []
            page.close()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_export_keeps_it(plans: Any, theme: str) -> None:
    html, _ = pytest.importorskip("nbconvert").HTMLExporter(theme=theme).from_notebook_node(plans[0])
    with chromium() as browser:
        page = browser.new_page(offline=True)
        page.route("http*://**", lambda route: route.abort())  # what nbconvert's own template asks for
        page.set_content(html, wait_until="domcontentloaded")
        assert page.locator(".piece").count() == 5
        colour = page.evaluate("getComputedStyle(document.querySelector('.piece')).backgroundColor")
        assert colour == ("rgb(28, 29, 31)" if theme == "dark" else "rgb(255, 255, 255)")
        assert page.locator(".piece .number.target.on").get_attribute("title").startswith("target · indicator: 地区生产总值 · value: 5–5.5 %")
