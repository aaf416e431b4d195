"""The national focus areas and the rules of types: tables that are read with care."""

import pandas as pd
import pytest

from analysis.evidence.focus_areas import focus_area_rows
from analysis.figures import typology_claims
from analysis.sources.edition import project_root
from analysis.sources.errors import InputError
from analysis.sources.focus_areas import COLUMNS, read_focus_areas
from analysis.sources.typology_rules import COLUMNS as RULE_COLUMNS
from analysis.sources.typology_rules import read_rules

DATA = project_root() / "data"


def test_the_twenty_focus_areas_are_those_of_the_reference(shared):
    found = read_focus_areas(DATA / "focus_areas.csv")
    # 20 areas in 19 gemeenten, together about 1.2 million inhabitants (CBS, February 2026).
    assert len(found) == 20 and found["gm_code"].nunique() == 19
    assert found["inhabitants"].sum() == 1_192_000
    reference = pd.read_csv(shared / "reference" / "focus_areas.csv")
    assert found["focus_area"].tolist() == reference["focus_area"].tolist()
    people = (reference["inhabitants_2025_thousand"] * 1000).tolist()
    assert found["inhabitants"].tolist() == people


def test_a_gemeente_has_none_one_or_two():
    areas = read_focus_areas(DATA / "focus_areas.csv")
    none = typology_claims.focus_areas(focus_area_rows(areas, "GM0637", "Zoetermeer"))
    assert none == "Zoetermeer heeft geen van de 20 landelijke focusgebieden van 2022"
    assert "geen van de 20" in typology_claims.focus_areas(
        focus_area_rows(areas, "GM0034", "Almere")
    )
    one = typology_claims.focus_areas(focus_area_rows(areas, "GM0855", "Tilburg"))
    assert one.endswith("is er 1 in Tilburg: NoordWest (48.000 inwoners)")
    two = typology_claims.focus_areas(focus_area_rows(areas, "GM0363", "Amsterdam"))
    assert two.endswith(
        "zijn er 2 in Amsterdam: Nieuw-West (166.000 inwoners) en Zuidoost (93.000 inwoners)"
    )


def test_the_rows_hold_every_area_and_what_lies_here():
    areas = read_focus_areas(DATA / "focus_areas.csv")
    rows = focus_area_rows(areas, "GM0637", "Zoetermeer")
    assert rows["measure"].value_counts().to_dict() == {
        "focus_area_inhabitants": 20, "focus_areas_here": 1, "focus_areas_listed": 1,
    }  # fmt: skip
    # None is a number here, not a gap.
    here = rows[rows["measure"].eq("focus_areas_here")].iloc[0]
    assert here["value"] == 0 and here["status"] == "ok"
    with pytest.raises(ValueError, match="no focus areas"):
        focus_area_rows(areas.iloc[:0], "GM0637", "Zoetermeer")


@pytest.mark.parametrize(
    ("line", "named"),
    [("Oost,Dorp,GM0001,veel,2025,CBS", "getallen"), ("Oost,Dorp,0001,10,2025,CBS", "gemeentecode"),
     ("Oost,Dorp,GM0001,10,2025", "velden"),
     ("Oost,Dorp,GM0001,10,2025,CBS\nOost,Dorp,GM0001,10,2025,CBS", "twee keer")],
)  # fmt: skip
def test_a_bad_list_is_one_sentence(tmp_path, line, named):
    path = tmp_path / "focus_areas.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=named) as caught:
        read_focus_areas(path)
    assert "focus_areas.csv" in str(caught.value) and "\n" not in str(caught.value)


def test_a_list_without_columns_or_file_is_one_sentence(tmp_path):
    path = tmp_path / "focus_areas.csv"
    with pytest.raises(InputError, match="kan niet worden gelezen"):
        read_focus_areas(path)
    path.write_text("naam\nOost\n", encoding="utf-8")
    with pytest.raises(InputError, match="kolommen focus_area"):
        read_focus_areas(path)


def test_the_rules_name_both_sides_neutrally():
    rules = read_rules(DATA / "typology_rules.csv")
    assert list(dict.fromkeys(rule.ingredient for rule in rules)) == [
        "income", "tenure", "nearness", "meeting",
    ]  # fmt: skip
    words = " ".join(f"{rule.above} {rule.below}" for rule in rules)
    for word in ("probleem", "zwak", "slecht", "achterstand", "goed", "kans"):
        assert word not in words
    nearness = next(rule for rule in rules if rule.ingredient == "nearness")
    assert nearness.threshold == 1.0 and len(nearness.concepts) == 3
    assert all(rule.threshold is None for rule in rules if rule is not nearness)


@pytest.mark.parametrize(
    ("line", "named"),
    [("a,A,x,veel,hoog,laag,1,uitleg", "getal"), ("a,A,x,1,hoog,hoog,1,uitleg", "beide kanten"),
     ("a,A,x,1,hoog,laag,1", "velden"), ("a,A,,1,hoog,laag,1,uitleg", "velden")],
)  # fmt: skip
def test_bad_rules_are_one_sentence(tmp_path, line, named):
    path = tmp_path / "typology_rules.csv"
    path.write_text(f"{','.join(RULE_COLUMNS)}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=named) as caught:
        read_rules(path)
    assert "typology_rules.csv" in str(caught.value)


def test_rules_without_columns_or_file_are_one_sentence(tmp_path):
    path = tmp_path / "typology_rules.csv"
    with pytest.raises(InputError, match="kan niet worden gelezen"):
        read_rules(path)
    path.write_text("regel\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="kolommen ingredient"):
        read_rules(path)
