"""HR's departments, people, invitations and letters; signing in and starting without an e-mail address."""

from .row import EVERYBODY, Ref, Row, form, may

HR = "hr staff"
DEPARTMENT = {"pk": Ref("department")}
EMPLOYMENT = {"pk": Ref("employment")}
EMPLOYER = Ref("employer", "slug")
LETTER = {"code": Ref("letter", "code")}
NEW = {"employer": EMPLOYER, "name": "Expeditie"}

STAFF: dict[str, Row] = {
    "department-list GET": may(HR, body={"employer": EMPLOYER}),
    "department-list POST": may(HR, body=NEW | {"parent": Ref("department")}),
    "department-detail GET": may(HR, **DEPARTMENT),
    "department-detail PATCH": may(HR, **DEPARTMENT, body={"name": "Anders"}),
    "department-detail DELETE": may(HR, **DEPARTMENT),
    "department-merge POST": may(HR, **DEPARTMENT, body={"into": Ref("second_department")}),
    "employment-invite POST": may(HR, body={"employer": EMPLOYER, "employments": [Ref("employment")]}),
    "employment-letters POST": may(HR, body={"employer": EMPLOYER, "employments": [Ref("numbered")]}),
    "organizations:departments GET": may(HR),
    "organizations:departments POST": form(HR),
    "organizations:department GET": may(HR, **DEPARTMENT),
    "organizations:department POST": form(HR, **DEPARTMENT),
    "organizations:merge_department POST": form(HR, **DEPARTMENT, fields={"into": Ref("second_department")}),
    "organizations:delete_department POST": form(HR, **DEPARTMENT),
    "organizations:add_person GET": may(HR),
    "organizations:add_person POST": form(HR),
    "organizations:edit_employment GET": may(HR, **EMPLOYMENT),
    "organizations:edit_employment POST": form(HR, **EMPLOYMENT),
    "organizations:correct_address POST": form(HR, **EMPLOYMENT, fields={"email": "x"}),
    "employment-address POST": may(HR, pk=Ref("numbered"), body={"email": "anders@voorbeeld.test"}),
    "organizations:leave GET": may(HR, **EMPLOYMENT),
    "organizations:leave POST": form(HR, **EMPLOYMENT),
    "organizations:invitations GET": may(HR),
    "organizations:invite POST": form(HR),
    "organizations:letters POST": form(HR),
    "organizations:sign_in_by_number GET": may(EVERYBODY),
    "organizations:sign_in_by_number POST": form(EVERYBODY),
    "organizations:activate GET": may(EVERYBODY),
    "organizations:activate POST": form(EVERYBODY),
    "organizations:activate_by_code GET": may(EVERYBODY, **LETTER, public=True),
    "organizations:activate_by_code POST": form(EVERYBODY, **LETTER, public=True),
    "enrollments:functions GET": may(HR),
    "enrollments:function GET": may(HR, body={"title": "Lasser"}),
    "enrollments:function POST": form(HR, fields={"title": "Lasser"}),
    "job-function-list GET": may(HR, body={"employer": EMPLOYER}),
    "job-function-list POST": may(HR, body={"employer": EMPLOYER, "title": "Lasser", "occupation": None}),
}
