"""Every answer of the Open Education API for the demo story is what the published documents say, in both versions.

Walked from the service document on: each published path that is served, with each id that an answer gives, as everybody
in the story.
"""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import resolve

from courses.models import ModuleVersion, Offering
from courses.ooapi.views import Unknown
from lms.accounts.models import User
from tests.ooapi.asking import ACCEPT
from tests.ooapi.documents import document, errors

ID = re.compile(r"\{(\w+)\}")
NOBODY = "00000000-0000-7000-8000-000000000000"
COMPONENTS = {"learning-components": "learningComponentId", "test-components": "testComponentId"}
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
        "/learning-outcomes",
        "/learning-outcomes/{learningOutcomeId}",
    },
}


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


class Walk:
    """One person's way through everything that the answers lead to."""

    def __init__(self, version, person):
        self.version = version
        self.client = Client()
        if person:
            self.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.ids = {}
        self.asked = {}

    def go(self):
        """Until no answer gives a new id."""
        before = -1
        while len(self.asked) != before:
            before = len(self.asked)
            for template in sorted(SERVED[self.version]):
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
        """As it is; everything at once; with all there is to expand."""
        given = document(self.version)["paths"][template]["get"].get("parameters", ())
        known = {each.get("name") or each["$ref"].rpartition("/")[2]: each for each in given}
        yield ""
        if "pageSize" in known:
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
                    kind = COMPONENTS.get(template.rpartition("/")[2], name) if name == "componentId" else name
                    self.ids.setdefault(kind, set()).add(value)
                else:
                    self.gather(template, value)


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_every_answer_to_everybody_validates(told, version):
    walk = Walk(version, None).go()
    courses = walk.asked["/courses?pageSize=250"]["items"]
    assert len(courses) == 8
    assert len(walk.ids["courseId"]) == 8
    assert len(walk.asked) > 80
    visited = {template for template in SERVED[version] if walk.addresses(template)}
    assert SERVED[version] - visited <= {path for path in SERVED[version] if "/{program" in path}


def test_what_is_not_for_everybody_is_in_no_answer(told):
    secrets = {"https://meet", *Offering.objects.exclude(visibility="public").values_list("code", flat=True)}
    for draft in ModuleVersion.objects.filter(published_at=None):
        secrets |= {str(unit.pk) for section in draft.sections.all() for unit in section.units.all()}
    secrets |= set(User.objects.exclude(email=None).values_list("email", flat=True))
    for version in ("5.0", "6.0"):
        said = str(Walk(version, None).go().asked.values())
        assert {secret for secret in secrets if secret in said} == set()
