"""Which wijk is renewed in the example, what stands there, and whether the plan asked for can be."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.evidence.renewal import Renewal
from analysis.figures.wording import count, number
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.sources.errors import InputError
from analysis.sources.regions import find_region

OWNED, HOMES = "share_housing_corporation", "n_dwellings"
# In a wijk with fewer social dwellings nothing is renewed as an example.
FEWEST = 100
_TENURES = {"social": "sociale huur", "other_rent": "overige huur", "owner": "koop"}


@dataclass(frozen=True)
class Site:
    """A wijk of which is known where its social dwellings stand.

    Attributes
    ----------
    code, name : str
    release : Release
    stock : float
        Dwellings of a housing association: the share of them times the dwellings, over the buurten
        where both are known.
    chosen : bool
        Whether the reader named it; else it is the wijk with the largest share.
    """

    code: str
    name: str
    release: Release
    stock: float
    chosen: bool


def site_of(dossier: Dossier, wijk: str = "") -> Site | Absent:
    """Return the wijk to renew: the one that is named, or the one with most social dwellings.

    Without a name it is the wijk with the largest share of dwellings of a housing association,
    among those with at least `FEWEST` of them.

    Raises
    ------
    InputError
        When the gemeente has no such wijk, also where tenure is not known.
    """
    wijken = dossier.regions(dossier.newest, "wijk")
    if wijk.strip():
        find_region(wijk, wijken["region_name"], "wijk", dossier.name)
    release = dossier.newest_with([OWNED, HOMES])
    if release is None:
        return Absent(
            f"Wat verkoop of sloop en nieuwbouw doet, valt voor {dossier.name} niet te berekenen: "
            "in geen enkel opgeslagen jaar staat per buurt hoeveel woningen er zijn en welk deel "
            "van een corporatie is. Nodig zijn 'Woningvoorraad' en 'In bezit woningcorporatie' van "
            "hetzelfde jaar: haal dat jaar op met 'pull --jaar', of breng de download van het CBS "
            "mee met 'pull --from'."
        )
    buurten = dossier.regions(release, "buurt")
    social = (buurten[OWNED] * buurten[HOMES]).groupby(buurten["wk_code"]).sum(min_count=1)
    wijken = dossier.regions(release, "wijk")
    names = wijken["region_name"]
    if wijk.strip():
        code = find_region(wijk, names, "wijk", dossier.name)
        if not social.get(code, 0.0) > 0:
            return Absent(
                f"Van {names[code]} is in {release.year} niet bekend dat er huurwoningen van een "
                "corporatie staan; kies een andere wijk."
            )
    else:
        enough = [one for one in wijken.index if social.get(one, 0.0) >= FEWEST]
        share = wijken.loc[enough, OWNED].dropna()
        if share.empty:
            return Absent(
                f"In geen enkele wijk van {dossier.name} staan {FEWEST} huurwoningen van een "
                f"corporatie of meer, voor zover bekend in {release.year}."
            )
        code = str(share.idxmax())
    return Site(code, str(names[code]), release, float(social[code]), bool(wijk.strip()))


def can_be(renewal: Renewal, site: Site) -> Renewal:
    """Return the plan, after seeing that it can be carried out there.

    Raises
    ------
    InputError
        With negative dwellings, more than stand there, or shares that are none, fall, or do not
        add up.
    """
    for what, many in (("die verdwijnen", renewal.removed), ("die er komen", renewal.built)):
        if many < 0:
            raise InputError(f"Het aantal woningen {what} is {count(many)}; geef 0 of meer.")
    if renewal.removed > site.stock + 0.5:
        raise InputError(
            f"In {site.name} staan ongeveer {count(site.stock)} huurwoningen van een corporatie "
            f"({site.release.year}); {count(renewal.removed)} kunnen er niet verdwijnen, geef er "
            f"hoogstens {count(site.stock)}."
        )
    _tenure_can_be(renewal.tenure)
    for who, band in (("in de wijk blijft", renewal.stays), ("vertrekt", renewal.leaves)):
        if not 0 <= band[0] <= band[1] <= band[2] <= 1:
            told = ", ".join(number(one, None) for one in band)
            raise InputError(
                f"Het deel dat {who} is ({told}); geef laag, midden en hoog, oplopend van 0 tot 1."
            )
    if renewal.stays[2] + renewal.leaves[2] > 1 + 1e-9:
        whole = number(renewal.stays[2] + renewal.leaves[2], None)
        raise InputError(
            f"Wie in de wijk blijft en wie vertrekt zijn samen hoogstens {whole} van alle "
            "huishoudens; geef delen die samen hoogstens 1 zijn."
        )
    return renewal.checked()


def _tenure_can_be(tenure: Mapping[str, float]) -> None:
    if strange := sorted(set(tenure) - set(_TENURES)):
        raise InputError(
            f"Er is geen eigendom '{strange[0]}'; kies uit "
            f"{', '.join(f'{key} ({label})' for key, label in _TENURES.items())}."
        )
    whole = sum(tenure.values())
    if min(tenure.values(), default=0) < 0 or abs(whole - 1) > 1e-6:
        raise InputError(
            "De aandelen sociale huur, overige huur en koop moeten 0 of meer zijn en samen 1; nu "
            f"tellen ze op tot {number(whole, None)}."
        )
