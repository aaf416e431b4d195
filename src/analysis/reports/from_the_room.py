"""An answer while the room waits: another wijk or another group, from what is stored."""

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import GROUPS, Group
from analysis.evidence.local import gemeente_share, local_values
from analysis.figures import charts, claims
from analysis.figures.figure import Figure
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release
from analysis.reports.places import map_or_ranking
from analysis.sources.errors import InputError
from analysis.sources.regions import find_region, plain_words


def answer(dossier: Dossier, *, wijk: str = "", groep: str = "") -> Figure | Absent:
    """Return the share of a group per wijk, or per buurt within one wijk.

    Parameters
    ----------
    dossier : Dossier
    wijk : str, optional
        A name or code, or part of a name; without it all wijken are compared.
    groep : str, optional
        A group's key, its label or some words of it ('bijstand', 'kinderen'); without it the first
        group that this gemeente has figures of.

    Returns
    -------
    Figure or Absent
        Absent when the group has no figures here.

    Raises
    ------
    InputError
        When the wijk or the group is not there or not the only one; the message names those that
        are.
    """
    group, release = _group(dossier, groep)
    if release is None:
        return Absent(f"Over {group.label} zijn er geen cijfers van {dossier.name}.")
    shared = {
        "year": release.year,
        "source": dossier.source_line(release),
        "absent": release.absent,
    }
    whole = gemeente_share(dossier.regions(release, "gemeente"), group, **shared)
    wijken = _shares(dossier, release, group, "wijk", shared)
    if not wijk.strip():
        return map_or_ranking(
            dossier, release, wijken,
            level="wijk", whole=whole,
            claim=claims.highest_share(wijken, whole.iloc[0], group.label),
            sentence=claims.range_of_shares(wijken, group.label),
            value_label=f"aandeel {group.label}", value_format="percent",
        )  # fmt: skip
    code = find_region(wijk, wijken.set_index("area_code")["area_name"], "wijk", dossier.name)
    of_wijk = dossier.regions(release, "buurt")["wk_code"]
    buurten = _shares(dossier, release, group, "buurt", shared)
    inside = buurten[buurten["area_code"].map(of_wijk).eq(code)].reset_index(drop=True)
    own = wijken[wijken["area_code"].eq(code)]
    return _within(dossier, release, group, inside, own, whole)


def find_group(asked: str) -> Group:
    """Return the group that is meant by a key, a label or some of its words.

    Raises
    ------
    InputError
        When no group or more than one has these words; the message names what can be asked.
    """
    words = plain_words(asked)
    exact = [one for one in GROUPS if words in (plain_words(one.key), plain_words(one.label))]
    part = [one for one in GROUPS if words in plain_words(f"{one.label} {one.key}")]
    found = exact or part
    if len(found) == 1:
        return found[0]
    if found:
        options = "; ".join(f"'{one.label}'" for one in found)
        raise InputError(f"'{asked}' kan meer dan één groep zijn; kies uit {options}.")
    options = "; ".join(f"'{one.label}'" for one in GROUPS)
    raise InputError(f"Er is geen groep '{asked}'; er zijn {options}.")


def _group(dossier: Dossier, asked: str) -> tuple[Group, Release | None]:
    if not asked.strip():
        return next(iter(countable(dossier)), (GROUPS[0], None))
    group = find_group(asked)
    # A published share is an answer, also where it is not known of how many.
    return group, dossier.newest_with([group.count])


def _shares(
    dossier: Dossier, release: Release, group: Group, level: str, shared: dict
) -> pd.DataFrame:
    local = local_values(dossier.regions(release, level), group, level=level, **shared)
    return local[local["measure"].eq("share")].reset_index(drop=True)


def _within(
    dossier: Dossier,
    release: Release,
    group: Group,
    inside: pd.DataFrame,
    own: pd.DataFrame,
    whole: pd.DataFrame,
) -> Figure | Absent:
    name = own["area_name"].iloc[0]
    if inside.empty:
        return Absent(f"{name} heeft in {release.year} geen buurten met inwoners.")
    claim = claims.share_beside(own.iloc[0], whole.iloc[0], group.label)
    sentence = claims.range_of_shares(inside, group.label)
    reference = None
    if whole["status"].iloc[0] == "ok":
        reference = (float(whole["value"].iloc[0]), f"heel {dossier.name}")
    return charts.ranked_dots(
        inside,
        claim=claim,
        sentence=sentence,
        source=dossier.source_line(release),
        alt=f"{claim}. {sentence} Een stip per buurt van {name}, van hoog naar laag.",
        value_label=f"aandeel {group.label}",
        value_format="percent",
        reference=reference,
        notes=[f"Jaar: {release.year}.", claims.left_out(inside)],
        stamp=dossier.edition.stamp,
        also_rows=join([own, whole]),
    )
