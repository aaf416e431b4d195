"""Figures of one year on the regions of another, through a crosswalk, each marked as what it is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sources.aggregation import kinds, numerators, spread
from analysis.sources.codebook import Concept
from analysis.sources.crosswalk import CONVERTED, LABELS, MEASURED, NOT_COMPARABLE, RECODED
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import KNOWN, NOT_PUBLISHED, SECRET
from analysis.sources.regions import gm_code, wk_code

NOT_CONVERTIBLE = "not_convertible"
NO_DENOMINATOR = "no_denominator"
# As published: of an unchanged region, or of the same ground under another code.
AS_PUBLISHED = (MEASURED, RECODED)


@dataclass(frozen=True)
class Converted:
    """A table on the regions of another year.

    Attributes
    ----------
    table : DataFrame
        Indexed by region_code of the target; gm_code, wk_code (of buurten), region_name where
        names were given, `conversion` (measured, recoded, converted, not_comparable), and the
        figures. Converted counts are not rounded, and so differ from published ones.
    status : DataFrame of str
        The figures' shape: '' where known; 'not_comparable'; 'not_convertible' (medians, means,
        densities, areas and classes are not spread over other regions); 'no_denominator';
        'suppressed' or 'not_published' as in the source.
    remainder : DataFrame
        Counts that are in no figure of the table: from_code, to_code, concept, amount, reason
        ('outside', 'not_comparable', or 'suppressed': another part of the target is not known).
        Column sums of the table plus these are the sums of the source.
    """

    table: pd.DataFrame
    status: pd.DataFrame
    remainder: pd.DataFrame


def convert(
    table: pd.DataFrame,
    crosswalk: pd.DataFrame,
    codebook: Mapping[str, Concept],
    names: pd.Series | None = None,
) -> Converted:
    """Bring a region table to the regions of another year.

    Counts are split by the crosswalk's weights. Shares are made anew from their numerators and
    denominators. Regions that are measured or recoded keep every figure as published.

    Parameters
    ----------
    table : DataFrame
        Region table of the crosswalk's sources.
    crosswalk : DataFrame
        From `crosswalk` or `compose`.
    codebook : mapping of str to Concept
        Says what is a count, and what a share is a share of.
    names : Series of str, optional
        Names of the targets by code.

    Returns
    -------
    Converted

    Raises
    ------
    InputError
        When the table and the crosswalk are not of the same regions.
    """
    _check(table, crosswalk)
    kind = kinds(table, codebook)
    figures = table[[*kind.index]].astype(float)
    label = crosswalk.dropna(subset="to_code").groupby("to_code")["label"].first()
    values = pd.DataFrame(np.nan, index=label.index, columns=figures.columns)
    status = pd.DataFrame(NOT_COMPARABLE, index=label.index, columns=figures.columns)
    moved = crosswalk[crosswalk["weight"] > 0].dropna(subset=["from_code", "to_code"])
    absent = _absent(figures)
    same = moved[moved["label"].isin(AS_PUBLISHED)]
    values.loc[same["to_code"]] = figures.loc[same["from_code"]].to_numpy()
    status.loc[same["to_code"]] = absent.loc[same["from_code"]].to_numpy()
    parts = moved[moved["label"].eq(CONVERTED)]
    new = label.index[label.eq(CONVERTED)]
    status.loc[new] = NOT_CONVERTIBLE
    counts, shares = list(kind.index[kind.eq("count")]), list(kind.index[kind.eq("share")])
    if len(new) and counts:
        values.loc[new, counts] = spread(figures[counts], parts, skip_missing=False).loc[new]
        status.loc[new, counts] = _first_reason(absent[counts], parts).loc[new]
    if len(new) and shares:
        tops, bottoms = numerators(figures, shares, codebook)
        top = spread(tops, parts, skip_missing=False).loc[new]
        bottom = spread(bottoms, parts, skip_missing=False).loc[new]
        # A mean of shares lies between them; rounding of the last digit may not push it over.
        values.loc[new, shares] = (top / bottom.where(bottom > 0)).clip(0, 1)
        why = absent[shares].mask(figures[shares].notna() & tops.isna(), NO_DENOMINATOR)
        why = _first_reason(why.mask(tops.notna(), KNOWN), parts).loc[new]
        status.loc[new, shares] = why.mask(why.eq(KNOWN) & ~(bottom > 0), NO_DENOMINATOR)
    return Converted(
        table=_identity(label, names).join(values).rename_axis(index="region_code"),
        status=status.rename_axis(index="region_code"),
        remainder=_remainder(figures[counts], crosswalk, values),
    )


def compose(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Join two crosswalks end to end: from the regions of the first to those of the second.

    Parameters
    ----------
    first, second : DataFrame
        Crosswalks; the targets of the first are the sources of the second.

    Returns
    -------
    DataFrame
        A crosswalk. A target is as good as the worst of what it is made of; `why` is 'composed'
        and `overlap` NaN.

    Raises
    ------
    InputError
        When the second does not start where the first ends.
    """
    middle, start = set(first["to_code"].dropna()), set(second["from_code"].dropna())
    if middle != start:
        raise InputError(
            f"De tweede omrekening begint niet waar de eerste eindigt: {min(middle ^ start)} staat "
            "in één van de twee; reken om via één jaar."
        )
    reached = first.dropna(subset="to_code")
    rank = {label: at for at, label in enumerate(LABELS)}
    onward = second.rename(columns={"from_code": "middle"})
    both = reached.rename(columns={"to_code": "middle"})[["from_code", "middle", "weight", "label"]]
    both = both.merge(onward, on="middle", suffixes=("_first", ""))
    both["weight"] *= both.pop("weight_first")
    worst = both[["label_first", "label"]].map(rank.get).max(axis=1)
    worst = worst.groupby(both["to_code"]).max().map(dict(enumerate(LABELS)))
    empty = second[second["from_code"].isna()]
    lost = first[first["to_code"].isna()]
    rows = pd.concat(
        [part for part in (both, lost, empty) if len(part)], ignore_index=True
    ).groupby(["from_code", "to_code"], dropna=False, as_index=False)["weight"].sum()  # fmt: skip
    own = (
        rows["to_code"].map(worst).fillna(NOT_COMPARABLE).where(rows["to_code"].notna(), "outside")
    )
    # Through another code and back again it is itself.
    own = own.mask(own.eq(RECODED) & rows["from_code"].eq(rows["to_code"]), MEASURED)
    rows = rows[rows["from_code"].notna() | rows["to_code"].notna()]
    return rows.assign(label=own, why="composed", overlap=np.nan)


def _check(table: pd.DataFrame, crosswalk: pd.DataFrame) -> None:
    if table.index.has_duplicates:
        raise InputError(
            f"{table.index[table.index.duplicated()][0]} staat meer dan één keer in de tabel die "
            "wordt omgerekend; geef elk gebied één rij."
        )
    if odd := set(table.index) ^ set(crosswalk["from_code"].dropna()):
        where = "de tabel" if min(odd) in table.index else "de omrekening"
        raise InputError(
            f"{min(odd)} (en {len(odd) - 1} andere) staat alleen in {where}; maak de omrekening "
            "met de gebieden van deze tabel."
        )


def _absent(figures: pd.DataFrame) -> pd.DataFrame:
    """Return why each figure of the source is missing: a hole, or a column without anything."""
    hole = pd.Series(
        np.where(figures.isna().all(), NOT_PUBLISHED, SECRET), figures.columns, dtype="object"
    )
    told = pd.DataFrame(
        np.where(figures.isna(), hole.to_numpy(), KNOWN), figures.index, figures.columns
    )
    return told.astype("str")


def _first_reason(reasons: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return per target a reason why a part of it is missing, '' where nothing is."""
    return reasons.loc[parts["from_code"]].groupby(parts["to_code"].to_numpy()).max()


def _identity(label: pd.Series, names: pd.Series | None) -> pd.DataFrame:
    codes = label.index.to_series()
    found = pd.DataFrame({"gm_code": gm_code(codes)})
    if codes.str.startswith("BU").all():
        found["wk_code"] = wk_code(codes)
    if names is not None:
        found["region_name"] = names.reindex(label.index)
    return found.assign(conversion=label)


def _remainder(counts: pd.DataFrame, crosswalk: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    flows = crosswalk[crosswalk["from_code"].notna() & (crosswalk["weight"] > 0)]
    amounts = counts.loc[flows["from_code"]].mul(flows["weight"].to_numpy(), axis=0)
    arrived = values[counts.columns].reindex(flows["to_code"]).notna().to_numpy()
    lost = amounts.mask(arrived).set_axis(flows.index)
    lost.columns.name = "concept"
    long = lost.stack().rename("amount").reset_index(level="concept")
    long = long[long["amount"].ne(0) & long["amount"].notna()]
    told = flows[["from_code", "to_code"]].assign(
        reason=flows["label"].where(flows["label"].isin([NOT_COMPARABLE, "outside"]), SECRET)
    )
    return told.join(long, how="inner").reset_index(drop=True)[
        ["from_code", "to_code", "concept", "amount", "reason"]
    ]
