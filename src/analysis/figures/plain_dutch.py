"""A lint of what the audience reads: words that blame, explain or guess, and loose numbers.

Pure functions over text and evidence rows; who reads notebooks and pages hands the text over.

What counts as a marked citation: a paragraph of which every line begins with '>' (in Markdown),
a paragraph that begins with 'Onderzoek zegt' and names its source with a year between brackets,
and words between “ ” or „ ” in a sentence that does so. Only there may words of cause stand.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.figures.wording import FORMATS, NAMED_VALUES, count, in_format, number, one_in

# Each rule is a list of patterns over whole words; inflections are in the pattern.
_AREA = r"(?:wijk|buurt|gebied|stadsdeel)"
BANNED = (
    r"(?:allo|auto)chto\w*",
    rf"(?:achterstands|achterstand|probleem|kansen|kracht|pracht|vogelaar|concentratie|migranten"
    rf"|aso){_AREA}\w*",
    r"(?:zwart|wit)(?:te|e) (?:wijk|buurt|school|scholen|straat|vlucht)\w*",
    r"(?:slechte|zwakke|foute) (?:wijk|buurt)\w*",
    r"get+o\w*",
    r"kansar(?:m|me|men)",
    r"buitenlanders?",
    r"(?:onderklasse|onderkant van de samenleving)",
)
CAUSAL = (
    r"(?:leidt|leiden|leidde|leidden|geleid) (?:\w+ ){0,3}tot",
    r"tot (?:\w+ ){0,3}(?:leidt|leiden|geleid)",
    r"veroorza(?:ak|ken)\w*",
    r"(?:waardoor|doordat|daardoor|hierdoor|dankzij)",
    r"(?:komt|komen|kwam|kwamen|gekomen) (?:\w+ ){0,2}door",
    r"(?:zorgt|zorgen|zorgde|zorgden|gezorgd) (?:\w+ ){0,3}(?:voor|dat)",
    r"(?:als|ten|tot|met als) gevolge? (?:van|heeft|hebben|dat)",
    r"(?:te (?:danken|wijten) aan|resultee?r\w* in)",
    r"(?:draagt|dragen|droeg|droegen) (?:\w+ ){0,2}bij aan",
    r"(?:invloed|uitwerking|effect(?:en)?) (?:van|op|heeft|hebben)",
    r"(?:be[iï]nvloed\w*|bevorder\w*|bewerkstellig\w*)",
)
_PERSONS = (
    r"(?:mensen|inwoners|bewoners|personen|\w*huishoudens|gezinnen|ouderen|jongeren|kinderen"
    r"|vrouwen|mannen|nieuwkomers|migranten|huurders|kopers|leerlingen|\d+-plussers)"
)
_DOING = (
    r"(?:zijn|is|hebben|heeft|voelen|voelt|doen|doet|gaan|gaat|krijgen|krijgt|maken|maakt|leven"
    r"|leeft|roken|rookt|sporten|sport|bewegen|beweegt|stemmen|stemt|plegen|pleegt|worden|wordt)"
)
_MORE = r"(?:vaker|minder vaak|eerder|sneller|zelden|relatief vaak|meer|minder)"
PERSONS = (
    # Persons and a conclusion in one sentence: 'mensen met ... wonen in ..., dus zijn zij ...'.
    rf"{_PERSONS} [^.!?]*(?:dus|kennelijk|blijkbaar|vandaar dat|klaarblijkelijk)",
    r"(?:hieruit|daaruit|waaruit) blijkt dat "
    rf"(?:\w+ ){{0,2}}{_PERSONS}",
    # What some persons are or do more than others, where only areas were compared. Where they
    # live was counted: 'wonen' is not among what they do.
    rf"{_PERSONS} (?:met|zonder|die|uit|in|van) (?:[\w-]+ ){{1,8}}{_DOING} (?:zich )?{_MORE}",
    rf"wie (?:in|met|uit|van) (?:[\w-]+,? ){{1,8}}{_DOING} (?:zich )?{_MORE}",
    rf"bij {_PERSONS} (?:met|zonder|uit) (?:[\w-]+ ){{1,6}}komt? [^.!?]*{_MORE} voor",
)
OLD_SERIES = r"(?:niet-)?westerse?"
LAST_OLD_YEAR = 2021
_RULES = {"banned": BANNED, "causal": CAUSAL, "persons": PERSONS}
_FOUND = {
    rule: re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
    for rule, patterns in _RULES.items()
}

# Numbers that are part of a name, a unit or a way of counting, and quote nothing.
FIXED = (
    r"(?<!\d)(?:19|20)\d\d(?![\d%]|[.,]\d)",  # a year says which figure it is
    r"(?:laagste|hoogste) \d+%",
    r"\d+ tot \d+ jaar|(?:tot|vanaf|onder|boven) (?:de )?\d+ jaar|mbo \d",
    r"per (?:100|1\.000|10\.000)\b",
    r"en nog \d+|meer dan 99%",  # what a list leaves to the table; nearer to sure than is told
    r"omgevingen van [\d.]+ inwoners",
    r"\d{1,2} (?=(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober"
    r"|november|december)\b)",
)
_FIXED = re.compile("|".join(FIXED))
# Not within a word or a name: '85984NED', '65-plussers', '95%-interval'.
_NUMBER = re.compile(r"(?<![\w.,-])[<>]?−?(?:€\s?)?\d+(?:\.\d{3})*(?:,\d+)?%?(?![\w%-]|[.,]\d)")
_ONE_IN = re.compile(r"1 op de \d+(?:\.\d{3})*")
_QUOTED = ("value", "low", "high", "units", "units_missing", "population_covered",
           "median_unit_size")  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Words that may not stand where they stand.

    Attributes
    ----------
    place : str
        Where the text was read: a file, a page, a figure.
    rule : {'banned', 'causal', 'persons', 'old_series', 'number'}
    words : str
        The words themselves.
    sentence : str
        The sentence they stand in.
    """

    place: str
    rule: str
    words: str
    sentence: str


def lint(text: str, place: str = "") -> list[Finding]:
    """Return the words in a text that blame, explain, or guess about persons.

    Parameters
    ----------
    text : str
        Markdown or plain text; an empty line ends a paragraph.
    place : str, optional
        Told along.

    Returns
    -------
    list of Finding
        Of the rules 'banned' (names that brand people or areas; in citations too), 'causal'
        (verbs and connectives of cause outside marked citations), 'persons' (what some persons
        are or do more than others, or a conclusion about them; outside citations) and
        'old_series' ('niet-westers' without '(oude indeling)' or a year up to 2021 in the same
        sentence, or with a later year alone).
    """
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        cited = _is_citation(paragraph)
        for sentence in sentences(paragraph):
            own = "" if cited else _without_quotes(sentence)
            for rule, pattern in _FOUND.items():
                read = sentence if rule == "banned" else own
                found += [Finding(place, rule, m[0], sentence) for m in pattern.finditer(read)]
            found += _old_series(sentence, place)
    return found


def sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph; a heading and each point of a list are sentences."""
    marked = re.sub(r"(?m)^\s*#+ *(.*)$", "\x1e\\1\x1e", paragraph)
    marked = re.sub(r"(?m)^\s*(?:>|[-*] |\d+\. )\s*", "\x1e", marked)
    plain = re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", marked)
    # Lines of one paragraph run on; a heading or a point ends what stood before it.
    plain = re.sub(r"[^\S\x1e]+", " ", plain)
    parts = re.split(r"\x1e|(?<=[.!?])\s+(?=[A-Z0-9'‘“„(])", plain)
    return [part.strip() for part in parts if part.strip()]


def told_numbers(rows: pd.DataFrame) -> frozenset[str]:
    """Return every way in which the numbers of evidence rows may be written.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows. Quoted are their values, bounds and units, the numbers in the names of
        measure, group and interval (what a row is about, and under which assumptions), and how
        many rows there are, per measure, level and status: the table lists them.
    """
    numbers = pd.concat([rows[column].dropna().astype(float) for column in _QUOTED])
    texts = {text for value in numbers.unique() for text in _texts(float(value))}
    texts |= {count(amount) for amount in _amounts(rows)}
    named = " ".join({*rows["measure"].astype(str), *rows["group"].astype(str)})
    for digits in re.findall(r"\d+(?:\.\d+)?", named):
        texts |= {count(float(digits)), number(float(digits), None)}
    # Assumptions are written in Dutch already.
    texts.update(_NUMBER.findall(" ".join(set(rows["interval"].astype(str)))))
    return frozenset(texts)


def loose_numbers(
    text: str, told: Iterable[str], place: str = "", *, also: Iterable[str] = ()
) -> list[Finding]:
    """Return the numbers in a text that no evidence row has.

    Parameters
    ----------
    text : str
        A title or sentences.
    told : iterable of str
        See `told_numbers`.
    place : str, optional
    also : iterable of str, optional
        Phrases with a number that is part of a name or a method; skipped, like those of `FIXED`.

    Returns
    -------
    list of Finding
        Of rule 'number'.
    """
    told = frozenset(told)
    found = []
    for sentence in sentences(text):
        read = sentence
        for phrase in also:
            read = read.replace(phrase, " ")
        read = _FIXED.sub(" ", read)
        for phrase in set(_ONE_IN.findall(read)) & told:
            read = read.replace(phrase, " ")
        found += [
            Finding(place, "number", m[0], sentence)
            for m in _NUMBER.finditer(read)
            if m[0] not in told
        ]
    return found


def strings_in(source: str) -> list[tuple[int, str]]:
    """Return the texts in a module: its strings with their lines, without docstrings.

    What an f-string fills in is read as '…'; parts of one text that follow each other are one.
    """
    tree = ast.parse(source)
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if isinstance(node, ast.JoinedStr):
            skipped.update(part for part in ast.walk(node) if part is not node)
    found = []
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append((node.lineno, node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
            found.append((node.lineno, "".join(parts)))
    return sorted(found)


def _amounts(rows: pd.DataFrame) -> set[int]:
    """Return how many rows, areas, groups, years and sources there are, as a reader counts."""
    found = {len(rows)}
    of_measure = rows.groupby(["measure", "level"])
    for columns in ("area_code", "group", "year", "source"):
        found |= {rows[columns].nunique(), *of_measure[columns].nunique()}
    for keys in (["measure", "level"], ["measure", "level", "status"]):
        found |= set(rows.groupby(keys).size())
    without = rows[rows["status"].ne("ok")]
    return {int(one) for one in found | set(without.groupby(["measure", "level"]).size())}


def _texts(value: float) -> set[str]:
    texts = {in_format(value, form) for form in FORMATS if form not in NAMED_VALUES}
    texts |= {number(value, decimals) for decimals in (0, 1, 2, 3, None)}
    texts |= {number(100 * value, decimals) + "%" for decimals in (0, 1)}
    if 0 < value <= 0.4:
        texts.add(one_in(value))
    # A difference is told with words for its direction.
    texts = {text.replace("\u00a0", " ") for text in texts}
    return texts | {text.lstrip("−") for text in texts}


def _is_citation(paragraph: str) -> bool:
    lines = [line for line in paragraph.splitlines() if line.strip()]
    if lines and all(line.lstrip().startswith(">") for line in lines):
        return True
    begins = re.match(r"[\s*_>-]*onderzoek zegt\b", paragraph, re.IGNORECASE)
    return bool(begins) and _names_source(paragraph)


def _names_source(text: str) -> bool:
    # In Markdown the source may be a link: ([Das, 2010](https://...)).
    year = r"\b(?:19|20)\d\d[a-z]?"
    return bool(re.search(rf"\([^()]*{year}\)|\[[^\[\]]*{year}\]\(https", text))


def _without_quotes(sentence: str) -> str:
    return re.sub(r"[“„][^“„”]*”", "“”", sentence) if _names_source(sentence) else sentence


def _old_series(sentence: str, place: str) -> list[Finding]:
    words = re.search(rf"(?<!\w)(?:niet-)?{OLD_SERIES}(?!\w)", sentence, re.IGNORECASE)
    if not words:
        return []
    years = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", sentence)]
    old = any(year <= LAST_OLD_YEAR for year in years)
    if old or (not years and "oude indeling" in sentence.lower()):
        return []
    return [Finding(place, "old_series", words[0], sentence)]
