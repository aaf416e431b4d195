"""Every piece of every chapter for gemeenten with hardly any wijken, on the real tables."""

import pytest
from pieces import check_told, pieces_of

from analysis.figures.figure import Figure
from analysis.reports.absent import Absent
from analysis.reports.chapter_levels import between_and_inside
from analysis.reports.chapter_segregation import countable, members_of, too_few
from analysis.reports.dossier import open_dossier

# One wijk and two buurten each; of Rozendaal one buurt has hardly anyone.
SMALL = ("Vlieland", "Rozendaal")


@pytest.mark.parametrize(
    ("name", "chapters", "at_least"), [("Vlieland", "*", 20), ("Rozendaal", "0[267]_*", 8)]
)
def test_chapters_are_made_and_say_what_cannot_be_said(name, chapters, at_least, root, real_raw):
    made = 0
    for _, piece in pieces_of(root / "notebooks", name, real_raw, chapters):
        check_told(piece)
        made += isinstance(piece, Figure)
    assert made > at_least


@pytest.mark.parametrize("name", SMALL)
def test_a_gemeente_beside_itself_is_beside_nobody(name, real_raw):
    assert open_dossier(name, raw=str(real_raw), compare=f"{name}, {name}").compared == ()


def test_a_group_of_fewer_than_a_hundred_is_left_out_and_said_to_be(real_raw):
    dossier = open_dossier("Vlieland", raw=str(real_raw))
    kept = countable(dossier)
    assert kept and all(members_of(dossier, *one) >= 100 for one in kept)
    # 20 people received social assistance there in 2020.
    assert "mensen met bijstand" in too_few(dossier)
    assert not {group.label for group, _ in kept} & set(too_few(dossier))


def test_of_one_wijk_nothing_lies_between_wijken(real_raw):
    told = between_and_inside(open_dossier("Vlieland", raw=str(real_raw)))
    assert isinstance(told, Absent) and told.sentence.startswith("Vlieland is één wijk")
