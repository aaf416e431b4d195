"""Who lives in each tenure: the project's table, a gemeente's own, and what is refused."""

import pytest

from analysis.sources import bring, tenure_profiles
from analysis.sources.edition import cbs_edition, project_root
from analysis.sources.errors import InputError
from analysis.sources.tenure_profiles import SIZE, TENURES, read, read_profiles

OWN = "eigendom;groep;laag;midden;hoog;bron\nsociale huur;social_assistance;0,1;0,2;0,3;eigen\n"
PROJECT = project_root() / "data" / "tenure_profiles.csv"


def written(tmp_path, text):
    file = tmp_path / "profielen.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_project_knows_every_group_in_every_tenure():
    table = read_profiles(PROJECT)
    whole = table.groupby("group")["tenure"].apply(set)
    assert (whole == set(TENURES)).all() and SIZE in whole.index
    # Nothing is said to be measured that is not.
    assert table["status"].eq("aanname").all()


def test_a_gemeente_brings_its_own(tmp_path):
    edition = cbs_edition(tmp_path / "raw")
    file = written(tmp_path, OWN)
    assert bring.bring(edition, file) == ("woonprofielen", 1)
    table = read(edition.raw, PROJECT).set_index(["tenure", "group"])
    assert table.loc[("social", "social_assistance"), ["low", "central", "high"]].tolist() == [
        0.1, 0.2, 0.3]  # fmt: skip
    assert table.loc[("owner", "social_assistance"), "status"] == "aanname"
    assert len(table) == len(read_profiles(PROJECT))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace("sociale huur", "kraakpand"), "'kraakpand' is onbekend"),
        (OWN.replace("0,2", "veel"), "'veel' is geen getal"),
        (OWN.replace("0,3", "1,3"), "tussen 0 en 1"),
        (OWN.replace("0,1;0,2", "0,25;0,2"), "oplopen"),
        (OWN + OWN.split("\n")[1] + "\n", "meer dan één keer"),
        (OWN.replace(";midden", "").replace(";0,2", ""), "mist de kolom 'midden'"),
        (OWN.replace("social_assistance;0,1", f"{SIZE};0"), "boven 0"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        tenure_profiles.store(tmp_path / "raw", written(tmp_path, text))
    with pytest.raises(InputError, match="bestaat niet"):
        read_profiles(tmp_path / "weg.csv")
