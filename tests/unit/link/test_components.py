"""Every pair of a component gets a weight, whether blocking had found it or not."""

from pipelines.io.linkage_model import load_model
from pipelines.link.components import find_components
from tests.tables import parse, rows
from tests.unit.link.people import given_weights, records, weights

MODEL = load_model("fr-2026-2")
HEADER = "patient | ins | status"


def completed(con, identities, *, edges, certain="l | r", later):
    """`link_pair` from the edges that blocking found and the weights that are asked later."""
    records(con, identities)
    weights(con, later)
    con.execute("CREATE TEMP TABLE link_edge (l BIGINT, r BIGINT, weight DOUBLE)").fetchall()
    con.execute("CREATE TEMP TABLE link_certain (l BIGINT, r BIGINT)").fetchall()
    for row in parse(edges):
        con.execute("INSERT INTO link_edge VALUES ($l, $r, $weight)", row).fetchall()
    for row in parse(certain):
        con.execute("INSERT INTO link_certain VALUES ($l, $r)", row).fetchall()
    find_components(con, MODEL, given_weights)
    return rows(con, "SELECT l, r, weight FROM link_pair")


def test_the_pairs_that_blocking_missed_are_weighed(con):
    assert completed(
        con,
        f"{HEADER}\n1 | - | -\n2 | - | -\n3 | - | -\n4 | - | -",
        edges="l | r | weight\n1 | 2 | 9\n2 | 3 | 8\n3 | 4 | -5",
        later="l | r | weight\n1 | 3 | 7\n1 | 2 | 99\n3 | 4 | 99",
    ) == [(1, 2, 9.0), (1, 3, 7.0), (2, 3, 8.0)]


def test_two_qualified_numbers_are_not_weighed(con):
    assert completed(
        con,
        f"{HEADER}\n1 | 255081416802538 | QUAL\n2 | - | -\n3 | 184072A00104217 | QUAL",
        edges="l | r | weight\n1 | 2 | 9\n2 | 3 | 8",
        later="l | r | weight\n1 | 3 | 7",
    ) == [(1, 2, 9.0), (1, 3, None), (2, 3, 8.0)]


def test_a_certain_pair_makes_a_component_without_weight(con):
    assert completed(
        con,
        f"{HEADER}\n1 | 255081416802538 | QUAL\n2 | 255081416802538 | QUAL\n3 | - | -",
        edges="l | r | weight",
        certain="l | r\n1 | 2",
        later="l | r | weight",
    ) == [(1, 2, None)]
