"""Traits in the form in which they are compared.

Nothing here replaces what a centre wrote: golden identities are chosen among the written values. A part of a date
that a centre may have made up (1 January, 31 December, an imprecise date) is never compared as if it were known.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: Text as INSi writes it: A to Z and single spaces.
_LETTERS = """
CREATE OR REPLACE TEMP MACRO link_letters(written) AS nullif(trim(regexp_replace(
    replace(replace(replace(replace(upper(strip_accents(written)), 'Œ', 'OE'), 'Æ', 'AE'), 'ẞ', 'SS'), 'ß', 'SS'),
    '[^A-Z]+', ' ', 'g')), '')
"""

#: Words that stand for "no name"; seen alone, they are missing values.
_NO_NAME = """
CREATE OR REPLACE TEMP MACRO link_stated(letters) AS CASE
    WHEN regexp_full_match(letters, '(X+|N ?[ACR]|SANS (NOM|PRENOM)|INCONNUE?|ANONYME|NON (CONNU|RENSEIGNE)E?)')
    THEN NULL ELSE letters END
"""

#: A birth name: title, "dit …" and husband's name cut off, ST written SAINT. After NEE stands the birth name.
_NAME = r"""
CREATE OR REPLACE TEMP MACRO link_name(written) AS link_stated(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(regexp_replace(link_letters(written),
        '^.* NEE (.+)$', '\1'),
        '^(M|MR|MME|MLLE|DR|PR|MONSIEUR|MADAME|MADEMOISELLE|VVE|VEUVE) (.+)$', '\2'),
        '^(.+?) (DITE?|EP|EPX|EPOUSE|VVE|VEUVE) .+$', '\1'),
        '\bST\b', 'SAINT', 'g'),
        '\bSTE\b', 'SAINTE', 'g'))
"""

#: The name without its particles, for comparison only; a name made of particles alone stays whole.
_BARE = r"""
CREATE OR REPLACE TEMP MACRO link_bare(name) AS coalesce(nullif(trim(regexp_replace(regexp_replace(
    name, '\b(DE|DU|DES|D|LE|LA|LES|L|BEN|EL|AL|AIT|VAN|VON|DER|DEN)\b', '', 'g'), ' +', ' ', 'g')), ''), name)
"""

_DISTINCT = """
CREATE OR REPLACE TEMP MACRO list_distinct_ordered(words) AS
    list_filter(words, lambda word, place: word IS NOT NULL AND list_position(words, word) = place)
"""

#: A rough French pronunciation: equal for spellings that sound alike (PHILIPPE, FILIP; GAUTHIER, GOTIER).
#: Steps in this order: consonants by their neighbour, mute H, vowels, nasals, doubled letters.
_SOUND_STEPS = (
    ("PH", "F"), ("GUE", "GE"), ("GUI", "GI"), ("GEA", "JA"), ("GEO", "JO"), ("GE", "JE"), ("GI", "JI"), ("CE", "SE"),
    ("CI", "SI"), ("CH", "8"), ("QU", "K"), ("CK", "K"), ("C", "K"), ("Q", "K"), ("H", ""), ("EAU", "O"), ("AU", "O"),
    ("AI", "E"), ("EI", "E"), ("EN", "AN"), ("EM", "AN"), ("AM", "AN"), *((2 * x, x) for x in "BDFGKLMNPRST"),
)  # fmt: skip


def _sound_macro() -> str:
    spoken = "translate(name, 'YWZ ', 'IVS')"
    for written, heard in _SOUND_STEPS:
        spoken = f"replace({spoken}, '{written}', '{heard}')"
    mute_end = r"'(.{3,}?)[ESTDXP]+$', '\1'"
    return (
        f"CREATE OR REPLACE TEMP MACRO link_sound(name) AS nullif(regexp_replace({spoken}, {mute_end}), '')"
    )


#: The 13 characters of an INS; NULL when malformed, when the key is wrong, or when the number is a test one.
_INS_KEY = """
CREATE OR REPLACE TEMP MACRO link_ins_key(digits) AS 97 - (CAST(
    replace(replace(substr(digits, 1, 13), '2A', '19'), '2B', '18') AS BIGINT) % 97)
"""
_INS = """
CREATE OR REPLACE TEMP MACRO link_ins(matricule, oid) AS CASE
    WHEN oid IN ('1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.11') THEN NULL
    WHEN NOT regexp_full_match(regexp_replace(upper(matricule), '[^0-9AB]', '', 'g'),
        '[1-8][0-9]{4}(2A|2B|[0-9]{2})[0-9]{6}([0-9]{2})?') THEN NULL
    WHEN length(regexp_replace(upper(matricule), '[^0-9AB]', '', 'g')) = 15
        AND link_ins_key(regexp_replace(upper(matricule), '[^0-9AB]', '', 'g'))
            <> CAST(right(regexp_replace(upper(matricule), '[^0-9AB]', '', 'g'), 2) AS INTEGER) THEN NULL
    ELSE substr(regexp_replace(upper(matricule), '[^0-9AB]', '', 'g'), 1, 13) END
"""

#: Département of a commune code: three digits overseas; Corsica as one, since births before 1976 carry 20.
_DEPARTMENT = """
CREATE OR REPLACE TEMP MACRO link_department(commune) AS CASE
    WHEN commune LIKE '97%' OR commune LIKE '98%' THEN substr(commune, 1, 3)
    WHEN substr(commune, 1, 2) IN ('2A', '2B') THEN '20'
    ELSE substr(commune, 1, 2) END
"""

MACROS = (
    _LETTERS, _NO_NAME, _NAME, _BARE, _DISTINCT, _sound_macro(), _INS_KEY, _INS, _DEPARTMENT,
)  # fmt: skip

#: Each spelling is put in form once, however many people bear it.
_SPELLINGS = """
CREATE OR REPLACE TEMP TABLE link_spelling AS
WITH written AS (
    SELECT birth_name AS spelling FROM link_identity WHERE birth_name IS NOT NULL
    UNION
    SELECT used_name FROM link_identity WHERE used_name IS NOT NULL
),
named AS (
    SELECT spelling, link_name(spelling) AS name FROM written
),
bared AS (
    SELECT spelling, name, link_bare(name) AS bare FROM named
)
SELECT
    spelling, bare, replace(name, ' ', '') AS joined, link_sound(bare) AS sound
FROM bared
"""
#: First names one by one: a comma, a hyphen and a space separate alike, because exports mix them.
_FIRST_SPELLINGS = """
CREATE OR REPLACE TEMP TABLE link_first_spelling AS
WITH written AS (
    SELECT DISTINCT first_names AS spelling FROM link_identity WHERE first_names IS NOT NULL
),
-- step by step: a macro writes out its argument wherever it names it, inside a lambda once per word
lettered AS (SELECT spelling, link_letters(spelling) AS letters FROM written),
split AS (SELECT spelling, string_split(link_stated(letters), ' ') AS every_word FROM lettered),
named AS (SELECT spelling, list_distinct_ordered(every_word) AS words FROM split)
SELECT spelling, words, array_to_string(words, '') AS joined, link_sound(words[1]) AS sound
FROM named
"""

_TRAITS = """
CREATE OR REPLACE TEMP TABLE link_trait AS
WITH named AS (
    SELECT
        record_no,
        birth_name,
        used_name,
        first_names,
        nullif(sex, 'U') AS sex,
        birth_date,
        coalesce(birth_date_precision, 'unknown') AS date_precision,
        nullif(upper(trim(birth_place_cog)), '') AS birth_place,
        nullif(upper(trim(residence_commune)), '') AS residence,
        CASE WHEN ins_status IN ('QUAL', 'RECUP') AND NOT has_two_ins THEN link_ins(ins_matricule, ins_oid) END AS ins,
        coalesce(ins_oid = '1.2.250.1.213.1.4.9', FALSE) AS is_nia,
        ins_status = 'QUAL' AS is_qualified
    FROM link_identity
),
shared_number AS (
    SELECT ins FROM named WHERE ins IS NOT NULL
    GROUP BY ins HAVING count(*) > $records_per_identifier
)
SELECT
    record_no, named.birth_name, used_name, first_names, sex, birth_place, residence, is_nia,
    CASE WHEN shared_number.ins IS NULL THEN named.ins END AS ins,
    coalesce(is_qualified AND named.ins IS NOT NULL AND shared_number.ins IS NULL, FALSE) AS is_qualified,
    date_precision = 'day' AND (month(birth_date), day(birth_date)) NOT IN ((1, 1), (12, 31)) AS is_date_certain,
    CASE WHEN date_precision <> 'unknown' THEN birth_date END AS birth_date,
    date_precision = 'month' AS is_month_known
FROM named LEFT JOIN shared_number ON shared_number.ins = named.ins
"""

_RECORDS = """
CREATE OR REPLACE TEMP TABLE link_record AS
WITH known AS (
    SELECT
        link_trait.* EXCLUDE (birth_name, used_name, first_names),
        birth.bare AS birth_name,
        birth.joined AS birth_joined,
        birth.sound AS name_sound,
        used.bare AS used_name,
        used.joined AS used_joined,
        words AS first_names,
        words[1] AS first_name,
        first.joined AS first_names_joined,
        first.sound AS first_name_sound,
        CASE WHEN is_date_certain THEN birth_date END AS certain_date
    FROM link_trait
        LEFT JOIN link_spelling AS birth ON birth.spelling = link_trait.birth_name
        LEFT JOIN link_spelling AS used ON used.spelling = link_trait.used_name
        LEFT JOIN link_first_spelling AS first ON first.spelling = link_trait.first_names
),
worded AS (  -- lists first: a macro writes out its argument once per word
    SELECT
        *,
        [birth_name, used_name, birth_joined, used_joined] AS every_form,
        string_split(concat_ws(' ', birth_name, used_name), ' ') AS every_word,
        list_concat([birth_name, used_name], first_names) AS every_name
    FROM known
)
SELECT
    record_no,
    birth_name,
    used_name,
    list_distinct_ordered(every_form) AS name_forms,
    list_filter(list_distinct_ordered(every_word), lambda word: length(word) > 2) AS name_words,
    name_sound,
    birth_name[:4] AS name_start,
    first_name,
    first_names,
    CASE WHEN length(first_names) > 1 THEN first_names[2:] END AS other_first_names,
    first_names_joined,
    first_name_sound,
    first_name[:3] AS first_name_start,
    list_distinct_ordered(every_name) AS any_names,
    count(first_name) OVER (PARTITION BY first_name) AS first_name_count,
    sex,
    certain_date AS birth_date,
    year(birth_date) AS birth_year,
    CASE WHEN is_date_certain OR is_month_known THEN month(birth_date) END AS birth_month,
    day(certain_date) AS birth_day,
    strftime(certain_date, '%m-%d') AS birth_month_day,
    birth_place,
    link_department(birth_place) AS birth_department,
    residence,
    link_department(residence) AS residence_department,
    ins,
    is_nia,
    is_qualified
FROM worded
"""


def create_macros(con: "duckdb.DuckDBPyConnection") -> None:
    """Define the `link_*` macros that put one written value in comparable form."""
    for macro in MACROS:
        con.execute(macro).fetchall()


def standardise(con: "duckdb.DuckDBPyConnection", *, records_per_identifier: int) -> None:
    """Make `link_record`, one row per record of `link_identity`, in comparable form.

    A number that more than `records_per_identifier` records carry identifies nobody and is dropped.
    """
    con.execute(_SPELLINGS).fetchall()
    con.execute(_FIRST_SPELLINGS).fetchall()
    con.execute(_TRAITS, {"records_per_identifier": records_per_identifier}).fetchall()
    con.execute(_RECORDS).fetchall()
