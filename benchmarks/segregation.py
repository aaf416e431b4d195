"""Time the segregation measures beside PySAL segregation, EquiPop and divintseg, in one run.

    python run.py benchmark segregation [--table TABLE.parquet] [--only indices knn ...]

TABLE is the Kerncijfers wijken en buurten of 2020 as published; without it only the synthetic
national table (345 gemeenten, 14,400 buurten; made up) is measured. Every side runs in a process
of its own, so that its peak memory is its own too, and prints the best time of a few, how many
times longer the peer takes, and the largest difference in value.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from beside.grids import nearest, smoothed, spatial
from beside.sides import Side, compared

from analysis.measures.atkinson import atkinson
from analysis.measures.bias_correction import bias_corrected_dissimilarity
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import correlation_ratio, interaction, isolation
from analysis.measures.information import multigroup_information_theory
from analysis.measures.multigroup import multigroup_dissimilarity
from analysis.measures.resampling import random_allocation

# The folder of this script comes first on the path, and PySAL's package has this script's name.
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).parent]

SEED = 20
SEVEN = (dissimilarity, gini, information_theory, atkinson, isolation, interaction,
         correlation_ratio)  # fmt: skip


def synthetic() -> pd.DataFrame:
    """Return a made-up country: group, others and two halves of the others by buurt."""
    random = np.random.default_rng(SEED)
    sizes = random.multinomial(14_400 - 345 * 3, random.dirichlet(np.full(345, 0.7))) + 3
    gemeente = np.repeat([f"GM{n:04d}" for n in range(345)], sizes)
    total = np.round(random.lognormal(6.6, 1.0, len(gemeente)) / 5) * 5 + 5
    share = random.beta(2, 10, len(gemeente))
    group = np.minimum(np.round(total * share / 5) * 5, total - 5)
    others = total - group
    part = np.round(others * random.beta(4, 4, len(gemeente)))
    return pd.DataFrame(
        {"gm": gemeente, "group": group, "others": others, "one": part, "two": others - part}
    )


def published(path: str) -> pd.DataFrame:
    """Return the buurten of 2020 with people: non-Western, others, Western and no migration."""
    names = {"Codering_3": "code", "AantalInwoners_5": "total", "NietWestersTotaal_18": "group",
             "WestersTotaal_17": "one"}  # fmt: skip
    table = pd.read_parquet(path, columns=list(names)).rename(columns=names)
    table["code"] = table["code"].str.strip()
    table = table[table["code"].str.startswith("BU")].dropna()
    table[["total", "group", "one"]] = table[["total", "group", "one"]].astype(float)
    others = (table["total"] - table["group"]).clip(lower=0)
    one = np.minimum(table["one"], others)
    frame = pd.DataFrame(
        {"gm": "GM" + table["code"].str[2:6], "group": table["group"], "others": others,
         "one": one, "two": others - one}
    )  # fmt: skip
    inhabited = frame["group"] + frame["others"] > 0
    frame = frame[inhabited].sort_values("gm", ignore_index=True)
    both = frame.groupby("gm")[["group", "others"]].transform("sum").gt(0).all(axis=1)
    several = frame.groupby("gm")["gm"].transform("size").gt(1)
    return frame[both & several].reset_index(drop=True)


# -- the comparisons ----------------------------------------------------------------------------


def indices(units: pd.DataFrame) -> list[Side]:
    """Seven indices of two groups, of every gemeente."""
    columns = units["group"], units["others"], units["gm"]

    def ours() -> np.ndarray:
        return np.stack([measure(*columns).to_numpy() for measure in SEVEN])

    def equipop() -> np.ndarray:
        from equipop.segregation import seg_indices_at_scale

        t, x = (units["group"] + units["others"]).to_numpy(), units["group"].to_numpy()
        found = []
        for place in units.groupby("gm").indices.values():
            one = seg_indices_at_scale(t[place], x[place], x[place].sum() / t[place].sum())
            found.append([one[name] for name in ("D", "Gini", "H", "Atkinson_0.5", "Isolation",
                                                 "Interaction", "CorrelationV")])  # fmt: skip
        return np.array(found).T

    def pysal() -> np.ndarray:
        from segregation import singlegroup

        classes = ("Dissim", "Gini", "Entropy", "Atkinson", "Isolation", "Interaction",
                   "CorrelationR")  # fmt: skip
        table = units.assign(total=units["group"] + units["others"])
        found = [
            [getattr(singlegroup, name)(own, "group", "total").statistic for name in classes]
            for _, own in table.groupby("gm")
        ]
        return np.array(found).T

    return [Side("ours", ours, 30), Side("EquiPop", equipop, 10), Side("PySAL", pysal, 1)]


def multigroup(units: pd.DataFrame) -> list[Side]:
    """H and D of three groups, of every gemeente."""
    groups = units[["group", "one", "two"]]

    def ours() -> np.ndarray:
        return np.stack(
            [multigroup_information_theory(groups, units["gm"]).to_numpy(),
             multigroup_dissimilarity(groups, units["gm"]).to_numpy()]
        )  # fmt: skip

    def pysal() -> np.ndarray:
        from segregation.multigroup import MultiDissim, MultiInfoTheory

        names = list(groups.columns)
        found = [
            [MultiInfoTheory(own, names).statistic, MultiDissim(own, names).statistic]
            for _, own in units.groupby("gm")
        ]
        return np.array(found).T

    return [Side("ours", ours, 20), Side("PySAL", pysal, 2)]


def divint(units: pd.DataFrame) -> list[Side]:
    """Simpson's diversity inside and between buurten, of every gemeente."""
    from analysis.measures.multigroup_exposure import relative_diversity

    groups = units[["group", "one", "two"]]

    def ours() -> np.ndarray:
        return relative_diversity(groups, units["gm"]).to_numpy()

    def peer() -> np.ndarray:
        import divintseg

        table = groups.assign(gm=units["gm"], unit=np.arange(len(units)))
        found = divintseg.di(table, by="gm", over="unit", add_segregation=True)
        # Its segregation is 1 - integration/diversity where the index is relative.
        return (1 - found["integration"] / found["diversity"]).to_numpy()

    return [Side("ours", ours, 20), Side("divintseg", peer, 5)]


def allocations(units: pd.DataFrame) -> list[Side]:
    """Five hundred random allocations of D, of every gemeente; PySAL does one gemeente."""
    columns = units["group"], units["others"], units["gm"]

    def ours() -> float:
        return float(random_allocation(*columns, draws=500, seed=SEED)["expected"].iloc[0])

    first = units[units["gm"].eq(units["gm"].iloc[0])]
    number = units["gm"].nunique()

    def pysal() -> float:
        from segregation.inference import SingleValueTest
        from segregation.singlegroup import Dissim

        table = first.assign(total=first["group"] + first["others"])
        test = SingleValueTest(
            Dissim(table, "group", "total"), iterations_under_null=500,
            null_approach="systematic", n_jobs=1,
        )  # fmt: skip
        return float(np.mean(test.est_sim))

    return [Side("ours", ours, 2), Side("PySAL", pysal, 1, times=number)]


def bias(units: pd.DataFrame) -> list[Side]:
    """Bias-corrected D of every gemeente; PySAL does ten, by 500 bootstraps each."""
    columns = units["group"], units["others"], units["gm"]
    names = sorted(units["gm"].unique())[:10]
    number = units["gm"].nunique()

    def ours() -> np.ndarray:
        return bias_corrected_dissimilarity(*columns).loc[names].to_numpy()

    def pysal() -> np.ndarray:
        from segregation.singlegroup import BiasCorrectedDissim

        table = units.assign(total=units["group"] + units["others"]).set_index("gm")
        return np.array(
            [BiasCorrectedDissim(table.loc[name].reset_index(), "group", "total", 500).statistic
             for name in names]
        )  # fmt: skip

    return [Side("ours", ours, 5), Side("PySAL", pysal, 1, times=number / len(names))]


NATIONAL = {
    "indices": indices,
    "multigroup": multigroup,
    "divintseg": divint,
    "allocations": allocations,
    "bias": bias,
}
GRIDS = {"spatial": spatial, "smoothed": smoothed, "nearest": nearest}


def main() -> None:
    """Read the options and run the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", help="parquet with the Kerncijfers of 2020")
    parser.add_argument(
        "--only", nargs="+", choices=[*NATIONAL, *GRIDS], default=[*NATIONAL, *GRIDS]
    )
    options = parser.parse_args()
    tables = {"synthetic, made up": synthetic()}
    if options.table:
        tables = {"2020 as published": published(options.table), **tables}
    for name, units in tables.items():
        about = f"{units['gm'].nunique()} gemeenten, {len(units):,} buurten, {name}"
        for part in (part for part in options.only if part in NATIONAL):
            compared(f"{part}: {NATIONAL[part].__doc__.splitlines()[0]} ({about})",
                     NATIONAL[part](units))  # fmt: skip
    for part in (part for part in options.only if part in GRIDS):
        compared(f"{part}: {GRIDS[part].__doc__.splitlines()[0]} (made up)", GRIDS[part]())


if __name__ == "__main__":
    main()
