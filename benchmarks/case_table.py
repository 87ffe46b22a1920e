"""What each shared case must give: one entry a run, the figures that are right and what must be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Command = Literal["score", "ltv", "check"]
_NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """`folder` and `file` (None: as its config says), with `more` beside it. `accounts`: the ids that are scored. `cells`: `id.column` of the
    report, None for missing. `months`: `month.movement` of the revenue report. `said`: codes of problems that must be
    among those told; `unsaid`: that must not. `asks`: a code with which the run must end.
    """

    folder: str
    command: Command = "score"
    file: str | None = "accounts.csv"
    more: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    cells: Mapping[str, object] = field(default_factory=lambda: _NONE)
    months: Mapping[str, object] = field(default_factory=lambda: _NONE)
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    asks: str | None = None


def _summary(name: str, *more: str) -> Case:
    return Case("j08-summary-rows", file=name, accounts=("C1", "C2", *more), said=("data.rows_left_out*",))


CASES: tuple[Case, ...] = (
    Case("01-number-shapes", cells={"A1.mrr": -1234, "A2.mrr": -500, "A3.mrr": 1234.5, "A4.mrr": None, "A7.mrr": 12500, "A9.mrr": 1234.5, "A10.mrr": 1234, "A12.mrr": 1200, "A19.mrr": 1200, "A20.mrr": 1200, "A23.mrr": 1200, "A24.mrr": 120000}, said=("data.not_a_number", "data.no_rate")),
    Case("02-currency-prefix-mix", cells={"A1.mrr": 1200, "A2.mrr": None, "A3.mrr": None}, said=("data.no_rate",)),
    Case("02b-dollar-sign-shown-as-yen", cells={"A1.mrr": 1200}, said=("data.currency_seen",)),
    Case("07-stripe-subscriptions-export", "ltv", months={"2026-10.closing": 100, "2026-06.churn": 300}, said=("revenue.times_quantity",)),
    Case("08-open-end-9999", "ltv", months={"2026-10.closing": 200}),
    Case("09-inclusive-end-date", "ltv", months={"2026-03.churn": 0, "2026-04.reactivation": 0, "2026-10.closing": 220}, said=("revenue.ends_on_last_day",)),
    Case("10-upgrade-same-day", "ltv", months={"2026-05.expansion": 50, "2026-05.churn": 0}),
    Case("11-late-renewal-gap", "ltv", months={"2026-04.churn": 100, "2026-05.reactivation": 100}, said=("revenue.gaps",)),
    Case("12-discount-and-credit-lines", "ltv", months={"2026-05.closing": 180, "2026-06.expansion": 20, "2026-08.churn": 0, "2026-08.closing": 100}, said=("revenue.negative_mrr",)),
    Case("13-cancel-scheduled-future", accounts=("C1", "C3")),
    Case("14-reactivated-account-row", accounts=("C1", "C2", "C3"), said=("data.came_back",)),
    Case("15-hubspot-epoch-ms", cells={"A0.score": 100}, said=("data.date_epoch",)),
    Case("15c-epoch-pinned", file=None, cells={"A1.score": 100}),
    Case("16-two-digit-years", cells={"A0.score": 0, "A1.score": 0}, said=("data.date_order_assumed",), unsaid=("data.date_order_ambiguous",)),
    Case("17-month-names", said=("data.not_a_date",)),
    Case("18-japanese-era", said=("data.date_months",)),
    Case("19-utc-timestamps", file=None, cells={"A0.score": 16.7, "A1.score": 19.4, "A2.score": 16.7}),
    Case("20-zero-and-sentinel-dates", said=("data.date_sentinels", "data.not_a_date")),
    Case("21-nps-0-10-scale", said=("data.scale_found",)),
    Case("22b-percent-all-72", said=("data.scale_found",)),
    Case("23-sf-footer", accounts=("0015g00000AbCdE", "0015g00000AbCdF"), said=("reading.footer",)),
    Case("23b-sf-footer-xlsx", file="accounts.xlsx", accounts=("0015g00000AbCdE", "0015g00000AbCdF"), said=("data.rows_left_out",)),
    Case("24-sf-multiline", cells={"A1.mrr": 1200, "A2.name": "Birch, Inc"}),
    Case("25-excel-quoted-ids", accounts=("00123", "00124")),
    Case("26-sep-line-semicolon", cells={"A1.mrr": 1234.5, "A2.name": "Äpfel AG"}),
    Case("26b-utf8-marker-line", accounts=("A1", "A2")),
    Case("27-utf16-tab", cells={"A1.name": "山田商事", "A1.mrr": 1200}),
    Case("29-kintone-subtable", accounts=("C001", "C002"), said=("data.sub_rows",)),
    Case("29-kintone-subtable", file="accounts2.csv", accounts=("C001", "C002"), said=("data.sub_rows",)),
    Case("30-total-row-middle-and-name", file="accounts.xlsx", accounts=("A1", "A2"), said=("data.rows_left_out*",)),
    Case("31-two-row-header", file="accounts.xlsx", accounts=("A1", "A2"), cells={"A1.mrr": 100}, said=("data.unit_row",)),
    Case("32-check-hides-duplicates", "check", said=("data.duplicate_id",)),
    Case("32b-check-duplicates-with-config", "check", file=None, said=("data.duplicate_id",)),
    Case("33-wide-mrr-by-month", said=("data.months_unread",)),
    Case("34-mrr-by-month-holes", "ltv", file=None, months={"2026-06.churn": 100, "2026-07.reactivation": 100, "2026-09.closing": 200}, said=("revenue.months_stop_early", "revenue.gaps")),
    Case("34b-month-pinned", "ltv", file=None, months={"2026-10.closing": 100}),
    Case("35-sf-15-18-join", file=None, cells={"0015g00000AbCdE.score": 50, "0015g00000ABcdE.score": 10}, said=("match.joined_crm_id",)),
    Case("36-hubspot-merged-ids", file=None, said=("data.ids_without_account",)),
    Case("37-excel-ids-float", file=None, cells={"1001.score": 50}, said=("match.joined_number",)),
    Case("38-leading-zero-lost", file=None, said=("data.ids_without_account",)),
    Case("39-mrr-no-start-date", "ltv", months={"2026-10.closing": 300}, said=("revenue.start_assumed",)),
    Case("40-mixpanel-epoch", file=None, cells={"A1.score": 66.7, "A2.score": 33.3}),
    Case("41-amplitude-times", file=None, cells={"A1.score": 33.3, "A2.score": 33.3}, said=("events.rows_without_account",)),
    Case("42-zendesk-tickets", file=None, said=("match.joined_name", "data.ids_without_account")),
    Case("44-arr-mrr-disagree", said=("data.mrr_equals_arr",)),
    Case("45-term-amount", "ltv", cells={}, months={"2026-10.closing": 1333.3333}, said=("revenue.term_and_billing",)),
    Case("46-status-column-only", accounts=("A2", "A3"), cells={"A3.mrr": 0}, said=("data.left_without_date", "data.status_counts_nothing")),
    Case("47-parent-child", cells={"P1.mrr": 0, "C1.mrr": 600}, said=("data.parent_counted_once",)),
    Case("50-glob-copies", file=None, said=("reading.no_exports", "reading.newest_taken")),
    Case("51-cron-env", file=None, cells={"A1.name": "山田商事"}),
    Case("60-real-like-status-subs", "ltv", months={"2026-10.closing": 4000}, said=("revenue.not_recurring",)),
    Case("60-real-like-status-subs", cells={"k1.owner": "Csm Cleo", "k1.mrr": 4000, "k2.mrr": 0}),
    Case("60b-status-as-kind", "ltv", file=None, months={"2026-10.closing": 20}, said=("revenue.not_recurring", "revenue.ended_without_date")),
    Case("61-unit-in-header", file="arrk.csv", cells={"A1.arr": 120000}, said=("data.unit_applied",)),
    Case("61-unit-in-header", file="cents.csv", cells={"A1.mrr": 1200}, said=("data.unit_applied",)),
    Case("61-unit-in-header", file="k.csv", cells={"A1.mrr": 12500}, said=("data.unit_applied",)),
    Case("61-unit-in-header", file="senyen.csv", cells={"A1.mrr": 120000}, said=("data.unit_applied",)),
    Case("61-unit-in-header", file="senyen2.csv", cells={"A1.mrr": 120000}, said=("data.unit_applied",)),
    Case("62-rollup-literal-case", file=None, said=("rules.text_never_met",)),
    Case("62-rollup-literal-case", "check", file=None, said=("rules.text_never_met",)),
    Case("63-own-report-as-input", file=None, accounts=("A1", "A2"), said=("reading.no_exports",)),
    Case("70-half-converted-dates", file="accounts.xlsx", asks="data.date_order_swapped"),
    Case("71-hidden-filtered-rows", file="accounts.xlsx", said=("reading.hidden_rows",)),
    Case("72-delims", file="a.csv", cells={"A1.mrr": 25, "A1.name": "Ray"}),
    Case("72-delims", file="a2.csv", cells={"A1.name": "Ray, Inc"}),
    Case("72-delims", file="b.csv", cells={"A1.mrr": 25, "A1.name": "Ray"}),
    Case("72-delims", file="d.csv", cells={"A1.name": "O'Connor & Sons"}),
    Case("72-delims", file="e.csv", asks="reading.row_width"),
    Case("73-numbers-as-text-xlsx", file="accounts.xlsx", cells={"1001.mrr": 1200, "1002.mrr": 800}, said=("data.out_of_range",)),
    Case("74-cancel-vs-end-column-order", "ltv", months={"2026-10.closing": 200, "2026-05.churn": 0}),
    Case("75-term-end-not-renewed-row", "ltv", months={"2026-10.closing": 600}, said=("revenue.renewed_by_itself",)),
    Case("76-duplicate-headers", cells={"A1.mrr": 100}, said=("reading.header_repeated",)),
    Case("77-duplicate-sub-rows", "ltv", months={"2026-10.closing": 220}, said=("revenue.line_again", "revenue.line_again_differs")),
    Case("79-unlimited-seats-and-words", cells={"A1.mrr": 0}, said=("data.not_a_number",)),
    Case("80-active-users-over-seats", said=("data.users_far_over_seats", "data.out_of_range", "data.date_after_as_of")),
    Case("82-repeated-header", accounts=("A1", "A2", "A3"), said=("reading.header_again",)),
    Case("82-repeated-header", file="accounts.xlsx", accounts=("A1", "A2", "A3"), said=("reading.header_again",)),
    Case("85-test-and-internal-accounts", accounts=("A1", "A9"), said=("data.may_be_test",)),
    *(Case("86-total-then-footnote", file=f"{name}.xlsx", accounts=("A1", "A2", "A3")) for name in ("a-total-only", "b-total-footnote", "c-ja", "d-total-average", "e-total-n", "f-subtotals")),
    Case("87-mrr-month-dup", "ltv", file=None, months={"2026-10.closing": 100}, said=("revenue.month_again",)),
    Case("j01-renewal-date-or-updated", file="kou.csv", cells={"C1.renews_on": "2027-03-31", "C2.renews_on": "2027-06-30"}),
    Case("j03-contact-or-csm", file="kintone.csv", cells={"101.owner": "山田 花子", "102.owner": "田中 太郎"}),
    Case("j04-status-and-past-end", file="status.csv", accounts=("C1", "C3"), said=("data.left_at_end",)),
    Case("j05-yearly-amount-only", file="nengaku.csv", cells={"C1.mrr": 120000}, said=("data.mrr_from_arr",)),
    Case("j06-margin-in-percent", file="gm.csv", said=("data.scale_found",)),
    Case("j07-unit-in-title", file="tani.xlsx", cells={"C1.mrr": 120000, "C2.mrr": 450000}, said=("data.unit_applied",)),
    *map(_summary, ("a-total-wide.csv", "b-brackets.csv", "c-tax.csv", "d-count.csv", "e-average.csv", "f-then-note.csv", "g-then-end.csv", "h-tax-row.csv", "i-printed.csv")),
    _summary("j-subtotal.csv", "C3"),
    Case("j10-ledger-broken-headers", file="daicho2.xlsx", accounts=("A-1", "A-2", "A-3"), cells={"A-1.mrr": 120000}),
    Case("j11-salesforce-footer", file="salesforce.csv", accounts=("0015g00000AbCdEAAV", "0015g00000AbCdFAAV"), said=("reading.footer",)),
    Case("j12-hubspot", file="hubspot.csv", cells={"12345678901.owner": "山田 花子", "12345678901.mrr": 120000}),
    Case("j13-invoices", file="freee.csv", asks="config.nothing_to_score_in"),
    Case("j15-zoho", file="zoho.csv", cells={"zcrm_4876876000000123456.owner": "山田 花子"}),
    Case("j16-business-cards", file="sansan.csv", asks="init.nobody"),
    Case("j17-number-forms", file="num.csv", cells={"C001.mrr": 1234567, "C004.mrr": 1234567, "C005.mrr": 1230000, "C007.mrr": 1234000, "C008.mrr": 120000000, "C009.mrr": -1000, "C012.mrr": -1000, "C021.mrr": None}, said=("data.not_a_number",)),
    Case("j18-date-forms", file="dates.csv", cells={"C001.renews_on": "2026-04-01", "C007.renews_on": "2026-04-01", "C014.renews_on": "2019-04-30", "C023.renews_on": "2026-04-01", "C032.renews_on": "2026-04-01", "C035.renews_on": "2026-04-01", "C036.renews_on": "2026-04-30", "C054.renews_on": None}, said=("data.not_a_date", "data.date_months")),
    Case("j19-trial-words", "ltv", file=None, months={"2026-10.closing": 11800}, said=("revenue.kind_unknown", "revenue.not_recurring")),
    Case("n03-dollar-header", cells={"1.mrr": 1200.5}, said=("data.currency_seen",)),
    Case("n04-three-currencies", cells={"1.mrr": 1000, "2.mrr": None, "3.mrr": None}, said=("data.no_rate",)),
    Case("n05-two-orgs-one-account", file=None, cells={"A1.score": 50}, said=("data.ids_without_account",)),
    Case("n01-churn-log", more=("churn_events.csv",), accounts=("A3",)),
    Case("n06-repeated-account-id", "ltv", file="subscriptions.csv", months={"2026-10.closing": 170, "2026-01.expansion": 20}),
    Case("n13-revenue-only", "ltv", file=None, months={"2026-10.closing": 100}),
    Case("n13-revenue-only", file=None, asks="config.nothing_to_score_in"),
    Case("n16-two-hop", more=("subscriptions.csv", "feature_usage.csv"), cells={"A1.mrr": 150, "A2.mrr": 70}),
    Case("n08-vendor-id", accounts=("0015g00000A1b2C", "0015g00000A1b2D")),
    Case("n10-derived-money", file=None, accounts=("A1",), cells={"A1.mrr": 100, "A1.arr": 1200}),
    Case("n11-no-money", cells={"A1.mrr": None, "A1.arr": None}),
    Case("n12-band-typo", file=None, asks="config.unknown_value"),
    Case("n14-accents", file=None, cells={"A1.name": "Crédito del Norte", "A3.name": "Müller & Söhne"}, said=("reading.encoding_*",)),
)  # fmt: skip

ELSEWHERE = {
    "52-readonly-and-symlink": "tests/workflows/test_links.py", "53-output-over-input": "tests/workflows/test_links.py", "j20-six-tables": "first run",
    "n02-call-log": "first run", "n07-orders": "first run",
    "n09-cap-that-does-not-bind": "tests/workflows/history/test_a_cap_that_does_not_bind.py", "n15-user-list": "first run",
    "n17-own-columns": "first run",
}  # fmt: skip
"""Cases that are no single reading of a file, and what they belong to."""
