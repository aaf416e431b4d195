"""Which facilities lie in a gemeente; where nobody could look is not a place without any."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.reports import chapter_beside_cbs, chapter_provision, located
from analysis.reports.absent import Absent
from analysis.reports.dossier import open_dossier


@pytest.fixture
def dossier(example_raw):
    return open_dossier("GM9901", edition="voorbeeld", raw=example_raw)


@pytest.fixture
def without(dossier, monkeypatch):
    """Take boundaries away: of these wijken, or all of a level."""
    original = type(dossier).boundaries

    def take(*codes: str, levels: tuple[str, ...] = ()):
        def boundaries(self, release, level):
            found = original(self, release, level)
            if level in levels:
                return None
            gone = found.places.index[found.places.index.str.slice(2, 8).isin(codes)]
            return replace(found, places=found.places.drop(index=gone))

        monkeypatch.setattr(type(dossier), "boundaries", boundaries)

    return take


def densities(figure, measure="density_per_1000") -> pd.DataFrame:
    rows = figure.rows[figure.rows["measure"].eq(measure) & figure.rows["group"].eq("all_kinds")]
    return rows.set_index("area_code")


def test_points_over_the_border_and_doubles_do_not_count(dossier):
    # 147 rows: 1 twice, 3 just over the border.
    found = located.located_in(dossier)
    assert len(found.points) == 143
    assert found.found.unmatched["why"].str.contains("dubbel met rij").tolist() == [True]
    assert len(found.unseen) == 0 and found.covered == 1
    assert found.points["wijk_code"].isin(found.wijken.index).all()


def test_the_wijken_add_up_to_the_gemeente(dossier):
    kinds, wijken = (
        getattr(chapter_provision, name)(dossier) for name in ("density_by_kind", "density_by_wijk")
    )
    per_wijk = densities(wijken, "facility_count")
    assert per_wijk["value"].sum() == densities(kinds, "facility_count").loc["GM9901", "value"]
    assert set(per_wijk["level"]) == {"wijk"} and len(per_wijk) == 8
    # Also per km2, as rows.
    assert densities(wijken, "density_per_km2")["status"].eq("ok").all()


def test_rows_are_called_after_the_gemeente_and_not_after_a_kind(dossier):
    figure = chapter_provision.density_by_kind(dossier)
    assert figure.rows["area_name"].eq("Voorbeeldstad").all()
    # In the figure as the reader calls them, in the rows by their key.
    assert "Basisschool" in figure.table.iloc[:, 0].tolist()
    assert "primary_school" in set(figure.rows["group"])


def test_the_source_names_the_list_of_facilities(dossier):
    for figure in (
        chapter_provision.density_by_kind(dossier), chapter_provision.density_by_wijk(dossier),
    ):  # fmt: skip
        assert "Voorzieningen: eigen lijst voorzieningen_2024.geojson" in figure.source
    assert "wijken_2024.geojson" in figure.source


def test_a_wijk_without_a_boundary_is_not_a_wijk_without_facilities(dossier, without):
    without("990105")  # Kijkersrand, with under a fifth of the people
    figure = chapter_provision.density_by_wijk(dossier)
    rows = densities(figure)
    assert rows.loc["WK990105", "status"] == "not_comparable"
    assert pd.isna(rows.loc["WK990105", "value"])
    assert rows.drop(["WK990105", "GM9901"])["status"].eq("ok").all()
    whole = rows.loc["GM9901"]
    assert whole["status"] == "ok" and 0.8 < whole["population_covered"] < 1
    assert [note for note in figure.notes if note.startswith("Van 1 wijk past geen grens")]


def test_under_80_percent_seen_the_gemeente_has_no_density(dossier, without):
    without("990101", "990102")
    figure = chapter_provision.density_by_kind(dossier)
    rows = densities(figure)
    assert rows.loc["GM9901", "status"] == "not_comparable"
    assert figure.claim == (
        "Over het aantal voorzieningen per 1.000 inwoners is niets te zeggen: niet te vergelijken"
    )


def test_buurten_serve_where_wijken_are_not_at_hand(dossier, without):
    expected = densities(chapter_provision.density_by_wijk(dossier))["value"]
    without(levels=("wijk",))
    figure = chapter_provision.density_by_wijk(dossier)
    assert densities(figure)["value"].equals(expected)
    assert any(note.startswith("Geen kaart: grenzen ontbreken") for note in figure.notes)


def test_a_wijk_of_which_a_buurt_could_not_be_searched_is_unseen(dossier, without):
    without(levels=("wijk",))
    original = type(dossier).boundaries

    def but_one(self, release, level):
        found = original(self, release, level)
        if found is None:
            return None
        return replace(found, places=found.places.drop(index="BU99010501"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(dossier), "boundaries", but_one)
        assert located.located_in(dossier).unseen.tolist() == ["WK990105"]


def test_without_any_boundary_the_points_cannot_be_placed(dossier, without):
    without(levels=("wijk", "buurt"))
    for name in ("density_by_kind", "density_by_wijk"):
        absent = getattr(chapter_provision, name)(dossier)
        assert isinstance(absent, Absent) and "--grenzen" in absent.sentence


def test_points_may_bring_their_own_codes(dossier, without, monkeypatch):
    # A code of a buurt may hold the letters that a code begins with.
    without(levels=("wijk", "buurt"))
    found = dossier.points()
    codes = pd.Series(pd.NA, index=found.points.index, dtype="str")
    codes.iloc[:4] = ["WK990101", "BU99010203", "BU9901BU01", "BU03630001"]
    monkeypatch.setattr(
        type(dossier), "points", lambda self, outline: replace(
            found, points=found.points.assign(region_code=codes)
        )
    )  # fmt: skip
    here = located.located_in(dossier)
    assert here.points["wijk_code"].tolist() == ["WK990101", "WK990102", "WK9901BU"]
    figure = chapter_provision.density_by_wijk(dossier)
    said = "1 voorziening ligt in geen van de wijken met inwoners, en telt alleen voor de gemeente."
    assert said in figure.notes


def test_no_list_is_said_with_what_to_do(dossier, monkeypatch):
    monkeypatch.setattr(type(dossier), "points", lambda self, outline: None)
    absent = chapter_provision.density_by_wijk(dossier)
    assert absent.sentence.startswith("Geen voorzieningenpunten")
    assert "--voorzieningen" in absent.sentence
    assert absent.rows.empty and absent._repr_html_().startswith('<p class="absent">Geen')


def test_a_list_of_elsewhere_is_not_called_no_list(dossier, monkeypatch):
    found = dossier.points()
    far = found.points.set_geometry(found.points.geometry.translate(50_000, 50_000))
    monkeypatch.setattr(type(dossier), "points", lambda self, outline: replace(found, points=far))
    absent = chapter_provision.density_by_kind(dossier)
    assert absent.sentence.startswith("In de lijst met voorzieningen staat geen enkele binnen")


def test_a_kind_that_the_list_has_elsewhere_only_is_not_set_beside_cbs(dossier, monkeypatch):
    found = dossier.points()
    places = found.points
    moved = places.set_geometry(
        places.geometry.where(places["kind"].ne("supermarket"), places.geometry.translate(90_000))
    )
    monkeypatch.setattr(type(dossier), "points", lambda self, outline: replace(found, points=moved))
    figure = chapter_beside_cbs.own_distances(dossier)
    assert "grote supermarkt" not in figure.table["voorziening"].tolist() and len(figure.table)
    assert any("te weinig: grote supermarkt" in note for note in figure.notes)
    only = moved[~moved["kind"].isin(["primary_school", "gp", "day_care"])]
    monkeypatch.setattr(type(dossier), "points", lambda self, outline: replace(found, points=only))
    dossier.kept.clear()
    told = chapter_beside_cbs.own_distances(dossier).sentence
    assert told.startswith("De lijst heeft hier van geen voorziening genoeg plekken")


# Rows that are not on the map, and sources that give way


def test_rows_that_could_not_be_placed_are_shown_one_by_one(dossier):
    figure = chapter_provision.unplaced(dossier)
    assert figure.claim == "Van de eigen lijst is 1 rij niet geplaatst"
    assert figure.table.columns.tolist() == ["rij", "wat er staat", "waarom niet"]
    assert figure.table["waarom niet"].str.startswith("dubbel met rij").all()
    assert figure.rows[["measure", "value"]].values.tolist() == [["list_rows_unplaced", 1]]
    said = "Van de eigen lijst is 1 rij niet geplaatst."
    assert said in chapter_provision.density_by_kind(dossier).notes


@pytest.fixture
def told(dossier, monkeypatch):
    """Replace what the files with facilities tell of themselves."""
    original = type(dossier).points

    def change(**fields):
        monkeypatch.setattr(
            type(dossier), "points", lambda *given: replace(original(*given), **fields)
        )

    return change


def test_of_many_rows_twenty_are_shown_and_the_rest_counted(dossier, told):
    rows = pd.DataFrame({"file": "a.csv", "row": range(2, 32), "says": "", "why": "geen soort"})
    told(unmatched=rows.assign(file=["a.csv"] * 15 + ["b.csv"] * 15))
    figure = chapter_provision.unplaced(dossier)
    assert len(figure.table) == 20 and figure.rows["value"].tolist() == [30]
    assert figure.table.iloc[0].tolist() == ["2", "(leeg)", "geen soort", "a.csv"]
    assert figure.notes == ("Hier staan de eerste 20; er zijn er nog 10.",)


def test_where_every_row_is_placed_or_no_list_is_there_it_is_said(dossier, told):
    told(unmatched=pd.DataFrame(columns=["file", "row", "says", "why"]))
    absent = chapter_provision.unplaced(dossier)
    assert absent.sentence.startswith("Alle rijen") and absent.rows["value"].tolist() == [0]
    told(own_lists=())
    dossier.kept.clear()
    assert "geen eigen lijst" in chapter_provision.unplaced(dossier).sentence


def test_points_of_a_source_that_gives_way_are_told_and_counted(dossier, told):
    told(superseded={"DUO, x.zip": 3}, left_out={"zonder plaats": 2, "dubbel": 1}, doubles=4,
         remarks=("Iets over de lijst.",))  # fmt: skip
    for name in ("density_by_kind", "density_by_wijk"):
        notes = getattr(chapter_provision, name)(dossier).notes
        assert [note for note in notes if note.startswith("Uit DUO, x.zip: 3 punten")]
        assert "Weggelaten uit de hele bestanden: dubbel (1); zonder plaats (2)." in notes
        assert "Weggelaten uit het hele bestand van DUO: 4 dubbele regels." in notes
        assert "Iets over de lijst." in notes
    rows = chapter_provision.density_by_kind(dossier).rows.set_index("measure")["value"]
    assert (rows["points_of_lower_source"], rows["points_left_out"]) == (3, 3)
    assert rows["points_double"] == 4
