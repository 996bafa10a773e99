"""Places, waiting lists, agreements, invoices."""

from .row import SIGNED_IN, Ref, Row, form, may

HR = "hr staff"
PROVIDES = "teacher publisher staff"
ONE = {"pk": Ref("enrollment")}
CODE = {"code": Ref("offering", "code")}
KEEPS = "hr publisher staff"
SELLS = "publisher staff"
AGREED, ASKED, BILL = {"pk": Ref("agreement")}, {"pk": Ref("proposal")}, {"pk": Ref("invoice")}
SIDES = {"employer": Ref("employer", "slug", shared=True), "provider": Ref("provider", "slug", shared=True)}
PROPOSED = SIDES | {"by_provider": True, "reference": "Nieuw", "starts_on": "2099-01-01", "ends_on": "2099-12-31"}
HOLD = {"offering": Ref("offering", "code", shared=True), "employer": Ref("employer", "slug", shared=True)}
HOLD |= {"places": 1, "until": "2099-01-01"}
INVOICE = {"agreement": Ref("agreement"), "number": "2026-9", "dated_on": "2026-01-01", "amount": "10.00"}

MONEY: dict[str, Row] = {
    "enrollment-accept POST": may("worker", **ONE, visible=True),
    "enrollment-decline POST": may("worker", **ONE, visible=True),
    "enrollment-not-passed POST": may(PROVIDES, **ONE, body={"reason": "Niet gehaald"}, visible=True),
    "enrollment-waiting GET": may("worker hr staff", pk=Ref("waiting"), visible=True),
    "enrollments:answer GET": may("worker", **ONE, visible=True),
    "enrollments:answer POST": form("worker", **ONE, fields={"answer": "accept"}, visible=True),
    "enrollments:waiting_lists GET": may(HR),
    "enrollments:waiting_list GET": may(HR, **CODE, public=True),
    "enrollments:not_passed GET": may(PROVIDES, **ONE),
    "enrollments:not_passed POST": form(PROVIDES, **ONE, fields={"reason": "Niet gehaald"}),
    "courses:reserved_places GET": may(SELLS, **CODE, visible=True),
    "courses:reserved_places POST": form(SELLS, **CODE, visible=True),
    "courses:give_up_places POST": form(KEEPS, pk=Ref("held")),
    "courses:own_places GET": may(HR),
    "reserved-places-list GET": may(SIGNED_IN),
    "reserved-places-list POST": may(SELLS, body=HOLD),
    "reserved-places-detail GET": may(KEEPS, pk=Ref("held")),
    "reserved-places-give-up POST": may(KEEPS, pk=Ref("held")),
    "agreement-list GET": may(SIGNED_IN),
    "agreement-list POST": may(SELLS, body=PROPOSED | {"seats": 3}),
    "agreement-detail GET": may(KEEPS, **AGREED),
    "agreement-accept POST": may(HR, **ASKED, body={"terms": "oud"}),
    "agreement-end POST": may(KEEPS, **AGREED, body={"reason": "Klaar"}),
    "agreement-add POST": may(SELLS, **AGREED, body={"seats": 1}),
    "agreement-correct POST": may(SELLS, **AGREED, body={"seats": 1, "reason": "Telfout"}),
    "ledger-entry-list GET": may(SIGNED_IN),
    "invoice-list GET": may(SIGNED_IN),
    "invoice-list POST": may(SELLS, body=INVOICE),
    "invoice-detail GET": may(KEEPS, **BILL),
    "invoice-paid POST": may(SELLS, **BILL, body={"paid_on": "2099-01-01"}),
    "enrollments:agreements GET": may(KEEPS),
    "enrollments:propose_agreement GET": may(KEEPS),
    "enrollments:propose_agreement POST": form(KEEPS),
    "enrollments:agreement GET": may(KEEPS, **AGREED),
    "enrollments:accept_agreement POST": form(HR, **ASKED),
    "enrollments:price_agreement POST": form(KEEPS, **ASKED),
    "enrollments:add_to_agreement POST": form(SELLS, **AGREED, fields={"seats": 1}),
    "enrollments:correct_agreement POST": form(SELLS, **AGREED, fields={"seats": 1, "reason": "Telfout"}),
    "enrollments:end_agreement POST": form(KEEPS, **AGREED),
    "enrollments:new_invoice GET": may(SELLS, **AGREED),
    "enrollments:new_invoice POST": form(SELLS, **AGREED),
    "enrollments:invoices GET": may(KEEPS),
    "enrollments:invoice_paid POST": form(SELLS, **BILL, fields={"paid_on": "2099-01-01"}),
}
