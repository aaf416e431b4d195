"""The own norms of a gemeente: brought, kept, and used before those of the project."""

import shutil

import pandas as pd
import pytest

from analysis.reports import chapter_growth, cli
from analysis.reports.dossier import open_dossier
from analysis.sources import own_norms
from analysis.sources.edition import project_root
from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.norms import norms_for, read_norms

OWN = "voorziening;waarde;eenheid;bron\nBuurthuis;200;m2 bvo per 1.000 woningen;raadsbesluit\n"


def written(tmp_path, text=OWN, name="normen.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def tables():
    data = project_root() / "data"
    kinds = read_kinds(data / "facility_kinds.csv")
    return kinds, read_norms(data / "norms.csv", kinds)


def test_own_norms_go_before_those_of_the_project(tmp_path):
    kinds, known = tables()
    _, norms = own_norms.store(tmp_path / "raw", written(tmp_path), "GM0637", kinds, known)
    assert norms["value"].tolist() == [200]
    own = own_norms.read(tmp_path / "raw", "GM0637", kinds, known)
    chosen = norms_for(known, own=own)
    assert chosen.loc["community_centre", "value"] == 200
    assert own_norms.read(tmp_path / "raw", "GM0034", kinds, known) is None


def test_the_last_file_counts(tmp_path):
    kinds, known = tables()
    for value in (200, 300):
        file = written(tmp_path, OWN.replace("200", str(value)), f"normen{value}.csv")
        own_norms.store(tmp_path / "raw", file, "GM0637", kinds, known)
    assert own_norms.read(tmp_path / "raw", "GM0637", kinds, known)["value"].tolist() == [300]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace("m2 bvo per 1.000 woningen", "furlongs"), "furlongs"),
        (OWN.split("\n")[0] + "\n", "geen"),
        ("naam;kleur\nBuurthuis;rood\n", "voorziening, waarde en eenheid"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(tmp_path, text, says):
    kinds, known = tables()
    with pytest.raises(InputError, match=says):
        own_norms.store(tmp_path / "raw", written(tmp_path, text), "GM0637", kinds, known)
    assert own_norms.read(tmp_path / "raw", "GM0637", kinds, known) is None
    with pytest.raises(InputError, match="bestaat niet"):
        own_norms.store(tmp_path / "raw", tmp_path / "weg.csv", "GM0637", kinds, known)


def test_the_command_keeps_them_and_the_chapter_uses_them(tmp_path, real_raw, capsys):
    raw = tmp_path / "raw"
    shutil.copytree(real_raw, raw)
    before = chapter_growth.growth_of(open_dossier("Zoetermeer", edition="cbs", raw=str(raw)))
    words = ["pull", "Zoetermeer", "--raw", str(raw), "--normen"]
    assert cli.main([*words, str(written(tmp_path))]) == 0
    assert "Eigen normen: 1 regels bewaard, 1 met een getal." in capsys.readouterr().err
    after = chapter_growth.growth_of(open_dossier("Zoetermeer", edition="cbs", raw=str(raw)))

    def asked(growth):
        rows = growth.rows.set_index(["measure", "group"])["value"]
        return rows["demand_m2_growth", "community_centre"]

    # 200 in place of 125 m2 per 1,000 dwellings.
    assert asked(after) == pytest.approx(asked(before) * 200 / 125)
    assert cli.main(["pull", "Almere", *words[1:], str(written(tmp_path))]) == 2
    assert "noem die ene" in capsys.readouterr().err
    assert isinstance(after.norms, pd.DataFrame)
