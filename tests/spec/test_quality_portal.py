"""The quality portal as its readers find it: the national page, a page per centre, a page per rule.

| what a reader asks | where it is |
|---|---|
| how good are the data, by dimension, centre, family, month | `index.html` |
| what changed since the run before | `index.html`, by centre; the centre's page, by rule |
| how the linkage of persons did | `rapprochement.html`; the records of a centre, on its page |
| what this centre does first | `centres/<id>.html` |
| why a rule, how, what to do, who | `regles/<RULE-ID>.html` |
| one record | nowhere: in the centre's correction workbook |
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from pipelines.io.configuration import load_network
from pipelines.report.quality_journal import Journal
from pipelines.report.write import write_report
from tests.pages import Page, Table, read_page
from tests.quality_snapshot import (
    ASKED,
    BROKEN,
    CENTRES,
    DAY,
    FAILED,
    HOSTILE,
    LATE,
    NOT_SENT,
    fill_quality,
    journal,
)
from tests.report_snapshot import NAMES
from validations.rules.catalogue import CATALOGUE

NETWORK = load_network("netsarc")
LINKAGE = "rapprochement.html"
DOCS = "../../../../snapshots/netsarc/000001/expectations/index.html"
NAME = dict(zip(CENTRES, NAMES, strict=False))


@dataclass(frozen=True)
class Site:
    """A portal that was written, with its pages read back."""

    folder: Path

    def html(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def page(self, name: str, language: str = "fr") -> Page:
        return read_page(self.html(name), language)

    def table(self, name: str, caption: str, language: str = "fr") -> Table:
        [found] = [t for t in self.page(name, language).tables if t.caption.strip().startswith(caption)]
        return found

    def row(self, name: str, caption: str, first: str) -> list[str]:
        """The cells of the row that begins with a text."""
        [found] = [row for row in self.table(name, caption).rows if row[0].strip() == first]
        return [cell.strip() for cell in found]

    @property
    def names(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))


def write(folder: Path, told: Journal, *changes: str) -> Site:
    """The portal of the snapshot, after these changes to it."""
    with duckdb.connect() as con:
        fill_quality(con, NETWORK)
        for change in changes:
            con.execute(change)
        files = write_report(
            con, network=NETWORK, snapshot=3, out=folder, generated_for=DAY, journal=told, is_synthetic=True
        )
    return Site(files.portal.parent)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return write(tmp_path_factory.mktemp("portal"), journal(docs=DOCS))


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The portal of a snapshot of which the ledger knows nothing, with a rule that few rows break."""
    few = "UPDATE fct_rule_result SET failed_count = 4 WHERE rule_id = 'CONTRACT-001' AND centre_id = 'c03'"
    many = "UPDATE fct_finding SET rule_id = 'CONTRACT-001' WHERE rule_id = 'CONTRACT-005'"
    old = "DROP TABLE fct_linkage"  # a snapshot that was built before its figures were kept
    return write(tmp_path_factory.mktemp("untold"), Journal(run_id=0), few, many, old)


# Every page


def test_there_is_a_page_per_centre_and_per_rule(site: Site):
    expected = [
        "index.html",
        LINKAGE,
        *(f"centres/{c}.html" for c in CENTRES),
        *(f"regles/{r}.html" for r in CATALOGUE),
    ]
    assert site.names == sorted(expected)


def links(page: Page) -> list[str]:
    return [found["href"] or "" for tag, found in page.tags if tag == "a"]


def test_every_link_leads_to_a_page_or_a_place_in_it(site: Site):
    for name in site.names:
        page = site.page(name)
        for link in links(page):
            if link == DOCS:
                continue
            target, _, place = link.partition("#")
            path = (site.folder / name).parent / target if target else site.folder / name
            assert path.is_file(), (name, link)
            if place and not target:
                assert place in page.ids, (name, link)


@pytest.mark.parametrize("name", ["index.html", LINKAGE, "centres/c00.html", "regles/SURGERY-001.html"])
def test_ids_are_unique_and_headings_in_order(site: Site, name: str):
    page = site.page(name)
    assert len(page.ids) == len(set(page.ids))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", ["index.html", LINKAGE, "centres/c00.html", "regles/SURGERY-001.html"])
def test_every_page_is_read_in_both_languages(site: Site, name: str):
    french, english = site.page(name, "fr"), site.page(name, "en")
    assert [level for level, _ in french.headings] == [level for level, _ in english.headings]
    differing = [fr != en for (_, fr), (_, en) in zip(french.headings, english.headings, strict=True)]
    assert sum(differing) >= len(differing) - 2  # the name of a centre and the like are the same
    for word in ("Lignes", "réseau entier", "Centre concerné", "jugeables", "Dossiers", "paires"):
        assert word not in english.text


def test_no_page_loads_anything(site: Site):
    for name in site.names:
        html = site.html(name)
        assert "://" not in html.replace("http://www.w3.org/", "")
        assert not re.search(r"<(link|img|iframe|object|embed|base)\b", html)
        assert "default-src 'none'" in html


def test_synthetic_data_are_announced_on_every_page(site: Site):
    assert all("Données synthétiques" in site.page(name).text for name in site.names[:30])


def test_the_national_and_centre_pages_say_that_this_is_no_indicator_of_care(site: Site):
    for name in ("index.html", LINKAGE, *(f"centres/{centre}.html" for centre in CENTRES)):
        assert "pas un indicateur de soin" in site.page(name).text
        assert "not an indicator of care" in site.page(name, "en").text


def test_the_same_snapshot_gives_the_same_bytes(site: Site, tmp_path: Path):
    again = write(tmp_path, journal(docs=DOCS))
    assert again.names == site.names
    assert all(again.html(name) == site.html(name) for name in site.names)


# What may not be told


def test_no_page_holds_a_row_a_patient_or_the_name_of_a_refused_file(site: Site):
    for name in site.names:
        html = site.html(name)
        for secret in ("DUPONT", "b-t1", "f-b-", "finding_id", "row_id = '"):
            assert secret not in html.replace("row_id", "") or secret == "finding_id", (name, secret)


def figures(page: Page) -> list[int]:
    """The whole numbers in the columns n, N and of standings of the tables of a page."""
    counted = {"n", "N", "Non jugeables", "Non concernées", "Nouvelles", "Persistantes", "Vérifiées exactes",
               "Corrigées", "Disparues", "Mises à part", "Réunies", "Tumeurs", "Avec anomalie",
               "Personnes"}  # fmt: skip
    found = []
    for table in page.tables:
        heads = [head.strip() for head in table.rows[0]]
        for row in table.rows[1:]:
            if len(row) == len(heads):
                cells = [cell for head, cell in zip(heads, row, strict=True) if head in counted]
                found += [
                    int(re.sub(r"\D", "", cell))
                    for cell in cells
                    if re.fullmatch(r"[\d\s\u202f]+", cell.strip())
                ]
    return found


def test_no_table_shows_a_small_count(site: Site):
    seen = 0
    for name in site.names:
        counts = figures(site.page(name))
        seen += len(counts)
        assert not [count for count in counts if 0 < count < NETWORK.disclosure_threshold], name
    assert seen > 2_000


def test_small_counts_of_rules_are_hidden_in_the_report_too(site: Site):
    report = read_page((site.folder.parent / "rapport.html").read_text(encoding="utf-8"), "fr")
    [table] = [t for t in report.tables if t.caption.startswith("Anomalies des données")]
    shown = {row[1].strip(): row[-1].strip() for row in table.rows[1:]}
    assert shown["SURGERY-003"] == "s"


def test_a_count_that_the_portal_hides_is_hidden_in_the_report(untold: Site):
    """`untold` has 240 findings of a rule that few rows break: they would tell how many."""
    report = read_page((untold.folder.parent / "rapport.html").read_text(encoding="utf-8"), "fr")
    [table] = [t for t in report.tables if t.caption.startswith("Anomalies des données")]
    assert {row[1].strip(): row[-1].strip() for row in table.rows[1:]}["CONTRACT-001"] == "s"


# The national page


def test_the_dimensions_have_counts_beside_percentages(site: Site):
    rules = [rule for rule in FAILED if CATALOGUE[rule].kahn == "completeness"]
    row = site.row("index.html", "Tous centres", "Complétudece qui devrait être rempli l'est")
    assert {"CONTRACT-001", "BIOPSY-001", "RCP-001", "SURGERY-001", "FOLLOWUP-001"} <= set(rules)
    assert row[1] == str(len(rules))
    assert row[2].replace("\u202f", "") == str(sum(sum(FAILED[rule]) for rule in rules))
    assert row[4].endswith("\u00a0%")


def test_each_centre_has_its_dimensions_and_freshness(site: Site):
    row = site.row("index.html", "Lignes conformes, % ; dessous, n / N", NAME["c00"])
    assert re.fullmatch(r"[\d,]+\u00a0%[\d\u202f]+ / [\d\u202f]+", row[1])
    assert re.fullmatch(r"\d\d/11/2026", row[4])
    assert int(row[5]) >= 0


def test_a_late_centre_is_marked_and_counted(site: Site):
    row = site.row("index.html", "Lignes conformes, % ; dessous, n / N", NAME[LATE])
    assert row[5].startswith("⚠ en retard")
    assert "1 des 6 centres sont en retard" in site.page("index.html").text


def test_the_map_has_every_centre_and_family(site: Site):
    table = site.table("index.html", "Lignes conformes, % ; dessous, n :")
    assert [row[0].strip() for row in table.rows[1:]] == [*sorted(NAME[c] for c in CENTRES), "Réseau entier"]
    assert len(table.rows[0]) == len({len(row) for row in table.rows}) + len(table.rows[0]) - 1
    heads = [head.strip() for head in table.rows[0]]
    assert (
        site.row("index.html", "Lignes conformes, % ; dessous, n :", NAME["c04"])[heads.index("Dates")]
        == "100,0\u00a0%0"
    )


def test_time_is_told_by_year_quarter_and_month(site: Site):
    years = site.table("index.html", "Par année")
    assert [row[0].strip() for row in years.rows[1:]] == [*map(str, range(2010, 2021)), "Ensemble"]
    quarters = [row[0].strip() for row in site.table("index.html", "Par trimestre").rows[1:]]
    assert {"2010, T1", "2020, T4", "2015, mois inconnu"} <= set(quarters)
    assert len(site.table("index.html", "Par mois de diagnostic, toutes").rows) > 120
    assert site.html("index.html").count('<svg viewBox="0 0 676') == 2


def test_what_changed_since_the_run_before_is_told_by_centre(site: Site):
    row = site.row("index.html", "Anomalies à corriger", NAME["c02"])
    failed = sum(counts[2] for counts in ASKED.values())
    new, persisting, verified, fixed, vanished = row[1:6]
    assert abs(int(new) - failed / 2) <= len(ASKED)
    assert int(new) + int(persisting) == failed
    assert (verified, fixed, vanished) == ("0", "35", "0")
    assert row[6].startswith("01/03/2026")
    network = site.row("index.html", "Anomalies à corriger", "Réseau entier")
    assert network[3:6] == ["25", "35", "45"]  # a fix of an earlier run is not told again


def test_every_rule_is_listed_with_the_centres_that_break_it(site: Site):
    table = site.table("index.html", "Chaque règle")
    listed = {row[0].strip(): [cell.strip() for cell in row] for row in table.rows[1:]}
    assert set(listed) == set(CATALOGUE)
    assert listed["SURGERY-001"][4] == "5"
    assert listed["SURGERY-001"][5] == str(sum(FAILED["SURGERY-001"]))
    failing = " ".join(sorted(set(CENTRES) - {NOT_SENT}, key=NAME.__getitem__))
    kept = f'data-centre="{failing}" data-severity="warning" data-family="surgery" data-outcome="failed"'
    assert kept in site.html("index.html")


def test_the_accounts_of_the_centres_close(site: Site):
    for centre in CENTRES:
        row = site.row("index.html", "Compte des lignes par centre", NAME[centre])
        numbers = [int(re.sub(r"\D", "", cell) or 0) for cell in row[1:]]
        files, refused, _, received, *parts = numbers
        assert (files, refused) == (2, int(centre == "c02"))
        if "s" not in row:
            assert received == sum(parts)


def test_deliveries_are_told_by_month_newest_first(site: Site):
    rows = [[cell.strip() for cell in row] for row in site.table("index.html", "Tous les dépôts").rows[1:]]
    assert rows == [["nov. 2026", "6", "6"], ["oct. 2026", "6", "6"]]


def test_the_data_docs_are_linked_where_they_are(site: Site, untold: Site):
    assert DOCS in links(site.page("index.html"))
    assert "ne sont pas sur cette machine" in untold.page("index.html").text


def test_a_rule_that_the_catalogue_lost_is_counted_not_shown(site: Site):
    assert "OLD-001" not in site.html("index.html")
    assert re.search(r"que le catalogue n'a plus, non montrées :\s+1\.", site.page("index.html").text)


def test_without_a_ledger_the_portal_says_what_it_does_not_know(untold: Site):
    text = untold.page("index.html").text
    assert "leur devenir n'est pas dit ici" in text
    assert "Les comptes de l'exécution" in text
    assert "Persistantes" not in untold.page("regles/SURGERY-001.html").text
    assert untold.names[:8] == [
        "centres/c00.html",
        *(f"centres/c0{i}.html" for i in range(1, 6)),
        "index.html",
        LINKAGE,
    ]


# The linkage


def test_the_national_page_tells_the_records_and_leads_to_the_linkage(site: Site):
    row = site.row("index.html", "Dossiers de tous les centres", "Dossiers en double dans leur centre")
    assert row[1:] == ["121", "12\u202f000", "1,0\u00a0%"]
    assert LINKAGE in links(site.page("index.html"))


def test_pairs_are_told_by_decision_reason_and_weight(site: Site):
    assert site.row(LINKAGE, "Paires jugées", "liées : une même personne")[1] == "≈ 5\u202f220"
    reasons = {
        row[-3].strip(): row[-2].strip() for row in site.table(LINKAGE, "Paires de chaque décision").rows[1:]
    }
    assert reasons["cinq traits stricts égaux"] == "≈ 2\u202f600"
    assert reasons["CL1 – deux INS qualifiés différents"] == "s"
    assert site.row(LINKAGE, "Paires par poids", "20 à 25")[1] == "≈ 1\u202f790"
    assert site.html(LINKAGE).count("<svg viewBox") == 1


def test_persons_are_told_by_number_of_records_small_classes_together(site: Site):
    rows = [[cell.strip() for cell in row] for row in site.table(LINKAGE, "Personnes par nombre").rows[1:]]
    assert rows == [["1 dossier", "5\u202f012"], ["2 dossiers", "2\u202f100"], ["3 dossiers", "780"],
                    ["4 dossiers et plus", "108"]]  # fmt: skip
    near = site.row(LINKAGE, "À surveiller", "Personnes à moins de 3 bits au-dessus du seuil")
    assert near[1:] == ["s", "2\u202f988", "s"]


def test_each_centre_has_its_records(site: Site):
    assert site.row(LINKAGE, "Dossiers par centre", NAME["c00"])[1:] == [
        "3\u202f000", "30", "1,0\u00a0%", "40", "1,3\u00a0%", "1\u202f800", "60,0\u00a0%",
    ]  # fmt: skip
    own = site.row("centres/c05.html", "Dossiers de ce centre", "Dossiers en double dans leur centre")
    assert own[1:] == ["s", "800", "s", "1,0\u00a0%"]


def test_a_trait_that_drifts_is_told_first_and_explained(site: Site):
    drift = site.row(LINKAGE, "Par trait", "Commune de résidence")
    assert (drift[3], drift[4]) == ("0,81", "⚠ à traiter")
    assert (drift[5], drift[6]) == ("1,10", "⚠ à traiter")
    assert site.row(LINKAGE, "Par trait", "Sexe")[3:] == ["0,01", "stable", "0,00", "stable"]
    for name in ("index.html", LINKAGE):
        assert "Commune de résidence : le modèle ne décrit pas" in site.page(name).text
    assert "Siddiqi 2017" in site.page(LINKAGE, "en").text


def test_earlier_snapshots_stand_below_in_tens(site: Site):
    rows = [[cell.strip() for cell in row] for row in site.table(LINKAGE, "Du plus récent").rows[1:]]
    assert [row[:4] for row in rows] == [
        ["3", "06/11/2026", "≈ 12\u202f000", "≈ 8\u202f000"],
        ["2", "01/10/2026", "≈ 12\u202f000", "≈ 8\u202f000"],
        ["1", "01/09/2026", "≈ 12\u202f000", "≈ 8\u202f000"],
    ]
    assert [row[-1] for row in rows] == [
        "0,81Commune de résidence",
        "0,01Nom de naissance",
        "0,01Nom de naissance",
    ]


def test_a_snapshot_older_than_its_figures_says_so(untold: Site):
    assert "antérieur aux chiffres du rapprochement" in untold.page(LINKAGE).text
    assert "antérieur aux chiffres du rapprochement" in untold.page("index.html").text
    assert untold.page(LINKAGE).tables == []


# The page of a centre


def test_a_centre_is_told_the_worst_first(site: Site):
    text = site.page("centres/c00.html").text
    first = text.index("CONTRACT-003")
    assert first < text.index("SURGERY-001")
    assert CATALOGUE["CONTRACT-003"].remedy_fr in text


def test_a_centre_is_told_the_name_of_its_workbook_and_how_to_make_it(site: Site):
    text = site.page("centres/c04.html").text
    assert "corrections-c04.xlsx" in text
    assert "reseau findings export --centre c04" in text


def test_a_refused_file_and_a_late_export_come_before_all(site: Site):
    refused, late = site.page("centres/c02.html").text, site.page(f"centres/{LATE}.html").text
    assert refused.index("le fichier est vide") < refused.index("CONTRACT-003")
    assert "Refaites l'export." in refused
    assert "Envoyer un nouvel export" in late
    assert "Envoyer un nouvel export" not in refused


def test_the_findings_of_a_centre_stand_by_rule_with_their_age(site: Site):
    row = site.row("centres/c00.html", "Règles que des données", "SURGERY-001")
    assert row[3:6] == ["320", "2\u202f320", "86,2\u00a0%"]
    assert row[6:11] == ["160", "160", "0", "0", "0"]
    assert row[11].startswith("01/03/2026")


def test_the_age_of_hidden_findings_is_hidden(site: Site):
    """Eight new and seven persisting: fifteen are many, but their age would say so."""
    row = site.row("centres/c05.html", "Règles que des données", "BIOPSY-001")
    assert (row[6], row[7], row[11]) == ("s", "s", "s")


def test_a_rule_that_is_met_again_stays_for_one_run(site: Site):
    row = site.row("centres/c02.html", "Règles que des données", "DIAGNOSIS-001")
    assert (row[3], row[6:11]) == ("0", ["0", "0", "0", "35", "0"])


def test_what_is_only_counted_is_not_followed(site: Site):
    row = site.row("centres/c00.html", "Règles que des données", "DIAGNOSIS-020")
    assert (row[3], row[6:]) == ("80", ["—"] * 6)
    rule = site.row("regles/DIAGNOSIS-020.html", "Par centre", NAME["c00"])
    assert (rule[2], rule[7:]) == ("80", ["—"] * 5)
    assert "rien n'est demandé au centre" in site.page("regles/DIAGNOSIS-020.html").text
    first = site.html("centres/c00.html").partition('<ol class="first">')[2].partition("</ol>")[0]
    assert "SURGERY-001" in first or "IDENTITY-005" in first
    assert "DIAGNOSIS-020" not in first


def test_the_other_rules_are_counted_by_outcome(site: Site):
    text = re.sub(r"\s+", " ", site.page(f"centres/{BROKEN}.html").text)
    assert "n'a pas pu être évaluée : 1" in text
    assert "aucune ligne concernée : 1" in text
    assert f"données non transmises : {len(CATALOGUE) - len(FAILED)}" in text


def test_a_centre_sees_its_years_beside_the_network(site: Site):
    html = site.html("centres/c05.html")
    assert "Ce centre" in html
    assert site.table("centres/c05.html", "Par année").rows[-1][0].strip() == "Ensemble"


def test_a_centre_sees_its_files(site: Site):
    row = site.row("centres/c03.html", "Fichiers en service", "c03_export_2.csv")
    assert row[1:] == ["20/11/2026", "507", "900", "821", "27", "12", "40"]


def test_the_page_of_a_centre_names_no_other(site: Site):
    for centre in CENTRES:
        text = site.page(f"centres/{centre}.html").text
        assert not [name for other, name in NAME.items() if other != centre and name in text]


# The page of a rule


def test_a_rule_says_why_how_and_what_to_do(site: Site):
    rule = CATALOGUE["SURGERY-001"]
    french, english = (
        site.page("regles/SURGERY-001.html", "fr").text,
        site.page("regles/SURGERY-001.html", "en").text,
    )
    for text in (rule.sentence_fr, rule.remedy_fr, rule.source, "règle publiée, citée", "à vérifier"):
        assert text in french
    for text in (rule.sentence_en, rule.remedy_en, rule.source, "published rule, cited", "warning"):
        assert text in english


@pytest.mark.parametrize("rule_id", ["SURGERY-001", "PATHWAY-001", "IDENTITY-002", "SITE-001"])
def test_a_rule_shows_the_sql_that_is_asked(site: Site, rule_id: str):
    rule, words = CATALOGUE[rule_id], site.page(f"regles/{rule_id}.html").text.split()
    shown = " ".join(words)
    for sql in filter(None, (rule.violated_when, rule.query)):
        assert " ".join(sql.split()) in shown


def test_a_rule_of_the_reader_has_no_sql_and_says_so(site: Site):
    assert "elle n'a pas de condition SQL" in site.page("regles/CONTRACT-001.html").text


def test_a_proposal_awaits_its_clinician(site: Site):
    assert CATALOGUE["PATHWAY-001"].status == "proposal"
    assert "clinical sign-off" not in site.page("regles/PATHWAY-001.html").text
    assert "à valider par un clinicien" in site.page("regles/PATHWAY-001.html").text


def test_a_rule_says_who_breaks_it(site: Site):
    row = site.row("regles/SURGERY-001.html", "Par centre", NAME["c00"])
    assert row[1:7] == ["non respectée", "320", "2\u202f320", "86,2\u00a0%", "20", "300"]
    assert site.row("regles/SURGERY-001.html", "Par centre", NAME[NOT_SENT])[1] == "données non transmises"
    assert site.row("regles/TREATMENT-001.html", "Par centre", NAME[BROKEN])[1] == "n'a pas pu être évaluée"
    assert site.row("regles/DATE-002.html", "Par centre", NAME["c00"])[1:5] == [
        "respectée",
        "0",
        "s",  # the rows of another rule of its dimension are few
        "100,0\u00a0%",
    ]


def test_a_rule_that_no_centre_was_asked_says_so(site: Site):
    unasked = next(rule for rule in CATALOGUE if rule not in FAILED)
    assert "Aucun centre n'envoie ce que cette règle lit." in site.page(f"regles/{unasked}.html").text


def test_a_hostile_name_is_only_text(site: Site):
    page = site.html("centres/c01.html")
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.csv" in page
