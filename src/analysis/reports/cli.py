"""The command line: report, pull, lab, test. Sentences for the reader are in Dutch."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from analysis.reports.cli_pull import add_pull_options, order_of
from analysis.sources.edition import Edition, project_root
from analysis.sources.errors import InputError

DESCRIPTION = "Segregatie en voorzieningen per wijk, uit cijfers van het CBS."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 (a fault of ours) or 2 (mendable input)."""
    given = list(sys.argv[1:] if argv is None else argv)
    # Everything after 'test' is pytest's own, options included.
    if given[:1] == ["test"]:
        return _test(given[1:])
    try:
        if given[:1] == ["benchmark"]:
            from analysis.reports.benchmarks import benchmark

            return benchmark(given[1:])
        arguments = _parser().parse_args(given)
        return arguments.run(arguments)
    except InputError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        _say("Afgebroken; er is niets half geschreven.")
        return 130


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence, not in a page of usage."""

    def error(self, message: str):
        raise InputError(f"De opdracht klopt niet ({message}); vraag 'analysis --help'.")


def _year(text: str) -> int:
    if not (text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError(f"'{text}' is geen jaar, zoals 2024")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="analysis", description=DESCRIPTION)
    words = parser.add_subparsers(dest="word", required=True, metavar="opdracht")
    report = words.add_parser("report", help="maak het rapport van een of meer gemeenten (HTML)")
    report.set_defaults(run=_report)
    pull = words.add_parser("pull", help="haal alleen op, zodat later geen netwerk nodig is")
    pull.set_defaults(run=_pull)
    without = {report: "zonder gemeente: het voorbeeld", pull: "zonder gemeente: alleen tabellen"}
    for one, else_ in without.items():
        one.add_argument("gemeente", nargs="*", help=f"naam of code; {else_}")
        _add_sources(one)
    report.add_argument("--uit", metavar="MAP", help="map voor de rapporten (anders reports/)")
    report.add_argument("--vergelijk", default="", metavar="GEMEENTEN",
                        help="zelf gekozen gemeenten om naast te zetten, met komma's ertussen")  # fmt: skip
    add_pull_options(pull)
    available = words.add_parser("availability", help="welke cijfers er zijn, per jaar en niveau")
    available.set_defaults(run=_availability)
    available.add_argument("--format", choices=("table", "csv", "json"), default="table")
    available.add_argument("--niveau", choices=("gemeente", "wijk", "buurt", "eigen"),
                           help="alleen dit")  # fmt: skip
    export = words.add_parser("export", help="schrijf de tabellen van een gemeente in een bestand")
    export.set_defaults(run=_export)
    export.add_argument("--to", required=True, metavar="VORM",
                        help="xlsx, csv, gpkg, parquet of geojson")  # fmt: skip
    export.add_argument("--out", type=Path, required=True, metavar="MAP", help="waar het komt")
    for one in (available, export):
        one.add_argument("gemeente", nargs="?", default="", help="naam of code; zonder: voorbeeld")
        _add_sources(one)
    _add_indices(words)
    lab = words.add_parser("lab", help="open de notebooks in JupyterLab")
    lab.set_defaults(run=_lab)
    words.add_parser("test", help="voer alle tests uit (met de opties van pytest)")
    words.add_parser("benchmark", help="meet de rekentijd (naam van een meting, en haar opties)")
    return parser


def _add_indices(words) -> None:
    parser = words.add_parser("indices", help="hoe ongelijk groepen zijn verspreid, in getallen")
    parser.set_defaults(run=_indices)
    parser.add_argument("gemeente", nargs="*", help="naam of code; zonder: voorbeeld")
    parser.add_argument("--groep", nargs="+", default=[], metavar="GROEP", help="anders alle")
    parser.add_argument("--niveau", choices=("wijk", "buurt"), help="anders beide")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    _add_sources(parser)


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jaar", type=_year, help="alleen dit jaar (anders per begrip het nieuwste)"
    )
    parser.add_argument("--statline", metavar="URL", help="ander adres dan dat van het CBS")
    parser.add_argument("--raw", default="", metavar="MAP", help="map voor de opgehaalde gegevens")


def _report(arguments: argparse.Namespace) -> int:
    # Imported here: 'pull', 'lab' and 'test' need no kernel, and the kernels load while we do.
    from analysis.reports.kernel import kept_kernels, kernels_at_once

    # To check web addresses, which no notebook has, a part of nbformat compiles 38 grammars when it
    # is loaded: over a second. Without that package it leaves the check out.
    sys.modules.setdefault("rfc3987_syntax", None)
    with kept_kernels(kernels_at_once()) as kernels:
        return _build_all(arguments, kernels)


def _build_all(arguments: argparse.Namespace, kernels) -> int:
    from analysis.reports.build import build_report
    from analysis.reports.overview import write_overview
    from analysis.reports.prepare import EXAMPLE_CODE, prepare, prepare_example

    started = time.monotonic()
    reports = Path(arguments.uit or project_root() / "reports").resolve()
    if arguments.gemeente:
        edition = _edition(arguments)
        named = prepare(edition, arguments.gemeente, arguments.jaar, _progress, _say)
        bron = "cbs"
    else:
        edition = prepare_example(_raw(arguments))
        named, bron = {EXAMPLE_CODE: "Voorbeeldstad"}, "voorbeeld"
    notebooks = sorted((project_root() / "notebooks").glob("[0-9]*.ipynb"))
    parameters = {"jaar": arguments.jaar, "bron": bron, "raw": _raw(arguments),
                  "vergelijk": _known(arguments.vergelijk, edition)}  # fmt: skip
    for code, name in named.items():
        folder = build_report(
            kernels, notebooks, reports,
            code=code, name=name, parameters=parameters, stamp=edition.stamp,
            sheets=True,
        )  # fmt: skip
        # After each: when the next one fails, the overview leads to what is there.
        index = write_overview(reports)
        print(f"{name}: {folder / (notebooks[0].stem + '.html')}")
    print(f"Overzicht: {index} ({time.monotonic() - started:.0f} s)")
    return 0


def _known(asked: str, edition: Edition) -> str:
    """Return the codes of gemeenten to compare with, refused before a notebook runs."""
    if not asked.strip():
        return ""
    from analysis.reports.dossier import known_names, stored_releases
    from analysis.sources.regions import find_gemeente

    names = known_names(stored_releases(edition))
    found = [find_gemeente(one, names) for one in asked.split(",") if one.strip()]
    return ",".join(dict.fromkeys(found))


def _pull(arguments: argparse.Namespace) -> int:
    from analysis.reports.pulling import pull

    pull(_edition(arguments), order_of(arguments), _progress, _say)
    return 0


def _availability(arguments: argparse.Namespace) -> int:
    from analysis.reports.availability import availability, availability_text

    dossier = _dossier(arguments)
    levels = (arguments.niveau,) if arguments.niveau else None
    table = availability(dossier, levels, arguments.jaar)
    _print(
        table,
        arguments.format,
        lambda shown: f"{dossier.name} ({dossier.code})\n\n{availability_text(shown)}",
    )
    return 0


def _indices(arguments: argparse.Namespace) -> int:
    from analysis.reports.indices import LEVELS, indices, indices_text

    levels = (arguments.niveau,) if arguments.niveau else LEVELS
    rows = indices(_dossiers(arguments), arguments.groep, levels)
    _print(rows, arguments.format, indices_text)
    return 0


def _print(table, form: str, as_text) -> None:
    if form == "csv":
        print(table.to_csv(index=False, lineterminator="\n"), end="")
    elif form == "json":
        print(table.to_json(orient="records", force_ascii=False, indent=1))
    else:
        print(as_text(table))


def _export(arguments: argparse.Namespace) -> int:
    from analysis.reports.export import export

    dossier = _dossier(arguments)
    for file in export(dossier, dossier.newest, arguments.to, arguments.out):
        print(file)
    return 0


def _dossier(arguments: argparse.Namespace):
    """Open the dossier of the asked gemeente, or of the example, fetching what is not there."""
    return _dossiers(arguments)[0]


def _dossiers(arguments: argparse.Namespace) -> list:
    from analysis.reports.dossier import open_dossier
    from analysis.reports.prepare import EXAMPLE_CODE, prepare, prepare_example

    raw, year = _raw(arguments), arguments.jaar
    asked = [arguments.gemeente] if isinstance(arguments.gemeente, str) else arguments.gemeente
    if not any(asked):
        prepare_example(raw)
        return [open_dossier(EXAMPLE_CODE, year=year, edition="voorbeeld", raw=raw)]
    named = prepare(_edition(arguments), asked, year, _progress, _say)
    return [open_dossier(code, year=year, edition="cbs", raw=raw) for code in named]


def _lab(_: argparse.Namespace) -> int:
    from analysis.reports.prepare import prepare_example

    prepare_example()  # the notebooks open on the example
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--notebook-dir",
        str(project_root() / "notebooks"),
    ]
    return subprocess.call(command)


def _test(given: Sequence[str]) -> int:
    # On every processor; one file stays on one of them, for what its tests share.
    # In the order of collection: that of tests/conftest.py, where long files go first.
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    spread = [] if {"-n", "--pdb"} & set(given) else spread
    return subprocess.call([sys.executable, "-m", "pytest", *spread, *given], cwd=project_root())


def _edition(arguments: argparse.Namespace) -> Edition:
    from analysis.reports.dossier import edition_of

    address = arguments.statline or os.environ.get("ANALYSIS_STATLINE", "")
    return edition_of("cbs", _raw(arguments), address)


def _raw(arguments: argparse.Namespace) -> str:
    return str(Path(arguments.raw).resolve()) if arguments.raw else ""


def _progress(table: str):
    """Return a callback that keeps one line on a terminal up to date, and is quiet in a log."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, expected: int | None) -> None:
        share = min(1.0, done / expected) if expected else 0.0
        bar = "#" * round(24 * share)
        end = "\n" if expected and done >= expected else ""
        sys.stderr.write(f"\rTabel {table} [{bar:<24}] {done} van {expected or '?'} rijen{end}")
        sys.stderr.flush()

    return show


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
