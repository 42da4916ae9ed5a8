"""A small network after a night that leaves three questions: two pairs alike, and a record that contradicts itself."""

from pathlib import Path

import duckdb

from tests import small_network
from tests.small_network import NETWORK, WIDE, SmallNetwork

#: Like Jean Petit and Paul Moreau of alpha: twins? One of them comes with a name that a page must not obey.
TWINS = WIDE.replace(
    "LEFÈVRE\tANNE\tfemme\t30/09/1970", "PETIT\tPAUL\thomme\t01/07/1955"
) + "B3;MOREAU;L&<i>UC;homme;23/11/1948;;;;1;11/12/2020;8890/3;C49.2;primary\n".replace(";", "\t")
#: In the order of the queue: what is not weighed, then the heaviest.
REASONS = ["two_ins", "CL5", "CL5"]


def asked_network(root: Path) -> SmallNetwork:
    """The network and its report below a new folder."""
    network = small_network.write_network(root)
    network.send("beta/tout.txt", TWINS.encode("cp1252"))
    with small_network.in_force(network):
        assert network.run().outcome == "published"
    _contradict(network.home / "work" / NETWORK / "linked" / "lnk_review.parquet")
    return network


def _contradict(queue: Path) -> None:
    """One more line: a record paired with itself, as one with two numbers is."""
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE found AS FROM '{queue}'")
        con.execute("INSERT INTO found VALUES ('beta', 'B2', 'beta', 'B2', 'two_ins', NULL)")
        con.execute(f"COPY found TO '{queue}'")
