"""Who may import whom, and how long a module may be: read from the source with `ast`."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
MODULES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))
MOST_LINES = 300

OURS = {
    "sources": {"sources"},
    "measures": {"measures"},
    "evidence": {"evidence", "measures"},
    "figures": {"figures"},
    "reports": {"sources", "measures", "evidence", "figures", "reports"},
}
# A layer that is not named here may use every package of pyproject.toml.
THEIRS = {
    "measures": {"numpy", "pandas", "scipy"},
    "evidence": {"numpy", "pandas", "scipy", "statsmodels", "esda", "libpysal", "spreg"},
    "figures": {"numpy", "pandas", "geopandas", "shapely", "matplotlib", "seaborn"},
}
# Pure layers: files and the network are for `sources`, writing is for `reports`.
PURE = {"measures", "evidence", "figures"}
OUTSIDE = {"os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "urllib"}
ONLY_IMPORTER = {"cbsodata": "analysis/sources/statline.py"}
DRAWING = {"matplotlib", "seaborn"}
STANDARD = sys.stdlib_module_names


def imported(source: str, module: str) -> set[str]:
    """Return the dotted names that a module's source imports, also within functions."""
    package = module.split("/")[:-1]
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # One dot is the package itself, each further dot the one above it.
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def violations(source: str, module: str) -> list[str]:
    """Return what a module imports and its layer may not, one sentence each."""
    parts = module.split("/")
    layer = parts[1] if len(parts) > 2 else None
    found = []
    for name in sorted(imported(source, module)):
        top, _, rest = name.partition(".")
        if top == "analysis":
            target = rest.partition(".")[0]
            if target in OURS and target not in OURS.get(layer, set()):
                found.append(f"{module} imports {name}: {layer} may not know {target}")
        elif top not in STANDARD and top not in THEIRS.get(layer, {top}):
            found.append(f"{module} imports {name}: not a package for {layer}")
        elif layer in PURE and top in OUTSIDE:
            found.append(f"{module} imports {name}: {layer} reads no files and no network")
        elif layer == "sources" and top in DRAWING:
            found.append(f"{module} imports {name}: sources do not draw")
        if ONLY_IMPORTER.get(top, module) != module:
            found.append(f"{module} imports {name}: only {ONLY_IMPORTER[top]} may")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_module_imports_only_what_its_layer_may(module: str) -> None:
    assert violations((SOURCE / module).read_text(encoding="utf-8"), module) == []


@pytest.mark.parametrize("module", [*MODULES, "../run.py"])
def test_module_is_one_thing(module: str) -> None:
    lines = (SOURCE / module).read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{module} has {lines} lines; split it by what it is about"


def test_every_module_lies_in_a_layer() -> None:
    folders = {module.split("/")[1] for module in MODULES if module.count("/") > 1}
    assert folders == set(OURS)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("analysis/measures/evenness.py", "from analysis.sources import snapshot"),
        ("analysis/measures/evenness.py", "from analysis.evidence.panel import panel"),
        ("analysis/measures/evenness.py", "import geopandas"),
        ("analysis/measures/evenness.py", "import matplotlib.pyplot as plt"),
        ("analysis/measures/evenness.py", "from pathlib import Path"),
        ("analysis/figures/style.py", "import os.path"),
        ("analysis/evidence/panel.py", "import analysis.sources.kerncijfers"),
        ("analysis/evidence/panel.py", "from analysis import figures"),
        ("analysis/evidence/panel.py", "from .. import sources"),
        ("analysis/evidence/panel.py", "from ..sources.errors import InputError"),
        ("analysis/evidence/panel.py", "def late():\n    from analysis.reports import cli\n"),
        ("analysis/evidence/panel.py", "import requests"),
        ("analysis/figures/charts.py", "from analysis.measures.evenness import dissimilarity"),
        ("analysis/figures/charts.py", "from analysis.sources.errors import InputError"),
        ("analysis/figures/charts.py", "from analysis.evidence import panel"),
        ("analysis/sources/regions.py", "from analysis.measures import density"),
        ("analysis/sources/regions.py", "import analysis.figures.style"),
        ("analysis/sources/regions.py", "from matplotlib import pyplot"),
        ("analysis/sources/catalogue.py", "import cbsodata"),
        ("analysis/reports/cli.py", "if True:\n    from cbsodata import get_meta\n"),
        ("analysis/__init__.py", "from analysis.sources import snapshot"),
    ],
)
def test_planted_violation_is_found(module: str, source: str) -> None:
    assert len(violations(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("analysis/measures/evenness.py", "import math\nimport numpy as np\nimport scipy.stats\n"),
        ("analysis/measures/evenness.py", "from . import exposure\nfrom .density import rate\n"),
        ("analysis/evidence/panel.py", "from analysis.measures import evenness\nimport pandas\n"),
        ("analysis/figures/maps.py", "from analysis.figures.style import INK\nimport geopandas\n"),
        ("analysis/sources/statline.py", "import cbsodata\nimport requests\n"),
        ("analysis/reports/build.py", "from analysis.sources import snapshot\nimport nbclient\n"),
        ("analysis/sources/errors.py", "text = 'import analysis.figures'  # import seaborn\n"),
    ],
)
def test_allowed_import_passes(module: str, source: str) -> None:
    assert violations(source, module) == []
