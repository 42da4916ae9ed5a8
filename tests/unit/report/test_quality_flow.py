"""The row account that the portal prints, and what of it is hidden."""

from dataclasses import replace

from pipelines.account import Account
from pipelines.report.quality_flow import Flow, flows
from pipelines.report.quality_journal import Journal
from pipelines.report.quality_tally import NATION
from tests.quality_snapshot import CENTRES, accounts, deliveries, journal

COUNTS = ("received", "kept", "set_aside", "merged", "filtered", "lines")


def counts(flow: Flow) -> list[int | None]:
    return [getattr(flow, name) for name in COUNTS]


def of(found: list[Flow], centre: str, file: str = "") -> Flow:
    [flow] = [flow for flow in found if flow.centre_id == centre and flow.file_name == file]
    return flow


def test_each_delivery_each_centre_and_the_network_have_an_account():
    found = flows(journal(), 11)
    assert [flow.files for flow in found] == [1] * 12 + [2] * 6 + [12]
    assert [flow.centre_id for flow in found[12:]] == [*CENTRES, NATION]


def test_the_account_of_a_delivery_is_that_of_its_steps():
    flow = of(flows(journal(), 11), "c03", "c03_export_2.csv")
    aside = 20 + 7
    assert counts(flow) == [900, 848 - aside, aside, 12, 40, 507]


def test_what_is_received_is_what_became_of_it():
    for flow in flows(journal(), 1):
        received, *rest, _ = counts(flow)
        assert received == sum(part or 0 for part in rest)


def test_the_account_of_a_centre_is_the_sum_of_its_deliveries():
    found = flows(journal(), 1)
    for centre in CENTRES:
        own = [flow for flow in found if flow.centre_id == centre and flow.delivery]
        total = of(found, centre)
        assert counts(total) == [sum(values) for values in zip(*map(counts, own), strict=True)]


def test_the_network_is_the_sum_of_the_centres():
    found = flows(journal(), 1)
    centres = [flow for flow in found if flow.delivery is None and flow.centre_id]
    assert counts(found[-1]) == [sum(values) for values in zip(*map(counts, centres), strict=True)]


def test_a_small_count_is_hidden_with_what_would_tell_it():
    found = flows(journal(), 11)
    first, second = of(found, "c00", "c00_export_1.csv"), of(found, "c00", "c00_export_2.csv")
    assert (first.set_aside, first.received) == (None, 900)
    assert first.filtered is None  # 900 - 843 - 12 - 40 would tell
    assert second.set_aside is None  # the total of the centre, less it, would tell
    assert of(found, "c00").set_aside == 26


def test_a_large_threshold_leaves_no_small_count():
    for flow in flows(journal(), 50):
        assert all(count is None or count == 0 or count >= 50 for count in counts(flow))


def test_without_accounts_there_is_nothing_to_tell():
    assert flows(Journal(run_id=1, deliveries=deliveries()), 11) == []
    national = [Account(step="link", table="person", rows_in=3, rows_out=3)]
    assert flows(Journal(run_id=1, accounts=national, deliveries=deliveries()), 11) == []
    assert flows(Journal(run_id=1, accounts=accounts()), 11) == []


def test_a_delivery_without_account_stands_with_zeros():
    more = replace(deliveries()[0], delivery_id="new", file_name="new.csv")
    found = flows(replace(journal(), deliveries=[*deliveries(), more]), 11)
    assert counts(of(found, "c00", "new.csv")) == [0] * 6


def test_an_odd_file_name_is_fit_to_print():
    odd = replace(deliveries()[0], file_name="a\u202eb\n.csv")
    found = flows(replace(journal(), deliveries=[odd]), 11)
    assert found[0].file_name == "a\\u202eb\\n.csv"
