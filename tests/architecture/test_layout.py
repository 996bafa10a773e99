"""The tree tells the domain: what may lie where, how long a file or function may be, which words name nothing."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["lms", "courses", "enrollments", "certificates"]
TOP = {
    *PACKAGES,
    *("tests", "docs", "deploy", ".ci"),
    *("manage.py", "pyproject.toml", "README.md", "Makefile", "LICENSE"),
    *("requirements.txt", "requirements-dev.txt", ".gitignore", ".importlinter", ".gitattributes", ".editorconfig"),
}
BANNED_WORDS = re.compile(r"(?:^|_)(utils?|helpers?|managers?|handle|process|common|misc)(?:_|$)", re.I)
FILE_LINES, FUNCTION_LINES = 400, 40


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()]


def sources():
    return [path for path in tracked("*.py") if path.parts[0] in PACKAGES and "migrations" not in path.parts]


def test_top_level():
    assert {path.parts[0] for path in tracked()} <= TOP


def test_files_stay_small():
    long = {str(path): len((ROOT / path).read_text().splitlines()) for path in sources()}
    assert {path: lines for path, lines in long.items() if lines > FILE_LINES} == {}


def test_functions_stay_small():
    """Code lines: a docstring does not count."""
    long = []
    for path in sources():
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                lines = (node.end_lineno or 0) - first.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{path}:{node.lineno} {node.name} has {lines} lines")
    assert long == []


def test_names_say_something():
    named = [path for path in sources() if BANNED_WORDS.search(path.stem) and path.parts[-2] != "management"]
    assert named == []


def test_every_service_says_what_it_means():
    """A public service function has a docstring."""
    silent = []
    for path in sources():
        if path.stem == "services" or "services" in path.parts:
            tree = ast.parse((ROOT / path).read_text())
            public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
            silent += [f"{path}: {node.name}" for node in public if not ast.get_docstring(node)]
    assert silent == []
