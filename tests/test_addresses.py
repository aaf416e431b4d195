import pandas as pd
import pytest

from analysis.sources.addresses import (
    address_moves,
    is_addresses,
    read_addresses,
    store,
    stored_moves,
)
from analysis.sources.errors import InputError

HEAD = "PC6;Huisnummer;Buurt2020;Wijk2020;Gemeente2020\n"
ROWS = "1011AB;105;3630400;36304;363\n1011AB;106;3630401;36304;363\n2711 ab;1;6370101;63701;637\n"


def written(tmp_path, text: str, name: str = "pc6hnr20200801_gwb.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_numbers_become_codes(tmp_path):
    found = read_addresses(written(tmp_path, HEAD + ROWS))
    assert found["pc6"].tolist() == ["1011AB", "1011AB", "2711AB"]
    assert found["buurt"].tolist() == ["BU03630400", "BU03630401", "BU06370101"]
    assert found["wijk"].tolist() == ["WK036304", "WK036304", "WK063701"]
    assert found["gemeente"].tolist() == ["GM0363", "GM0363", "GM0637"]


def test_commas_quotes_letters_and_prefixes_give_the_same(tmp_path):
    text = (
        '\ufeff"PC6","Huisnummer","Buurt2023","Wijk2023","Gem2023"\n'
        '"1011AB","105","0363AC02","0363AC","0363"\n"1011AB","106","BU0363AC03","WK0363AC","GM0363"\n'
    )
    found = read_addresses(written(tmp_path, text))
    assert found["buurt"].tolist() == ["BU0363AC02", "BU0363AC03"]
    assert found["wijk"].tolist() == ["WK0363AC", "WK0363AC"]


def test_a_number_in_two_buurten_is_left_out_and_doubles_count_once(tmp_path):
    text = HEAD + ROWS + "1011AB;105;3630400;36304;363\n1011AB;106;3630400;36304;363\n"
    found = read_addresses(written(tmp_path, text))
    assert found[["pc6", "huisnummer"]].to_numpy().tolist() == [["1011AB", "105"], ["2711AB", "1"]]


def test_moves_count_addresses_of_both_years():
    rows = {"pc6": ["1011AB"] * 4, "huisnummer": ["1", "2", "3", "4"]}
    before = pd.DataFrame(rows | {"buurt": ["BU00010000"] * 3 + ["BU00010001"]})
    after = pd.DataFrame(rows | {"buurt": ["BU00010002", "BU00010002", "BU00010003", "BU00010003"]})
    # Number 4 was demolished, so it is in the first year only.
    moves = address_moves(before, after.iloc[:3], "buurt")
    assert moves.to_numpy().tolist() == [
        ["BU00010000", "BU00010002", 2],
        ["BU00010000", "BU00010003", 1],
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("PC6;Huisnummer;Wijk2020;Gemeente2020\n1011AB;1;36304;363\n", "geen kolommen voor buurt"),
        (HEAD.replace("Wijk2020", "Wijk2021") + ROWS, "kolommen van 2020 en 2021"),
        (HEAD + "1011AB;1;Centrum;36304;363\n", "kolom Buurt2020 'Centrum'.*geen buurtcode"),
        (HEAD + ";1;3630400;36304;363\n", "geen postcode of huisnummer"),
        (HEAD, "geen postcode of huisnummer"),
        (HEAD + "1011AB;1;3630400;36304;363;9;9\n" * 2 + '1011AB;"2', "kan niet worden gelezen"),
        ("", "geen kolommen voor pc6"),
    ],
)
def test_bad_files_are_one_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_addresses(written(tmp_path, text))


def test_missing_or_packed_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="bestaat niet"):
        read_addresses(tmp_path / "weg.csv")
    packed = tmp_path / "pc6.zip"
    packed.write_bytes(b"PK\x03\x04\xff\xfe\x80")
    with pytest.raises(InputError, match="pak het eerst uit"):
        read_addresses(packed)


# ------------------------------------------------------------------------------ in store


def test_a_header_of_addresses_is_known_by_what_it_has():
    assert is_addresses(HEAD.strip().split(";"))
    assert is_addresses(['\ufeff"PC6"', '"Huisnummer"', '"Buurt_2023"', "Wijk", "Gem2023"])
    assert not is_addresses(["PC6", "Huisnummer", "straat"])
    assert not is_addresses(["gwb_code_10", "a_inw"])


def test_moves_come_from_the_files_of_both_years(tmp_path):
    raw = tmp_path / "raw"
    stored = store(raw, written(tmp_path, HEAD + ROWS))
    assert (stored.notes, stored.rows) == ({"year": "2020"}, 3)
    assert stored_moves(raw, 2020, 2024, "buurt", "GM0363") is None
    later = (HEAD + ROWS).replace("2020", "2024").replace("3630401", "0363AC02")
    store(raw, written(tmp_path, later, "pc6hnr2024.csv"))
    moves = stored_moves(raw, 2020, 2024, "buurt", "GM0363")
    # The third address lies in Zoetermeer, in both years.
    assert moves.to_numpy().tolist() == [
        ["BU03630400", "BU03630400", 1],
        ["BU03630401", "BU0363AC02", 1],
    ]
    assert stored_moves(raw, 2024, 2020, "wijk", "GM0637").to_numpy().tolist() == [
        ["WK063701", "WK063701", 1]
    ]


def test_of_one_year_the_file_that_was_brought_last_counts(tmp_path):
    raw = tmp_path / "raw"
    store(raw, written(tmp_path, (HEAD + ROWS).replace("2020", "2024"), "b.csv"))
    store(raw, written(tmp_path, HEAD + ROWS))
    store(raw, written(tmp_path, HEAD + ROWS.splitlines()[0] + "\n", "nieuw.csv"))
    assert stored_moves(raw, 2020, 2024, "buurt", "GM0363")["addresses"].sum() == 1


def test_a_file_that_is_none_is_not_kept(tmp_path):
    with pytest.raises(InputError):
        store(tmp_path / "raw", written(tmp_path, "PC6;Huisnummer\n1011AB;1\n"))
    assert not (tmp_path / "raw" / "adressen").exists()
