"""Who may go through which door with objects of their own tenant. A foreign object is a 404 for everybody.

`yes` to a role means: past the permission check (the answer may still be 400 or 409). Keep it sorted by app.
"""

from .row import EVERYBODY, SIGNED_IN, Ref, Row, form, may
from .rows_authoring import AUTHORING
from .rows_exchange import EXCHANGE
from .rows_interest import INTEREST
from .rows_modules import MODULES
from .rows_money import MONEY
from .rows_moves import MOVES
from .rows_needs import NEEDS
from .rows_ooapi import OOAPI
from .rows_prerequisites import PREREQUISITES
from .rows_programmes import PROGRAMMES
from .rows_public import PUBLIC
from .rows_region import REGION
from .rows_reports import REPORTS
from .rows_requests import REQUESTS
from .rows_reviews import REVIEWS
from .rows_rules import RULES
from .rows_sessions import SESSIONS
from .rows_skills import SKILLS
from .rows_staff import STAFF

# Held elsewhere: Django's admin (tests/lms/test_admin_doors.py), allauth's own pages, static documentation.
OTHERS = ("admin:", "account_", "mfa_", "schema", "docs")

HR = "hr staff"
TEACHES = "teacher publisher staff"
IN_PROVIDER = "teacher publisher reviewer coordinator org_admin staff"
SEES_ENROLLMENT = "worker hr teacher publisher staff"

PLATFORM: dict[str, Row] = {
    "livez GET": may(EVERYBODY),
    "readyz GET": may(EVERYBODY),
    "api GET": may(EVERYBODY),
    "api POST": form(EVERYBODY),
    "api PUT": may(EVERYBODY),
    "api PATCH": may(EVERYBODY),
    "api DELETE": may(EVERYBODY),
    "web:dashboard GET": may(SIGNED_IN),
    "web:set_language POST": form(EVERYBODY),
    "accounts:account GET": may(SIGNED_IN),
    "accounts:account POST": form(SIGNED_IN),
    "accounts:tokens GET": may(SIGNED_IN),
    "accounts:tokens POST": form(SIGNED_IN),
    "accounts:revoke_token POST": form("worker", token_id=Ref("token")),
    "accounts:accept_invitation GET": may(EVERYBODY, secret=Ref("invitation"), public=True),
    "accounts:accept_invitation POST": form(EVERYBODY, secret=Ref("invitation"), public=True),
    "my-token-list GET": may(SIGNED_IN),
    "my-token-list POST": may(SIGNED_IN, body={"name": "script"}),
    "my-token-detail DELETE": may("worker", pk=Ref("token")),
    "me GET": may(SIGNED_IN),
    "me PATCH": may(SIGNED_IN, body={"language": "en"}),
}

MEMBERSHIP = {"pk": Ref("membership")}
EMPLOYMENT = {"pk": Ref("employment")}
LOCATION = {"pk": Ref("location")}
NEW_MEMBER = {"organization": Ref("provider", "slug"), "email": Ref("worker", "email", shared=True), "role": "teacher"}
ORGANIZATIONS: dict[str, Row] = {
    "organization-list GET": may(SIGNED_IN),
    "organization-detail GET": may(IN_PROVIDER, slug=Ref("provider", "slug")),
    "organization-detail PATCH": may("org_admin staff", slug=Ref("provider", "slug"), body={"website": ""}),
    "membership-list GET": may(SIGNED_IN),
    "membership-list POST": may("org_admin staff", body=NEW_MEMBER),
    "membership-detail GET": may(IN_PROVIDER, **MEMBERSHIP),
    "membership-detail DELETE": may("org_admin staff", **MEMBERSHIP),
    "employment-list GET": may(SIGNED_IN),
    "employment-list POST": may(
        HR, body={"employer": Ref("employer", "slug"), "email": Ref("teacher", "email", shared=True)}
    ),
    "employment-detail GET": may("worker hr staff", **EMPLOYMENT),
    "employment-detail PATCH": may(HR, **EMPLOYMENT, body={"department": "Lassen"}),
    "employment-end POST": may(HR, **EMPLOYMENT, body={"ends_on": "2030-01-01"}),
    "location-list GET": may(SIGNED_IN),
    "location-list POST": may(
        "org_admin staff", body={"organization": Ref("provider", "slug"), "name": "Lokaal 9", "city": "Emmen"}
    ),
    "location-detail GET": may(SIGNED_IN, **LOCATION, public=True),
    "location-detail PATCH": may("org_admin staff", **LOCATION, body={"city": "Coevorden"}, visible=True),
    "location-detail DELETE": may("org_admin staff", **LOCATION, visible=True),
    "organizations:index GET": may(SIGNED_IN),
    "organizations:members GET": may(IN_PROVIDER, slug=Ref("provider", "slug")),
    "organizations:members POST": form(
        "org_admin staff",
        slug=Ref("provider", "slug"),
        fields={"email": Ref("worker", "email", shared=True), "role": "teacher"},
    ),
    "organizations:remove_member POST": form(
        "org_admin staff", slug=Ref("provider", "slug"), membership_id=Ref("membership")
    ),
}

ENROLLMENT = {"pk": Ref("enrollment")}
TEXT = {"enrollment": Ref("enrollment"), "pk": Ref("text")}
QUIZ = {"enrollment": Ref("enrollment"), "pk": Ref("quiz")}
TEXT_PAGE = {"pk": Ref("enrollment"), "unit_pk": Ref("text")}
OFFERING = {"code": Ref("offering", "code")}
ENROLLMENTS: dict[str, Row] = {
    "enrollment-list GET": may(SIGNED_IN),
    "enrollment-list POST": may(SIGNED_IN, body={"offering": Ref("offering", "code", shared=True)}),
    "enrollment-detail GET": may(SEES_ENROLLMENT, **ENROLLMENT),
    "enrollment-withdraw POST": may("worker hr staff", **ENROLLMENT),
    "enrollment-unit-list GET": may("worker " + TEACHES, enrollment=Ref("enrollment")),
    "enrollment-unit-detail GET": may("worker", **TEXT),
    "enrollment-unit-attempts GET": may("worker", **QUIZ),
    "enrollment-unit-attempts POST": may("worker", **QUIZ, body={"answers": {"q1": ["a"], "q2": ["a"]}}),
    "enrollment-unit-done POST": may("worker", **TEXT),
    "enrollment-unit-open POST": may("worker", **TEXT),
    "enrollments:my_learning GET": may(SIGNED_IN),
    "enrollments:enroll_self GET": may(SIGNED_IN, **OFFERING, public=True),
    "enrollments:enroll_self POST": form(SIGNED_IN, **OFFERING, public=True),
    "enrollments:learn GET": may("worker", **ENROLLMENT),
    "enrollments:finished GET": may("worker", **ENROLLMENT),
    "enrollments:withdraw GET": may("worker hr staff", **ENROLLMENT),
    "enrollments:withdraw POST": form("worker hr staff", **ENROLLMENT),
    "enrollments:unit GET": may("worker", **TEXT_PAGE),
    "enrollments:unit POST": form("worker", **TEXT_PAGE),
    "enrollments:result GET": may("worker", pk=Ref("enrollment"), unit_pk=Ref("quiz"), number=1),
    "enrollments:staff GET": may(HR),
    "enrollments:enroll_staff GET": may(HR),
    "enrollments:enroll_staff POST": form(HR),
    "enrollments:person GET": may(HR, **EMPLOYMENT),
    "enrollments:who_is_where GET": may(HR),
    "enrollments:participants GET": may(TEACHES, **OFFERING, visible=True),
    "enrollments:participant GET": may(TEACHES, **ENROLLMENT),
}

DRAFT = {"pk": Ref("draft")}
SECTION = {"pk": Ref("section")}
UNIT = {"pk": Ref("unit")}
RUN = {"pk": Ref("offering")}
AUTHORS = "teacher publisher staff"
PUBLISHES = "publisher staff"
SEES_DRAFTS = "teacher publisher reviewer staff"
TITLE = {"nl": "Titel"}
COURSES: dict[str, Row] = {
    "catalogue-list GET": may(EVERYBODY),
    "catalogue-detail GET": may(EVERYBODY, pk=Ref("version"), public=True),
    "skill-list GET": may(EVERYBODY),
    "skill-detail GET": may(EVERYBODY, pk=Ref("skill"), public=True),
    "occupation-list GET": may(EVERYBODY),
    "occupation-detail GET": may(EVERYBODY, pk=Ref("occupation"), public=True),
    "occupation-skills GET": may(EVERYBODY, pk=Ref("occupation"), public=True),
    "module-list GET": may(SIGNED_IN),
    "module-list POST": may(
        AUTHORS, body={"provider": Ref("provider", "slug"), "code": "nieuw", "title": TITLE, "track": "mbo"}
    ),
    "module-detail GET": may(SEES_DRAFTS, pk=Ref("draft_module")),
    "module-draft POST": may(AUTHORS, pk=Ref("draft_module")),
    "version-detail GET": may(SEES_DRAFTS, **DRAFT),
    "version-detail PATCH": may(AUTHORS, **DRAFT, body={"revision": 0, "level": 3}),
    "version-detail DELETE": may(AUTHORS, **DRAFT),
    "version-draft POST": may(AUTHORS, pk=Ref("version"), visible=True),
    "version-publish POST": may(PUBLISHES, **DRAFT),
    "version-publish-check GET": may(SEES_DRAFTS, **DRAFT),
    "section-list GET": may(EVERYBODY),
    "section-list POST": may(AUTHORS, body={"version": Ref("draft"), "title": TITLE}),
    "section-detail GET": may(SEES_DRAFTS, **SECTION),
    "section-detail PATCH": may(
        AUTHORS, **SECTION, body={"title": TITLE, "revision": Ref("section_revision", shared=True)}
    ),
    "section-detail DELETE": may(AUTHORS, **SECTION),
    "section-move POST": may(AUTHORS, **SECTION, body={"position": 0}),
    "unit-list GET": may(EVERYBODY),
    "unit-list POST": may(
        AUTHORS, body={"section": Ref("section"), "kind": "text", "title": TITLE, "data": {"body": TITLE}}
    ),
    "unit-detail GET": may(SEES_DRAFTS, **UNIT),
    "unit-detail PATCH": may(AUTHORS, **UNIT, body={"revision": Ref("unit_revision", shared=True), "minutes": 5}),
    "unit-detail DELETE": may(AUTHORS, **UNIT),
    "unit-move POST": may(AUTHORS, **UNIT, body={"position": 0, "section": Ref("section")}),
    "image-list GET": may(EVERYBODY),
    "image-list POST": form(AUTHORS, fields={"module": Ref("draft_module")}, incomplete=True),
    "image-detail GET": may(SEES_DRAFTS, pk=Ref("image")),
    "offering-list GET": may(EVERYBODY),
    "offering-list POST": may(PUBLISHES, body={"version": Ref("version", shared=True), "code": "nieuw-aanbod"}),
    "offering-detail GET": may("worker hr teacher publisher staff", pk=Ref("reserved")),
    "offering-detail PATCH": may(PUBLISHES, **RUN, body={"capacity": 12}, visible=True),
    "offering-cancel POST": may(PUBLISHES, **RUN, visible=True),
    "courses:catalogue GET": may(EVERYBODY),
    "courses:image GET": may(SEES_DRAFTS, pk=Ref("image")),
    "courses:module GET": may(EVERYBODY, provider=Ref("provider", "slug"), code=Ref("module", "code"), public=True),
}

DRAFT_PAGES: dict[str, Row] = {
    "courses:my_modules GET": may(SEES_DRAFTS),
    "courses:new_module GET": may(AUTHORS),
    "courses:new_module POST": form(AUTHORS),
    "courses:authored_module GET": may(SEES_DRAFTS, pk=Ref("draft_module")),
    "courses:new_draft POST": form(AUTHORS, pk=Ref("module"), visible=True),
    "courses:facts GET": may(AUTHORS, **DRAFT),
    "courses:facts POST": form(AUTHORS, **DRAFT),
    "courses:skills GET": may(AUTHORS, **DRAFT),
    "courses:skills POST": form(AUTHORS, **DRAFT),
    "courses:content GET": may(AUTHORS, **DRAFT),
    "courses:add_section POST": form(AUTHORS, **DRAFT),
    "courses:preview GET": may(SEES_DRAFTS, **DRAFT),
    "courses:check GET": may(SEES_DRAFTS, **DRAFT),
    "courses:publish POST": form(PUBLISHES, **DRAFT),
    "courses:discard GET": may(AUTHORS, **DRAFT),
    "courses:discard POST": form(AUTHORS, **DRAFT),
    "courses:new_offering GET": may(PUBLISHES, pk=Ref("version"), visible=True),
    "courses:new_offering POST": form(PUBLISHES, pk=Ref("version"), visible=True),
    "courses:change_section POST": form(AUTHORS, **SECTION),
    "courses:unit GET": may(AUTHORS, **UNIT),
    "courses:unit POST": form(AUTHORS, **UNIT),
    "courses:change_unit POST": form(AUTHORS, **UNIT),
    "courses:preview_unit GET": may(SEES_DRAFTS, **UNIT),
    "courses:edit_offering GET": may(PUBLISHES, code=Ref("offering", "code"), visible=True),
    "courses:edit_offering POST": form(PUBLISHES, code=Ref("offering", "code"), visible=True),
    "courses:cancel_offering GET": may(PUBLISHES, code=Ref("offering", "code"), visible=True),
    "courses:cancel_offering POST": form(PUBLISHES, code=Ref("offering", "code"), visible=True),
}

CERTIFICATE = {"pk": Ref("certificate")}
CODE = {"code": Ref("certificate", "code")}
SEES_CERTIFICATE = "worker hr teacher publisher staff"
CERTIFICATES: dict[str, Row] = {
    "certificate-list GET": may(SIGNED_IN),
    "certificate-detail GET": may(SEES_CERTIFICATE, **CERTIFICATE),
    "certificate-pdf GET": may(SEES_CERTIFICATE, **CERTIFICATE),
    "certificate-revoke POST": may(PUBLISHES, **CERTIFICATE, body={"reason": "Fraude"}),
    "certificate-replace POST": may(PUBLISHES, **CERTIFICATE, body={"reason": "Naam fout", "holder_name": "A. Jansen"}),
    "certificates:mine GET": may(SIGNED_IN),
    "certificates:detail GET": may(SEES_CERTIFICATE, **CERTIFICATE),
    "certificates:pdf GET": may(SEES_CERTIFICATE, **CERTIFICATE),
    "certificates:revoke GET": may(PUBLISHES, **CERTIFICATE),
    "certificates:revoke POST": form(PUBLISHES, **CERTIFICATE),
    "certificates:replace GET": may(PUBLISHES, **CERTIFICATE),
    "certificates:replace POST": form(PUBLISHES, **CERTIFICATE),
    "certificates:issued GET": may(TEACHES),
    "certificates:verify_form GET": may(EVERYBODY),
    "certificates:verify GET": may(EVERYBODY, **CODE, public=True),
    "certificates:verify POST": form(EVERYBODY, **CODE, public=True, fields={"asked": "name", "name": "Niemand"}),
    "api-verify GET": may(EVERYBODY, **CODE, public=True),
}

IMPORT = {"pk": Ref("staff_import")}
UPLOAD = {"employer": Ref("employer", "slug"), "offering": Ref("offering", "code", shared=True)}
STAFF_IMPORTS: dict[str, Row] = {
    "staff-import-list GET": may(SIGNED_IN),
    "staff-import-list POST": form(HR, fields=UPLOAD, incomplete=True),
    "staff-import-detail GET": may(HR, **IMPORT),
    "staff-import-confirm POST": may(HR, **IMPORT),
    "staff-import-outcome GET": may(HR, **IMPORT, kind="csv"),
    "enrollments:staff_import_outcome GET": may(HR, **IMPORT, kind="csv"),
    "enrollments:import_staff GET": may(HR),
    "enrollments:import_staff POST": form(HR),
    "enrollments:staff_import GET": may(HR, **IMPORT),
    "enrollments:confirm_staff_import POST": form(HR, **IMPORT),
    "enrollments:rejected_rows GET": may(HR, **IMPORT),
    "enrollments:staff_template GET": may(HR, kind="csv"),
}

TABLE: dict[str, Row] = PLATFORM | ORGANIZATIONS | COURSES | DRAFT_PAGES | ENROLLMENTS | STAFF_IMPORTS | CERTIFICATES
TABLE |= INTEREST
TABLE |= AUTHORING
TABLE |= SESSIONS
TABLE |= PUBLIC
TABLE |= MOVES
TABLE |= MODULES
TABLE |= SKILLS
TABLE |= OOAPI
TABLE |= EXCHANGE
TABLE |= REGION
TABLE |= REPORTS
TABLE |= REVIEWS
TABLE |= PREREQUISITES
TABLE |= NEEDS
TABLE |= PROGRAMMES
TABLE |= REQUESTS
TABLE |= STAFF
TABLE |= MONEY
TABLE |= RULES
