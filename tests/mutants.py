"""Mutation testing: ``python tests/mutants.py --number 40 numerals markers``: do the tests notice a small change of the code?

Each mutant changes one comparison, one operator of logic or arithmetic, one number or one truth value, in a copy of the
package; its module's tests are run on it. Those that no test notices are printed: each wants a test, or is equal.
"""
from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import hypothesis  # noqa: F401  loaded once for all the tests
import pytest
import spacy  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
#: Name -> files below pipeline/duban, and the tests that answer for them.
PARTS = {
    "numerals": (("numerals/reading.py", "numerals/scanning.py", "numerals/refusal.py"), ("test_numerals.py",)),
    "markers": (("sections/markers.py",), ("test_sections.py",)),
    "comparators": (("targets/slots.py", "targets/words.py"), ("test_targets.py",)),
    "linking": (("targets/links.py",), ("test_targets.py",)),
}
#: Seconds that the tests of a mutant may take; one that goes on for ever is noticed.
_LONGEST = 120
_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
}


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of ``tree`` but those of decorators: a cache of another size, a class that is not frozen find the same."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        waiting += [child for child in ast.iter_child_nodes(node) if child not in getattr(node, "decorator_list", ())]
        yield node


def mutants(source: str) -> list[tuple[int, str, int]]:
    """What may be changed in ``source``: the line, the change, and its number for ``mutant``.

    >>> [(line, change) for line, change, _ in mutants("a = b < 1")]
    [(1, 'b < 1 -> b <= 1'), (1, '1 -> 2')]
    """
    found = ((i, node, changed(node)) for i, node in enumerate(walk(ast.parse(source))))
    return [(node.lineno, f"{ast.unparse(node)} -> {ast.unparse(other)}", i) for i, node, other in found if other]


def mutant(source: str, number: int) -> str:
    """``source`` with the change of that number."""
    tree = ast.parse(source)
    node = next(node for i, node in enumerate(walk(tree)) if i == number)
    vars(node).update(vars(changed(node)))
    return ast.unparse(tree)


def changed(node: ast.AST) -> ast.expr | None:
    """The node that stands for ``node`` in a mutant."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
        return ast.Compare(node.left, [_OTHER[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    if isinstance(node, ast.BoolOp):
        return ast.BoolOp(_OTHER[type(node.op)](), node.values)
    if isinstance(node, ast.BinOp) and type(node.op) in _OTHER:
        return ast.BinOp(node.left, _OTHER[type(node.op)](), node.right)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ast.Constant(not node.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + 1)
    return None


def survives(package: Path, file: str, source: str, tests: tuple[str, ...]) -> bool:
    """Do all the tests pass on the mutant? A child of this process runs them: what the package imports is loaded already."""
    path = package / "duban" / file
    before = path.read_bytes()
    path.write_text(source, encoding="utf-8")
    child = os.fork()
    if not child:
        signal.alarm(_LONGEST)
        sys.path.insert(0, str(package))
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        os._exit(pytest.main(["-q", "-x", "-k", "not linear", "-p", "no:cacheprovider", *(f"tests/{name}" for name in tests)]))
    _, status = os.waitpid(child, 0)
    path.write_bytes(before)
    return status == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=40, help="mutants of each part")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    given = parser.parse_args()
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True  # a mutant may have the size and the second of the one before
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "pipeline" / "duban", Path(folder, "duban"))
        for part in given.parts:
            files, tests = PARTS[part]
            sources = {file: (ROOT / "pipeline" / "duban" / file).read_text(encoding="utf-8") for file in files}
            known = [(file, *change) for file, source in sources.items() for change in mutants(source)]
            chosen = random.Random(given.seed).sample(known, min(given.number, len(known)))
            living = [(file, line, change) for file, line, change, i in chosen if survives(Path(folder), file, mutant(sources[file], i), tests)]
            print(f"{part}: {len(chosen) - len(living)} of {len(chosen)} noticed, of {len(known)} there are", flush=True)
            for file, line, change in sorted(living):
                print(f"  {file}:{line}: {' '.join(change.split())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
