"""The pieces of chapter 7: on the example, on real tables, and where something lacks."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.evidence.tails import PAIRS
from analysis.figures import growing_claims, style, trend_claims, typology_claims
from analysis.figures.figure import Figure
from analysis.figures.side_by_side import side_by_side
from analysis.figures.tiles import tiles
from analysis.figures.wording import FORMATS, NAMED_VALUES, in_format
from analysis.reports import chapter_concentration as sides
from analysis.reports import chapter_growing as growing
from analysis.reports import chapter_types as types
from analysis.reports import chapter_typology as stock
from analysis.reports.absent import Absent
from analysis.sources.edition import project_root

PIECES = (
    sides.both_sides_by_wijk, sides.both_sides_by_buurt, sides.both_sides_together,
    sides.both_sides_apart, growing.change_of_both_sides, growing.what_moved, growing.who_stays,
    growing.next_door, stock.focus_areas, stock.stock_of_one_kind, stock.cheap_by_value,
    stock.cheap_by_owner, types.types_of_wijken, types.rules_of_types,
)  # fmt: skip
LABELS = {"poor": "mensen met bijstand", "rich": "koopwoningen"}
# Words that hold a number which is no result: who is counted, years, 95 of 100, and so on.
_NAMED = re.compile(
    r"(laagste|hoogste) \d+%|1 op de 20|(19|20)\d\d|\(1 is dezelfde\)|[−(]1 tot 1"
    r"|(?<![\d.,])0(?![\d,%]|\.\d)"
)


@pytest.fixture(scope="module")
def shown(example_dossier) -> dict:
    return {piece.__name__: piece(example_dossier) for piece in PIECES}


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_a_figure_or_says_why_not(piece, shown, real_dossier):
    figure = shown[piece.__name__]
    assert isinstance(figure, Figure) and len(figure.rows) and figure.claim
    told = f"{figure.claim} {figure.sentence} {figure.notes} {figure.table.to_string()}"
    assert "nan" not in told.lower().split()
    there = piece(real_dossier)
    assert isinstance(there, Figure | Absent)
    if isinstance(there, Absent):
        assert re.search("pull --|te weinig buurten|om dezelfde reden", there.sentence)


@pytest.mark.parametrize("name", [piece.__name__ for piece in PIECES])
def test_every_number_in_title_and_sentence_is_a_row(name, shown):
    figure = shown[name]
    known = figure.rows[figure.rows["status"].eq("ok")]
    numbers = pd.concat([known[c] for c in ("value", "low", "high", "units")]).dropna().unique()
    formats = [one for one in FORMATS if one not in NAMED_VALUES]
    texts = {in_format(abs(float(v)), f) for v in numbers for f in formats}
    texts |= {in_format(abs(float(v)), "index", 3) for v in numbers}
    texts |= {in_format(100 * abs(float(v)), "km") for v in numbers}
    told = _NAMED.sub(" ", f"{figure.claim} {figure.sentence} ")
    for found in re.findall(r"\d[\d.,]*\d%?|\d%?", told):
        assert found in texts, (name, found, figure.claim, figure.sentence)


@pytest.mark.parametrize("name", ["both_sides_by_wijk", "both_sides_by_buurt", "both_sides_apart",
                                  "change_of_both_sides", "who_stays", "next_door", "what_moved",
                                  "cheap_by_value", "cheap_by_owner"])  # fmt: skip
def test_neither_side_stands_without_the_other(name, shown):
    groups = set(shown[name].rows["group"].str.split(" | ", regex=False).str[0])
    assert any(set(pair) <= groups for pair in PAIRS)


def test_the_chapter_shows_every_piece_and_asks_four_groups():
    path = project_root() / "notebooks" / "07_gemengde_wijken.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
    for piece in PIECES:
        assert sum(f".{piece.__name__}(dossier)" in cell for cell in cells) == 1
    # A screen each: what the figures and research say, and then the questions.
    blocks = [cell + cells[place + 1] for place, cell in enumerate(cells) if "*Cijfer.*" in cell]
    assert len(blocks) >= 4
    for block in blocks:
        assert "## Vraag voor de zaal" in block
        assert "*Onderzoek zegt.*" in block and "](https://" in block
        for who in ("professional", "bewoner", "gemeente", "corporatie"):
            (line,) = [line for line in block.splitlines() if line.startswith(f"- **{who}**")]
            assert 2 <= line.count("?") <= 3


def test_the_example_is_told_as_it_was_made(shown):
    rows = shown["both_sides_apart"].rows
    apart = rows[rows["measure"].eq("dissimilarity_difference") & rows["level"].eq("buurt")]
    assert apart["low"].iloc[0] > 0
    assert "hoogste 20%" in shown["both_sides_apart"].claim.split(" wonen meer apart ")[0]
    type_rows = shown["types_of_wijken"].rows
    assert type_rows[type_rows["measure"].eq("type_number")]["status"].eq("ok").all()


def test_zoetermeer_says_what_lacks(real_dossier):
    assert "geen van de 20" in stock.focus_areas(real_dossier).claim
    told = types.types_of_wijken(real_dossier)
    assert told.claim.startswith("Van geen enkele wijk is een type te geven: cijfers over")
    # No wijk has a type, as the title says: no column of blanks, nor one of what is unknown.
    assert not {"type", "zekerheid", "ontmoeten"} & set(told.table.columns)
    change = growing.change_of_both_sides(real_dossier)
    assert isinstance(change, Absent) or "niet te zeggen" not in change.claim


def test_one_year_has_no_change(example_dossier):
    one = replace(example_dossier, releases=example_dossier.releases[:1], shown=[])
    assert "maar één jaar" in growing.change_of_both_sides(one).sentence
    for piece in (growing.what_moved, growing.who_stays, growing.next_door):
        assert "om dezelfde reden" in piece(one).sentence


def quotients(group, *limits, interval="exact", people=1000.0):
    return [
        {"area_code": f"WK{n}", "area_name": f"w{n}", "year": 2024, "level": "wijk",
         "measure": "location_quotient", "group": group, "value": (low + high) / 2, "low": low,
         "high": high, "interval": interval, "median_unit_size": people, "source": "Bron"}
        for n, (low, high) in enumerate(limits)
    ]  # fmt: skip


def test_titles_on_both_sides():
    rows = evidence_frame([*quotients("poor", (1.2, 1.4), (0.6, 0.8)),
                           *quotients("rich", (0.9, 1.1), (0.8, 1.2))])  # fmt: skip
    assert trend_claims.both_sides(rows, LABELS) == (
        "Mensen met bijstand: het meest in w0 (1,30 keer het aandeel van de gemeente); "
        "koopwoningen: in geen enkele wijk duidelijk meer"
    )
    level = evidence_frame(quotients("poor", (1.2, 1.4), (1.1, 1.3)))
    assert "onder meer w0" in trend_claims.both_sides(level, {"poor": "x"})
    # Only rounding is known: a fifth more is not called more. And a hamlet is not named.
    bare = evidence_frame(quotients("poor", (1.2, 1.21), (0.9, 0.91), interval="rounding"))
    assert "in geen enkele wijk" in trend_claims.both_sides(bare, {"poor": "x"})
    hamlet = evidence_frame(quotients("poor", (1.2, 1.4), (0.8, 0.9), people=150.0))
    assert "in geen enkele wijk" in trend_claims.both_sides(hamlet, {"poor": "x"})
    alone = evidence_frame([*quotients("poor", (1.0, 1.0)), *quotients("rich", (1.0, 1.0))])
    assert trend_claims.both_sides(alone, LABELS) == (
        "Er is maar één wijk, dus er zijn geen wijken te vergelijken"
    )
    pair = evidence_frame([*quotients("poor", (1.2, 1.4), (0.6, 0.8)),
                           *quotients("rich", (1.3, 1.5), (0.6, 0.8))])  # fmt: skip
    assert trend_claims.both_sides(pair, LABELS) == (
        "Mensen met bijstand: het meest in w0 (1,30 keer het aandeel van de gemeente); "
        "koopwoningen: het meest in w0 (1,40 keer)"
    )
    pair.loc[pair["area_code"].eq("WK1"), ["status", "value"]] = ["suppressed", float("nan")]
    assert trend_claims.both_sides(pair, LABELS) == (
        "Alleen over w0 is iets te zeggen, dus er zijn geen wijken te vergelijken"
    )
    nothing = rows.assign(status="suppressed", value=float("nan"))
    assert trend_claims.both_sides(nothing, LABELS).count("niet te zeggen") == 2


def test_titles_on_who_lives_apart():
    rows = counted({"dissimilarity_difference": 0.0}).assign(low=-0.01, high=0.01)
    assert "ongeveer even apart" in trend_claims.apart(rows, LABELS)
    assert trend_claims.apart(rows.assign(low=0.001), LABELS).startswith("Koopwoningen wonen meer")
    assert trend_claims.apart(rows.assign(high=-0.001), LABELS).startswith("Mensen met bijstand")
    gone = rows.assign(status="suppressed")
    assert "niet te zeggen" in trend_claims.apart(gone, LABELS)
    assert trend_claims.apart_by(gone) == ""


def counted(measure_values, units=40, group="poor", status="ok"):
    return evidence_frame(
        [{"area_code": "GM1", "year": 2024, "level": "buurt", "measure": measure, "group": group,
          "value": value, "units": units, "status": status, "source": "Bron"}
         for measure, value in measure_values.items()]
    )  # fmt: skip


def test_titles_on_growth():
    some = counted({"regions_rising": 6.0, "regions_falling": 2.0})
    assert growing_claims.grown(some, LABELS, 2020) == (
        "Sinds 2020: het aandeel mensen met bijstand groeide in 6 van de 40 buurten duidelijk "
        "sterker dan in de gemeente, en in 2 duidelijk zwakker"
    )
    # Two of forty is what chance gives.
    few = counted({"regions_rising": 1.0, "regions_falling": 1.0})
    assert "niet duidelijk anders" in growing_claims.grown(few, LABELS, 2020)
    both = pd.concat([few, few.assign(group="rich")], ignore_index=True)
    assert "geen van beide kanten" in growing_claims.grown(both, LABELS, 2020)
    mixed = pd.concat([few, some.assign(group="rich")], ignore_index=True)
    assert "koopwoningen groeide in 6" in growing_claims.grown(mixed, LABELS, 2020)
    none = counted({"regions_rising": None, "regions_falling": None}, status="not_comparable")
    assert "niet te zeggen" in growing_claims.grown(none, LABELS, 2020)
    assert growing_claims.expected_by_chance(none) == ""


def test_titles_on_staying_and_moving():
    stay = counted({"number_that_stays": 3.0, "top_fifth_size": 5.0})
    stay[["low", "high"]] = [2.0, 4.0]
    assert growing_claims.stayed(stay, LABELS).endswith("mensen met bijstand: 2 tot 4 van de 5")
    assert "niet te zeggen" in growing_claims.stayed(stay.iloc[:0], LABELS)
    names = {"growth": "mee", "reordering": "gewisseld"}
    moved = pd.concat(
        [counted({"mean_absolute_change": 0.05}),
         *(counted({"share_of_movement": value}, group=f"poor | {key}")
           for key, value in (("growth", 0.7), ("reordering", 0.3)))],
        ignore_index=True,
    )  # fmt: skip
    assert "is 70% 'mee'" in growing_claims.moved(moved, "x", names)
    moved.loc[moved["measure"].eq("share_of_movement"), "value"] = [0.51, 0.49]
    assert "ongeveer evenveel 'mee' als 'gewisseld'" in growing_claims.moved(moved, "x", names)
    moved.loc[moved["measure"].eq("mean_absolute_change"), "value"] = 0.004
    assert "nauwelijks: gemiddeld 0,4 procentpunt" in growing_claims.moved(moved, "x", names)
    assert "niet op te delen" in growing_claims.moved(moved.iloc[:0], "x", names)


@pytest.mark.parametrize(
    ("value", "p", "said"),
    [(-0.4, 0.01, "samen met het omgekeerde"), (0.4, 0.01, "samen met hetzelfde"),
     (-0.4, 0.2, "los van wat er bij de buren")],
)  # fmt: skip
def test_titles_on_the_waterbed(value, p, said):
    rows = counted({"morans_i_of_change": value, "morans_i_of_change_p": p})
    assert said in growing_claims.waterbed_claim(rows, LABELS)
    gone = rows.assign(status="not_comparable")
    assert "niet te zeggen" in growing_claims.waterbed_claim(gone, LABELS)


def test_two_sides_tested_each_get_half_of_the_chance():
    both = pd.concat(
        [counted({"morans_i_of_change": -0.4, "morans_i_of_change_p": 0.04}, group=key)
         for key in LABELS], ignore_index=True,
    )  # fmt: skip
    assert growing_claims.waterbed_claim(both, LABELS).startswith("Aan geen van beide kanten")
    one = both[both["group"].eq("poor")]
    assert "het omgekeerde" in growing_claims.waterbed_claim(one, LABELS)


def test_titles_on_stock_and_types():
    over = counted({"regions_over_two_thirds": 3.0, "regions_perhaps_over_two_thirds": 1.0})
    people = counted({"people_in_regions_over_two_thirds": 0.12})
    rows = pd.concat([over, people], ignore_index=True)
    assert typology_claims.one_sided(rows) == (
        "In 3 van de 40 buurten is meer dan twee derde van de woningen van een corporatie; daar "
        "woont 12% van de inwoners"
    )
    assert typology_claims.perhaps(rows).startswith("Bij 1 buurt is")
    none = rows.assign(value=0.0)
    assert typology_claims.one_sided(none).startswith("In geen van de 40 buurten")
    assert typology_claims.perhaps(none) == ""
    gone = rows.assign(status="suppressed")
    assert "niet te zeggen" in typology_claims.one_sided(gone)
    ranks = counted({"rank_correlation": 0.5})
    ranks[["low", "high"]] = [0.2, 0.7]
    assert typology_claims.cheap_stock(ranks, LABELS, "met x").endswith("meer mensen met bijstand")
    turned = ranks.assign(low=-0.7, high=-0.2)
    assert "wonen minder" in typology_claims.cheap_stock(turned, LABELS, "met x")
    unsure = ranks.assign(low=-0.1)
    assert "niet duidelijk meer of minder" in typology_claims.cheap_stock(unsure, LABELS, "met x")
    assert "niet te zeggen" in typology_claims.cheap_stock(ranks.iloc[:0], LABELS, "met x")
    both = pd.concat([unsure, turned.assign(group="rich")])
    assert typology_claims.cheap_stock(both, LABELS, "met x") == (
        "In buurten met x wonen minder koopwoningen; bij mensen met bijstand is dat niet duidelijk"
    )


def test_side_by_side_refuses_what_it_cannot_draw():
    rows = evidence_frame([*quotients("poor", (1.2, 1.4)), *quotients("rich", (0.9, 1.1))])
    words = dict(claim="c", sentence="s", source="Bron", alt="a", value_label="v",
                 value_format="ratio")  # fmt: skip
    figure = side_by_side(rows, labels=LABELS, **words)
    assert figure.table["mensen met bijstand: tussen"].tolist() == ["1,20 – 1,40"]
    with pytest.raises(ValueError, match="two groups"):
        side_by_side(rows, labels={"poor": "x"}, **words)
    with pytest.raises(ValueError, match="one row per region"):
        side_by_side(pd.concat([rows, rows]), labels=LABELS, **words)
    empty = side_by_side(rows.assign(status="suppressed"), labels=LABELS, **words)
    assert empty.table["mensen met bijstand"].tolist() == ["geheim of te weinig cijfers"]


def test_one_value_for_all_is_drawn_from_zero_and_a_mark_that_is_not_there_has_no_name(monkeypatch):
    monkeypatch.setitem(style._RC, "svg.fonttype", "none")
    rows = evidence_frame([
        row | {"value": 1.0, "low": None, "high": None}
        for row in quotients("poor", (1, 1), (1, 1))
    ] + quotients("rich", (1, 1), (1, 1)))  # fmt: skip
    rows.loc[rows["group"].eq("rich"), ["status", "value", "low", "high"]] = [
        "suppressed", None, None, None,
    ]  # fmt: skip
    figure = side_by_side(
        rows, labels=LABELS, claim="c", sentence="s", source="Bron", alt="a", value_label="v",
        value_format="percent",
    )  # fmt: skip
    assert {">0%<", ">100%<"} <= set(re.findall(r">\d+%<", figure.body))
    assert LABELS["poor"] in figure.body and LABELS["rich"] not in figure.body
    assert LABELS["rich"] in figure.table


def test_changes_of_both_signs_are_drawn():
    rows = evidence_frame(
        [
            row | {"value": sign * size, "low": None, "high": None}
            for key, sign in (("poor", 1), ("rich", 1))
            for size, row in zip(
                [n / 100 - 0.2 for n in range(40)], quotients(key, *[(0, 1)] * 40), strict=True
            )
        ]
    )
    figure = side_by_side(
        rows, labels=LABELS, claim="c", sentence="s", source="Bron", alt="a", value_label="v",
        value_format="percent",
    )  # fmt: skip
    assert len(figure.table) == 40 and figure.body


def test_of_many_wijken_both_ends_are_tiles_and_all_are_in_the_table(monkeypatch):
    monkeypatch.setitem(style._RC, "svg.fonttype", "none")
    names = [f"Wijk {n}" for n in range(41)]
    cells = pd.DataFrame({"row": names, "column": "inkomen", "side": 1.0, "text": "lager?",
                          "sure": False})  # fmt: skip
    rows = evidence_frame([
        {"area_code": f"WK{n}", "area_name": name, "year": 2024, "level": "wijk", "measure": "m",
         "value": 1.0, "source": "Bron"} for n, name in enumerate(names)
    ])  # fmt: skip
    words = {"rows": rows, "table": pd.DataFrame({"wijk": names}), "claim": "c", "sentence": "s",
             "source": "Bron", "alt": "a"}  # fmt: skip
    figure = tiles(cells, **words)
    # Of 41 the first and last 12 are drawn, and 17 lie between.
    assert "17 wijken hiertussen staan in de tabel" in figure.body
    assert figure.body.count("lager?") == 24 and len(figure.table) == 41
    assert "Wijk 11<" in figure.body and "Wijk 12<" not in figure.body
    all_drawn = tiles(cells.head(40), **words).body
    assert all_drawn.count("lager?") == 40 and "hiertussen" not in all_drawn
    assert tiles(cells.head(0), **words).body == ""
