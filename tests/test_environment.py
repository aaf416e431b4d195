"""One set of names and bounds: pyproject.toml, environment.yml and what the code imports."""

import ast
import json
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The packages that the project builds on, and a parquet engine and a table checker beside them.
FOUNDATION = {
    *("jupyterlab", "pandas", "geopandas", "cbsodata", "seaborn", "statsmodels"),
    *("pyarrow", "pandera"),
}


def bounds(texts: list[str]) -> dict[str, SpecifierSet]:
    """Return the bounds by canonical name (conda and PyPI differ in - and _)."""
    return {canonicalize_name(one.name): one.specifier for one in map(Requirement, texts)}


def environment() -> tuple[list[str], list[str]]:
    """Return the conda part and the pip part of environment.yml, which is simple enough to read."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8").partition("\ndependencies:\n")[2]
    conda = re.findall(r"^  - ([^:\n]+)$", text, re.MULTILINE)
    pip = re.findall(r"^      - (.+)$", text, re.MULTILINE)
    return conda, pip


def modules_imported() -> set[str]:
    """Return the top names that the package and the notebooks import, without Python's own."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        # A line that starts with % or ! is for the notebook, not for Python.
        sources.append(re.sub(r"^[%!].*$", "", "\n".join(code), flags=re.MULTILINE))
    names = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return {canonicalize_name(name) for name in names - sys.stdlib_module_names - {"analysis"}}


def test_conda_and_pip_users_get_the_same_bounds() -> None:
    conda, pip = environment()
    assert "-e ." in pip
    given = bounds([*conda, *(line for line in pip if line != "-e .")])
    python = given.pop("python")
    given.pop("pip")
    project = PROJECT["project"]
    assert given == bounds([*project["dependencies"], *PROJECT["dependency-groups"]["test"]])
    assert python == SpecifierSet(project["requires-python"])


def test_cbsodata_comes_from_pip() -> None:
    conda, pip = environment()
    assert "cbsodata" in bounds([line for line in pip if line != "-e ."])
    assert "cbsodata" not in bounds(conda)


def test_what_is_imported_is_named() -> None:
    named = set(bounds(PROJECT["project"]["dependencies"]))
    assert modules_imported() - named == set()


def test_a_further_package_is_used() -> None:
    further = set(bounds(PROJECT["project"]["dependencies"])) - FOUNDATION
    assert further - modules_imported() == set()


def test_one_minimum_python() -> None:
    minimum = PROJECT["project"]["requires-python"].removeprefix(">=")
    major, minor = minimum.split(".")
    assert f"sys.version_info < ({major}, {minor})" in (ROOT / "run.py").read_text(encoding="utf-8")
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{major}{minor}"
