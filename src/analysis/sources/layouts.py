"""What the columns of a downloaded file mean: three layouts, each told as StatLine would tell it.

CBS's spreadsheet has short names (a_inw), an export of StatLine has topic paths (Bevolking/Aantal
inwoners (aantal)), and a data set of the OData service that somebody saved has keys
(AantalInwoners_5). Each is turned into DataProperties, so that the codebook finds the columns of a
file by the same rules as those of an answer.
"""

import difflib
import re

import pandas as pd

from analysis.sources.codebook import UNKNOWN_UNIT, Concept, plain
from analysis.sources.errors import InputError
from analysis.sources.regions import CODE_PATTERN
from analysis.sources.sheets import Sheet

SPREADSHEET = "Excelbestand van CBS"
EXPORT = "CSV van StatLine"
SAVED = "bewaarde OData-tabel"

REGION_KINDS = {"GM": "Gemeente", "WK": "Wijk", "BU": "Buurt", "NL": "Land"}
_SHORT = {"gwb_code_10", "gwb_code_8", "gwb_code", "regio", "gm_naam", "recs"}
_CODES = re.compile("|".join([*CODE_PATTERN.values(), r"(?:NL|LD|PV|CR)\w{2}"]))
_KEY = re.compile(r"(?:k_)?(\w+)_(\d+)")
_WITH_UNIT = re.compile(r"(.*)\(([^()]*)\)", flags=re.DOTALL)
_YEAR_COLUMNS = {"jaar", "year", "peiljaar", "verslagjaar", "periode", "perioden"}
# Names of CBS's spreadsheets that are no concept of the codebook: known, so never taken for one.
_NO_CONCEPT = (
    "gwb_code_8 regio a_ongeh a_gehuwd a_gesch a_verwed a_geb p_geb a_ste p_ste a_nb_won "
    "a_nb_vastg p_1gezw_tw p_1gezw_hw p_1gezw_2w p_1gezw_vw p_1gezw_hvw g_ele g_ele_ap g_ele_tw "
    "g_ele_hw g_ele_2w g_ele_vw g_ele_hu g_ele_ko g_ele_tr g_gas g_gas_ap g_gas_tw g_gas_hw "
    "g_gas_2w g_gas_vw g_gas_hu g_gas_ko p_stadsv p_won_z p_won_m p_won_zs p_won_ev p_won_z_ag "
    "p_won_m_ag a_lp_pub a_ll a_ons_po a_ons_vovavo a_ons_mbo a_ons_hbo a_ons_wo a_arb_wz p_arb_wn "
    "p_arb_zs p_arb_wf p_arb_wv p_arb_wnf p_arb_wnv p_inkont p_n_act a_jz_tn p_jz_tn a_wmo_t "
    "p_wmo_t a_bedv a_bed_a a_bed_bf a_bed_gi a_bed_hj a_bed_kl a_bed_mn a_bed_oq a_bed_ru a_pau "
    "a_bst_b a_bst_nb g_pau_hh g_pau_km a_m2w pst_mvp pst_dekp"
)
# Above this likeness a short name is taken for one that has changed.
_ALIKE = 0.8


def kind_of(header: list[str]) -> str:
    """Return the kind of table that a header belongs to, or '' for none that is known."""
    names = [cell.strip() for cell in header]
    if len(_SHORT & {name.casefold() for name in names}) >= 3:
        return SPREADSHEET
    keys = [name for name in names if _KEY.fullmatch(name)]
    if len(keys) >= 2 and ("WijkenEnBuurten" in names or any(map(_is_code_column, keys))):
        return SAVED
    titled = [name for name in names if _WITH_UNIT.fullmatch(name)]
    if titled and (any(map(_is_code_column, titled)) or _names_column(names)):
        return EXPORT
    return ""


def region_codes(sheet: Sheet) -> pd.Series:
    """Return the code of the region that each row is about.

    Raises
    ------
    InputError
        When there is no column of codes, a row has none, or one stands there twice.
    """
    columns = list(sheet.rows)
    candidates = [name for name in columns if name.casefold() == "gwb_code_10"]
    candidates += [name for name in columns if name.casefold() == "gwb_code"]
    candidates += [name for name in columns if _is_code_column(name)]
    candidates += [name for name in columns if plain(name) == "wijkenenbuurten"]
    for name in candidates:
        codes = sheet.rows[name]
        good = codes.str.fullmatch(_CODES)
        if not good.any():
            continue
        if not good.all():
            at = (~good).idxmax()
            told = f"'{codes[at]}' en geen code" if codes[at] else "geen code"
            raise InputError(
                f"{sheet.file}: gegevensregel {at + 1} heeft in kolom {name} {told} van een "
                "gebied (zoals GM0637 of BU06370101); download het bestand opnieuw."
            )
        if codes.duplicated().any():
            raise InputError(
                f"{sheet.file} noemt {codes[codes.duplicated()].iloc[0]} meer dan één keer; "
                "bewaar van ieder jaar een eigen bestand, met ieder gebied één keer."
            )
        _check_other_codes(sheet, codes, candidates)
        return codes
    raise InputError(
        f"{sheet.file} heeft geen kolom met codes van gebieden (GM0637, WK063700, BU06370101); "
        "namen zijn niet uniek, dus kies bij het downloaden ook 'Codering'."
    )


def _check_other_codes(sheet: Sheet, codes: pd.Series, candidates: list[str]) -> None:
    """Refuse rows of which the columns contradict each other: two rows that ran together."""
    for name in candidates:
        other = sheet.rows[name]
        if (differ := other.str.fullmatch(_CODES) & other.ne(codes)).any():
            at = differ.idxmax()
            raise InputError(
                f"{sheet.file} is beschadigd: gegevensregel {at + 1} heeft de codes {codes[at]} en "
                f"{other[at]}; download het opnieuw."
            )
    for name in sheet.rows:
        if re.fullmatch(r"recs|(?:.*soortregio)(?:\d+|omschrijving)", plain(name)):
            kinds = codes.str.slice(0, 2).map(REGION_KINDS)
            if (differ := kinds.notna() & kinds.ne(sheet.rows[name])).any():
                at = differ.idxmax()
                raise InputError(
                    f"{sheet.file} is beschadigd: gegevensregel {at + 1} ({codes[at]}) heet een "
                    f"'{sheet.rows[name][at]}'; download het opnieuw."
                )


def region_names(sheet: Sheet, codes: pd.Series) -> pd.Series:
    """Return the name of each region by its code.

    In a file without names a region is called by its code, as in some tables of StatLine, and a
    gemeente by what the column Gemeentenaam says.
    """
    for column in sheet.rows:
        if column.casefold() == "regio" or plain(column) == "wijkenenbuurten":
            names = sheet.rows[column]
            if not names.str.fullmatch(_CODES).all():
                return pd.Series(names.array, index=codes.array)
    names = codes.copy()
    for column in sheet.rows:
        if re.fullmatch(r"gemeentenaam\d+|.*gemeentenaamnaam", plain(column)):
            names = names.mask(codes.str.startswith("GM"), sheet.rows[column])
    return pd.Series(names.array, index=codes.array)


def years_of_rows(sheet: Sheet) -> set[int]:
    """Return the years that the columns of the file say its rows are about."""
    found = set()
    for column in sheet.rows:
        if column.casefold() in _YEAR_COLUMNS:
            said = sheet.rows[column].str.extract(r"^((?:19|20)\d\d)", expand=False)
            if said.notna().all():
                found |= set(said.astype(int))
    return found


def years_of_titles(sheet: Sheet) -> set[int]:
    """Return the years that stand beside the table: in a title or the name of the sheet."""
    return {int(year) for text in sheet.beside for year in re.findall(r"(?<!\d)20\d\d(?!\d)", text)}


def data_properties(sheet: Sheet, codebook: dict[str, Concept], year: int) -> list[dict]:
    """Return the DataProperties that say what the columns of a file mean.

    Raises
    ------
    InputError
        When two columns are one concept, when a short name looks like one that is missing, or
        when keys without groups cannot be told apart.
    """
    kind = kind_of(list(sheet.rows))
    if kind == SPREADSHEET:
        meanings = _of_short_names(sheet, codebook, year)
    elif kind == SAVED:
        meanings = _of_keys(sheet, codebook, year)
    else:
        meanings = {}
        for name in sheet.rows:
            if titled := _WITH_UNIT.fullmatch(name):
                meanings[name] = (tuple(titled[1].split("/")), titled[2])
    records: list[dict] = []
    for name, ((*groups, title), unit) in meanings.items():
        parent = None
        for group in groups:
            records.append(_record(len(records), parent, "TopicGroup", "", group, None))
            parent = records[-1]["ID"]
        records.append(_record(len(records), parent, "Topic", name, title, unit))
    return records


def _of_short_names(sheet: Sheet, codebook, year) -> dict[str, tuple[tuple[str, ...], str]]:
    columns = {name.casefold(): name for name in sheet.rows}
    if doubles := [name for name in sheet.rows if name not in columns.values()]:
        raise InputError(
            f"{sheet.file} heeft {doubles[0]} en {columns[doubles[0].casefold()]}, die een en "
            "dezelfde kolom zijn; laat er één staan."
        )
    meanings, absent = {}, []
    for concept in codebook.values():
        there = [columns[name] for name in concept.download_name if name in columns]
        if len(there) > 1 and concept.kind != "text":
            raise InputError(
                f"{sheet.file} heeft {' en '.join(there)}, die allebei {concept.label_nl} zijn; "
                "laat er één staan."
            )
        if there:
            meanings[there[0]] = (concept.spelling[0], concept.unit)
        elif concept.download_name and concept.exists_in(year):
            absent.append(concept)
    known = {name for concept in codebook.values() for name in concept.download_name}
    unknown = [name for name in columns if name not in known.union(_NO_CONCEPT.split())]
    for concept in absent:
        for name in unknown:
            if _likeness(name, concept.download_name) >= _ALIKE:
                raise InputError(
                    f"{sheet.file} heeft geen kolom {concept.download_name[-1]} "
                    f"({concept.label_nl}), maar wel de onbekende kolom {columns[name]}; voeg die "
                    "toe aan 'download_name' in "
                    "data/codebook.csv als het dezelfde is, en laat hem anders weg."
                )
    return meanings


def _likeness(name: str, others: tuple[str, ...]) -> float:
    return max(difflib.SequenceMatcher(None, other, name).ratio() for other in others)


def _of_keys(sheet: Sheet, codebook, year) -> dict[str, tuple[tuple[str, ...], str]]:
    """Tell keys by their stem, and stems that several concepts share by their order."""
    by_stem: dict[str, list[tuple[int, str]]] = {}
    for name in sheet.rows:
        if key := _KEY.fullmatch(name):
            by_stem.setdefault(plain(key[1]), []).append((int(key[2]), name))
    sought: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for concept in codebook.values():
        # A concept of another year is known too, but never has a part in an order.
        for stem, path in {_stem(path[-1]): path for path in concept.spelling}.items():
            paths = sought.setdefault(stem, [])
            if concept.exists_in(year):
                paths.append((path, concept.unit))
    # A name without its number may be one of ours that was changed.
    meanings = {
        name: ((plain(re.sub(r"^k_|\d+$", "", name)),), UNKNOWN_UNIT)
        for name in sheet.rows
        if not _KEY.fullmatch(name)
    }
    for stem, numbered in by_stem.items():
        columns = [name for _, name in sorted(numbered)]
        paths = sought.get(stem, [])
        if len(paths) == len(columns):
            meanings |= dict(zip(columns, paths, strict=True))
        elif stem not in sought:
            meanings |= {name: ((stem,), UNKNOWN_UNIT) for name in columns}
        elif paths:
            raise InputError(
                f"{sheet.file} heeft {len(columns)} kolommen als {columns[0]}, terwijl een hele "
                f"tabel van {year} er {len(paths)} heeft; zonder de andere is niet te zeggen wat "
                "ze betekenen, dus bewaar de hele tabel of download hem van StatLine."
            )
    return meanings


def _stem(title: str) -> str:
    """Return a title as the service makes keys of it: without any sign."""
    return title.replace("%", "")


def _is_code_column(name: str) -> bool:
    """Whether a column has the codes: Codering_3, Regioaanduiding/Codering (code)."""
    last = name.rsplit("/", 1)[-1]
    return re.fullmatch(r"codering\d*|(?:codering|regiocode\w*)code", plain(last)) is not None


def _names_column(names: list[str]) -> bool:
    return any(plain(name) == "wijkenenbuurten" for name in names)


def _record(number, parent, kind, key, title, unit) -> dict:
    return {
        "ID": number, "ParentID": parent, "Type": kind, "Key": key, "Title": title, "Unit": unit,
    }  # fmt: skip
