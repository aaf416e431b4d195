"""The level of a gemeente's own areas, for every chapter: which years and groups it has."""

from analysis.evidence.groups import GROUPS, Group
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.sources.own_areas import OwnAreas
from analysis.sources.regions import OWN_LEVEL

_NONE = (
    "Voor deze gemeente is geen eigen indeling meegegeven. Dat kan met 'pull {name} --indeling "
    "BESTAND': een lijst van buurten met hun gebied, of een kaart."
)


def own_or_absent(dossier: Dossier, release: Release) -> OwnAreas | Absent:
    """Return the own areas of a year, or the sentence that stands in their place."""
    return dossier.own_areas(release) or Absent(_NONE.format(name=dossier.name))


def absent_or(dossier: Dossier, sentence: str) -> Absent:
    """Return why there are no own areas; where there are, another sentence."""
    own = own_or_absent(dossier, dossier.newest)
    return own if isinstance(own, Absent) else Absent(sentence)


def own_source(dossier: Dossier, release: Release, own: OwnAreas) -> str:
    """Return the source line of figures of own areas."""
    return f"{dossier.source_line(release)} Eigen gebieden: {own.zoning.label}."


def share_inside(dossier: Dossier, release: Release) -> float:
    """Return the share of the inhabitants who live in an own area, NaN where there are none."""
    own = dossier.own_areas(release)
    if not isinstance(own, OwnAreas):
        return float("nan")
    buurten = dossier.regions(release, "buurt")["inhabitants"]
    return float(own.figures.table["inhabitants"].sum() / buurten.sum())


def countable(dossier: Dossier) -> list[tuple[Group, Release, OwnAreas]]:
    """Return the groups that can be counted in own areas, each with its newest year."""
    found = []
    for group in GROUPS:
        release = dossier.newest_with([c for c in group.columns if c], OWN_LEVEL)
        if release:
            found.append((group, release, dossier.own_areas(release)))
    # The old division by origin and the new one never stand in one picture: the newer is shown.
    latest = max((r.year for g, r, _ in found if g.theme == "herkomst"), default=0)
    return [one for one in found if one[0].theme != "herkomst" or one[1].year == latest]
