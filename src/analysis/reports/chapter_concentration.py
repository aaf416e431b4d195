"""Chapter 7: where vulnerable and affluent groups are concentrated, both sides in every figure."""

from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence.deviating import MEASURE as DEVIATES
from analysis.evidence.deviating import deviating
from analysis.evidence.frame import join
from analysis.evidence.groups import Group, by_key, reason_absent
from analysis.evidence.local import gemeente_share
from analysis.evidence.sides import APART, both_apart, counted_sides, opposite
from analysis.evidence.tails import (
    PAIRS,
    QUOTIENT,
    SHARE,
    SHRUNK,
    WEIGHT,
    concentration,
    counted_over,
)
from analysis.figures import charts, claims, trend_claims
from analysis.figures.figure import Figure
from analysis.figures.maps import choropleth
from analysis.figures.side_by_side import side_by_side
from analysis.figures.tables import value_text
from analysis.figures.wording import STATUS_NL, in_format
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release

_LEVELS = ("wijk", "buurt")
_NO_PAIR = Absent(
    "Van geen enkel jaar zijn er cijfers over kwetsbare én welgestelde groepen samen; de ene kant "
    "staat hier nooit zonder de andere. Haal met 'pull --jaar' een jaar op met inkomens."
)


@dataclass(frozen=True)
class Sides:
    """A vulnerable and an affluent group that one release counts both.

    Attributes
    ----------
    vulnerable, affluent : Group
    release : Release
    """

    vulnerable: Group
    affluent: Group
    release: Release

    @property
    def labels(self) -> dict[str, str]:
        """Dutch label by key, vulnerable first."""
        return {group.key: group.label for group in self.groups}

    @property
    def groups(self) -> tuple[Group, Group]:
        """Both groups, vulnerable first."""
        return self.vulnerable, self.affluent


def sides_of(dossier: Dossier, *, countable: bool = False) -> Sides | None:
    """Return the best pair of groups of the newest release that has one, or None.

    Parameters
    ----------
    dossier : Dossier
    countable : bool, optional
        Only pairs whose denominators are published too; else these come first.
    """
    for allowed in ({""}, {"", "no_denominator"}):
        for release in dossier.releases:
            table = dossier.regions(release, "buurt")
            for pair in PAIRS:
                groups = [by_key(key) for key in pair]
                if all(reason_absent(one, table, release.absent) in allowed for one in groups):
                    return Sides(*groups, release)
        if countable:
            return None
    return None


def concentration_rows(dossier: Dossier, sides: Sides, level: str) -> pd.DataFrame:
    """Return the concentration of both sides per region of a level, as evidence rows."""
    release = sides.release
    source = dossier.source_line(release)
    found = []
    for group in sides.groups:
        whole = gemeente_share(
            dossier.regions(release, "gemeente"), group,
            year=release.year, source=source, absent=release.absent,
        )  # fmt: skip
        own = concentration(
            dossier.regions(release, level), group,
            whole=float(whole["value"].iloc[0]) if len(whole) else float("nan"),
            level=level, year=release.year, source=source, absent=release.absent,
        )  # fmt: skip
        found += [own, whole]
    return join(found)


def both_sides_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return the location quotient of both sides per wijk, with intervals."""
    return _quotients(dossier, "wijk")


def both_sides_by_buurt(dossier: Dossier) -> Figure | Absent:
    """Return the location quotient of both sides per buurt, with shrunk shares in the table."""
    return _quotients(dossier, "buurt")


def _quotients(dossier: Dossier, level: str) -> Figure | Absent:
    sides = sides_of(dossier)
    if sides is None:
        return _NO_PAIR
    every = concentration_rows(dossier, sides, level)
    rows = every[every["measure"].eq(QUOTIENT)].reset_index(drop=True)
    counted = counted_over(rows, _area(dossier, sides.release, level))
    also = every[~every["measure"].eq(QUOTIENT)]
    claim = trend_claims.both_sides(rows, sides.labels)
    bare = rows["interval"].eq("rounding").any()
    return side_by_side(
        rows,
        labels=sides.labels,
        claim=claim,
        sentence=trend_claims.clear_numbers(counted, sides.labels),
        source=dossier.source_line(sides.release),
        alt=f"{claim}. Per gebied twee stippen rond de lijn bij 1, met een balk.",
        value_label="locatiequotiënt (1 is het aandeel in de hele gemeente)",
        value_format="ratio",
        reference=(1.0, "hele gemeente"),
        notes=[
            f"Jaar: {sides.release.year}.",
            "De balk is alleen wat afronden openlaat: hoeveel huishoudens er zijn ontbreekt in dit "
            "jaar."
            if bare
            else "De balk is wat toeval en afronden samen openlaten (exact interval, 95%).",
            _left_out(rows),
        ],
        stamp=dossier.edition.stamp,
        also_rows=join([also, counted]),
        more=_shrunk_columns(also, sides),
    )


def _area(dossier: Dossier, release: Release, level: str) -> pd.Series:
    return pd.Series(
        {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
         "level": level, "source": dossier.source_line(release)}
    )  # fmt: skip


def _left_out(rows: pd.DataFrame) -> str:
    return claims.left_out(rows.drop_duplicates("area_code"))


def _shrunk_columns(rows: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Return per region the share of each side, and what is left of it in a small region."""
    told = {}
    for group in sides.groups:
        own = rows[rows["group"].eq(group.key)]
        by = {name: own[own["measure"].eq(name) & ~own["level"].eq("gemeente")]
              .set_index("area_code") for name in (SHARE, SHRUNK, WEIGHT)}  # fmt: skip
        told[f"aandeel {group.label}"] = by[SHARE].apply(value_text, axis=1, args=("percent",))
        if by[SHRUNK]["status"].eq("ok").any():
            for name, words in ((SHRUNK, "na correctie voor klein aantal"),
                                (WEIGHT, "gewicht eigen cijfer")):  # fmt: skip
                told[f"{group.label}: {words}"] = by[name].apply(
                    value_text, axis=1, args=("percent",)
                )
    return pd.DataFrame(told)


def both_sides_apart(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of both sides, on wijken and on buurten (question 27)."""
    sides = sides_of(dossier, countable=True)
    if sides is None:
        return Absent(
            "Of arm en rijk even apart wonen valt hier niet te zeggen: van geen enkel jaar in huis "
            "zijn beide kanten én het aantal huishoudens per buurt bekend. Haal met 'pull --jaar' "
            "een jaar op met inkomens."
        )
    release = sides.release
    every = join(
        [
            both_apart(
                dossier.regions(release, level), *sides.groups, year=release.year,
                source=dossier.source_line(release), absent=release.absent,
                area_names=dossier.names(),
            )
            for level in _LEVELS
        ]
    )  # fmt: skip
    rows = every[~every["measure"].eq(APART)].reset_index(drop=True)
    apart = every[every["measure"].eq(APART)]
    on_buurten = apart[apart["level"].eq("buurt")]
    claim = trend_claims.apart(on_buurten, sides.labels)
    figure = charts.level_pairs(
        rows,
        labels=sides.labels,
        claim=claim,
        sentence=trend_claims.apart_by(on_buurten),
        source=dossier.source_line(release),
        alt=f"{claim}. Per groep twee stippen: de dissimilariteit op wijken en op buurten.",
        value_label="dissimilariteit (0 gelijk verspreid, 1 volledig gescheiden)",
        notes=[
            claims.resting_on(rows[rows["level"].eq(level)].iloc[0]) for level in _LEVELS
        ] + ["De twee groepen zijn niet even breed. Hoe breder de groep, hoe lager de maat kan uitvallen; "
            "dat telt mee in het verschil."],
        stamp=dossier.edition.stamp,
    )  # fmt: skip
    return replace(figure, rows=every, table=_with_intervals(figure.table, rows, sides))


def _with_intervals(table: pd.DataFrame, rows: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    by = rows.set_index(["group", "level"])
    told = table.copy()
    for level, many in zip(_LEVELS, ("wijken", "buurten"), strict=True):
        told[f"door afronden tussen ({many})"] = [
            f"{in_format(by.loc[(key, level), 'low'], 'index', 3)} – "
            f"{in_format(by.loc[(key, level), 'high'], 'index', 3)}"
            if by.loc[(key, level), "status"] == "ok"
            else STATUS_NL[by.loc[(key, level), "status"]]
            for key in sides.labels
        ]
    return told


def both_sides_together(dossier: Dossier) -> Figure | Absent:
    """Return per buurt whether it lies in a part with more of either side (Gi*, with FDR)."""
    sides = sides_of(dossier)
    if sides is None:
        return _NO_PAIR
    drawn = dossier.boundaries(sides.release, "buurt")
    if drawn is None:
        return Absent(
            f"Van de buurten van {sides.release.year} zijn geen grenzen bewaard; haal die op met "
            "'pull --kaart'."
        )
    every = concentration_rows(dossier, sides, "buurt")
    shares = every[every["measure"].eq(SHARE) & every["level"].eq("buurt")]
    tested = join(
        [
            deviating(
                shares[shares["group"].eq(group.key)].reset_index(drop=True), drawn.places,
                area_code=dossier.code, area_name=dossier.name,
            )
            for group in sides.groups
        ]
    )  # fmt: skip
    found = tested[tested["measure"].eq(DEVIATES)]
    rows = opposite(found, *(group.key for group in sides.groups))
    keys = (sides.vulnerable.key, sides.affluent.key)
    counted = counted_sides(rows, keys, _area(dossier, sides.release, "buurt"))
    claim = trend_claims.together(counted, sides.labels)
    wijken = dossier.boundaries(sides.release, "wijk")
    credit = "" if dossier.edition.is_example else " Grenzen: Kadaster / CBS,"
    return choropleth(
        rows,
        drawn.places,
        claim=claim,
        sentence=f"Oranje: {sides.vulnerable.label}. Blauw: {sides.affluent.label}.",
        source=f"{dossier.source_line(sides.release)}{credit} {drawn.label}.",
        alt=f"{claim}. Kaart van de buurten in drie klassen; alle waarden staan in de tabel.",
        value_label="duidelijk meer dan elders, met de buurten eromheen",
        value_format="sides",
        breaks=(-0.5, 0.5),
        outlines=None if wijken is None else wijken.places,
        notes=[
            f"Jaar: {sides.release.year}.",
            "Een buurt is hier samen met haar buren vergeleken met alle buurten (Gi*, 9.999 keer "
            "gehusseld). Van de buurten met een kleur is naar verwachting hooguit 1 op de 20 "
            "toeval.",
            claims.left_out(rows),
        ],
        also_rows=join([tested, counted]),
        stamp=dossier.edition.stamp,
    )
