"""What the word `pull` can be told: its options, and the order that they make."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.reports.pulling import Order


def add_pull_options(pull: argparse.ArgumentParser) -> None:
    """Add the options of `pull` to its parser."""
    pull.add_argument("--lijst", type=Path, metavar="BESTAND", help="gemeenten, een per regel")
    pull.add_argument("--grenzen", type=Path, nargs="+", metavar="BESTAND", default=[],
                      help="grenzen van wijken of buurten (gpkg, geojson)")  # fmt: skip
    pull.add_argument("--voorzieningen", type=Path, nargs="+", metavar="BESTAND", default=[],
                      help="voorzieningen: eigen lijst, DUO, OpenStreetMap")  # fmt: skip
    pull.add_argument("--from", dest="brought", type=Path, nargs="+", metavar="BESTAND",
                      default=[], help="bestanden die u zelf hebt gedownload")  # fmt: skip
    pull.add_argument("--kaart", action="store_true",
                      help="haal ook de grenzen van wijken en buurten op (PDOK)")  # fmt: skip
    pull.add_argument("--thema", nargs="+", default=[], metavar="THEMA",
                      help="ook andere cijfers: nabijheid, ses_woa, ...")  # fmt: skip
    pull.add_argument("--osm", action="store_true",
                      help="haal ook voorzieningen uit OpenStreetMap op")  # fmt: skip
    pull.add_argument("--straten", action="store_true",
                      help="haal ook het wandelnetwerk uit OpenStreetMap op")  # fmt: skip
    pull.add_argument("--indeling", type=Path, metavar="BESTAND",
                      help="eigen gebieden van de gemeente (gpkg, geojson, csv, xlsx)")  # fmt: skip
    pull.add_argument("--normen", type=Path, metavar="BESTAND",
                      help="eigen referentienormen van de gemeente (csv, xlsx)")  # fmt: skip
    pull.add_argument("--bag", type=Path, metavar="BESTAND",
                      help="verblijfsobjecten uit de BAG (gpkg, geojson)")  # fmt: skip
    pull.add_argument("--overpass", default="", metavar="URL",
                      help="ander adres voor OpenStreetMap")  # fmt: skip


def order_of(arguments: argparse.Namespace) -> "Order":
    """Return what is asked for with the options of `pull`."""
    # Loading it takes seconds, which the other words need not wait for.
    from analysis.reports.pulling import Order

    return Order(
        gemeenten=(*arguments.gemeente, *_listed(arguments)),
        year=arguments.jaar,
        boundaries=tuple(arguments.grenzen),
        facilities=tuple(arguments.voorzieningen),
        brought=tuple(arguments.brought),
        maps=arguments.kaart,
        themes=tuple(arguments.thema),
        points=arguments.osm,
        streets=arguments.straten,
        zoning=arguments.indeling,
        norms=arguments.normen,
        buildings=arguments.bag,
        overpass=arguments.overpass,
    )


def _listed(arguments: argparse.Namespace) -> list[str]:
    from analysis.reports.prepare import read_list

    return read_list(arguments.lijst) if arguments.lijst else []
