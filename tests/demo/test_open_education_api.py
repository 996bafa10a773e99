"""Every answer of the Open Education API for the demo story is what the published documents say, in both versions.

Walked from the service document on: each published path that is served, with each id that an answer gives, as everybody
in the story.
"""

import io
import json
import re
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from courses.models import Module, ModuleVersion, Offering, Programme
from courses.ooapi.views import Unknown
from enrollments.models import Enrollment
from lms.accounts.models import User
from lms.core.clock import now
from tests.ooapi.asking import ACCEPT
from tests.ooapi.documents import document, errors

ID = re.compile(r"\{(\w+)\}")
NOBODY = "00000000-0000-7000-8000-000000000000"
KINDS = {
    "learning-components": "learningComponentId",
    "test-components": "testComponentId",
    "course-offering-associations": "courseOfferingAssociationId",
}
SIGNED_IN = ("associations", "/persons")
SERVED = {
    "5.0": {
        "/",
        "/organizations",
        "/organizations/{organizationId}",
        "/organizations/{organizationId}/courses",
        "/organizations/{organizationId}/programs",
        "/organizations/{organizationId}/offerings",
        "/programs",
        "/programs/{programId}",
        "/programs/{programId}/courses",
        "/programs/{programId}/offerings",
        "/courses",
        "/courses/{courseId}",
        "/courses/{courseId}/components",
        "/courses/{courseId}/offerings",
        "/components/{componentId}",
        "/offerings/{offeringId}",
        "/offerings/{offeringId}/associations",
        "/associations/{associationId}",
        "/persons/me",
        "/persons/{personId}",
        "/persons/{personId}/associations",
    },
    "6.0": {
        "/",
        "/organisations",
        "/organisations/{organisationId}",
        "/organisations/{organisationId}/courses",
        "/organisations/{organisationId}/programmes",
        "/organisations/{organisationId}/course-offerings",
        "/programmes",
        "/programmes/{programmeId}",
        "/programmes/{programmeId}/courses",
        "/programmes/{programmeId}/programme-offerings",
        "/courses",
        "/courses/{courseId}",
        "/courses/{courseId}/course-offerings",
        "/courses/{courseId}/learning-components",
        "/courses/{courseId}/test-components",
        "/learning-components/{learningComponentId}",
        "/test-components/{testComponentId}",
        "/course-offerings/{courseOfferingId}",
        "/course-offerings/{courseOfferingId}/course-offering-associations",
        "/course-offering-associations/{courseOfferingAssociationId}",
        "/persons/me",
        "/persons/{personId}",
        "/persons/{personId}/course-offering-associations",
        "/learning-outcomes",
        "/learning-outcomes/{learningOutcomeId}",
    },
}


def who():
    out = io.StringIO()
    call_command("demo", "--who", stdout=out)
    return json.loads(out.getvalue())["personas"]


def served(version):
    """The published paths at which something is."""
    found = set()
    for path in document(version)["paths"]:
        view = resolve("/ooapi" + ID.sub(NOBODY, path)).func
        here = view.cls is not Unknown and version in view.initkwargs.get("versions", view.cls.versions)
        found |= {path} if here else set()
    return found


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_the_paths_are_those_that_the_documents_publish(version):
    assert served(version) == SERVED[version]


def is_personal(path):
    """About associations or persons: for who is signed in."""
    return "associations" in path or "/persons" in path


class Walk:
    """One person's way through everything that the answers lead to."""

    def __init__(self, version, person=None, ids=()):
        self.version = version
        self.templates = sorted(each for each in SERVED[version] if is_personal(each) == bool(person))
        self.client = Client()
        if person:
            self.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.ids = {name: set(found) for name, found in dict(ids).items()}
        self.asked = {}

    def go(self):
        """Until no answer gives a new id."""
        before = -1
        while len(self.asked) != before:
            before = len(self.asked)
            for template in self.templates:
                for path in self.addresses(template):
                    for query in self.queries(template):
                        self.ask(template, path + query)
        return self

    def addresses(self, template):
        """The template with each id known by now; none where it names one that is not."""
        names = ID.findall(template)
        if not names:
            return [template]
        return [template.replace("{" + names[0] + "}", pk) for pk in sorted(self.ids.get(names[0], ()))]

    def queries(self, template):
        """Everything at once; with all there is to expand."""
        given = document(self.version)["paths"][template]["get"].get("parameters", ())
        known = {each.get("name") or each["$ref"].rpartition("/")[2]: each for each in given}
        if "pageSize" not in known:
            yield ""
        else:
            yield "?pageSize=250" + ("&since=2000-01-01" if "since" in known else "")
        if "expand" in known:
            yield "?expand=" + quote(",".join(known["expand"]["schema"]["items"]["enum"]))

    def ask(self, template, path):
        if path in self.asked:
            return
        answer = self.client.get(f"/ooapi{path}", headers={"accept": ACCEPT[self.version]})
        body = answer.json()
        assert answer.status_code == 200, (path, body)
        assert answer["Content-Type"].endswith(f"; version={self.version}")
        assert errors(self.version, template, body) == [], path
        self.asked[path] = body
        self.gather(template, body)

    def gather(self, template, node):
        if isinstance(node, list):
            for each in node:
                self.gather(template, each)
        elif isinstance(node, dict):
            for name, value in node.items():
                if name.endswith("Id") and isinstance(value, str):
                    last = template.rpartition("/")[2]
                    kind = KINDS.get(last, name) if name in ("componentId", "associationId") else name
                    self.ids.setdefault(kind, set()).add(value)
                else:
                    self.gather(template, value)


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_every_answer_to_everybody_validates_and_keeps_what_is_not_for_them(told, version):
    path = Programme.objects.create(
        provider=Module.objects.first().provider, code="pad", title={"nl": "Pad"}, published_at=now()
    )
    for position, module in enumerate(Module.objects.all()):  # those with only a draft too
        path.items.create(module=module, position=position)
    walk = Walk(version).go()
    assert len(walk.asked["/courses?pageSize=250"]["items"]) == len(walk.ids["courseId"]) == 8
    assert not [each for each in walk.templates if not walk.addresses(each)]
    secrets = {"https://meet", *Offering.objects.exclude(visibility="public").values_list("code", flat=True)}
    for draft in ModuleVersion.objects.filter(published_at=None):
        secrets |= {str(unit.pk) for section in draft.sections.all() for unit in section.units.all()}
    secrets |= set(User.objects.exclude(email=None).values_list("email", flat=True))
    said = str(walk.asked.values())
    assert {secret for secret in secrets if secret in said} == set()


@pytest.mark.parametrize("version", ["5.0", "6.0"])
@pytest.mark.parametrize("role", ["worker", "hr_manager", "teacher"])
def test_every_answer_about_people_validates_and_has_no_score(told, version, role):
    person = User.objects.get(email=next(persona["email"] for persona in who() if persona["role"] == role))
    mine = Enrollment.objects.visible_to(person)
    offerings = {
        str(pk) for pk in Offering.objects.filter(enrollments__in=mine).visible_to(person).values_list("pk", flat=True)
    }
    walk = Walk(version, person, {"offeringId": offerings, "courseOfferingId": offerings}).go()
    seen = walk.ids["associationId" if version == "5.0" else "courseOfferingAssociationId"]
    assert seen == {str(pk) for pk in mine.values_list("pk", flat=True)}
    assert not [each for each in walk.templates if not walk.addresses(each)]
    assert "score" not in str(walk.asked.values())


def test_nobody_meets_people(told):
    for version, paths in SERVED.items():
        for path in filter(is_personal, paths):
            assert Client().get("/ooapi" + ID.sub(NOBODY, path), headers={"accept": ACCEPT[version]}).status_code == 401
