"""What is said of a gemeente's own areas: what did not go by itself, in plain Dutch."""

from analysis.figures.wording import ZONING_NL, join_words, plural, regions
from analysis.sources.change_flags import years_lacking
from analysis.sources.own_areas import OwnAreas
from analysis.sources.zoning import Zoning

# More codes than these in one sentence are not read; they are in the gemeente's own file.
_NAMED = 5


def brought_told(zoning: Zoning) -> list[str]:
    """Return what to say when own areas were stored: how many, then each kind of problem."""
    areas, buurten = regions(len(zoning.names), "eigen"), regions(len(zoning.members), "buurt")
    return [f"Eigen indeling: {areas} met {buurten} bewaard.", *problems_told(zoning)]


def problems_told(zoning: Zoning) -> list[str]:
    """Return a sentence per kind of problem: how many, what it is, and the first of them."""
    told = []
    for problem, rows in zoning.problems.groupby("problem", sort=False):
        named = rows["region_code"].where(rows["region_code"].ne(""), rows["areas"])
        first = [
            f"{name} ({areas})" if code and areas else name
            for name, code, areas in zip(named, rows["region_code"], rows["areas"], strict=True)
        ]
        more = len(first) - _NAMED
        rest = [f"nog {more}"] if more > 0 else []
        said = f"{plural(len(rows), 'keer', 'keer')} {ZONING_NL[problem]}"
        told.append(f"Eigen indeling, {said}: {join_words([*first[:_NAMED], *rest])}.")
    return told


def left_out_told(own: OwnAreas, year: int) -> list[str]:
    """Return what is said of areas that cannot be made in a year."""
    if not len(own.left_out):
        return []
    named = join_words(list(own.left_out))
    told = f"In {year} niet te maken, want niet alle buurten bleven bekend gelijk: {named}."
    return [f"{told} {years_lacking(own.without)}".strip()]
