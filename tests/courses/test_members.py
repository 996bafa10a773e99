"""Co-authors and named teachers: authority over one module, whichever organization they belong to."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse
from guardian.models import GroupObjectPermission

from courses.models import Module, ModuleMember, ModuleVersion, Section
from courses.services import authoring
from courses.services.members import add_module_member, remove_module_member
from courses.services.publishing import publish_version
from courses.services.reviewing import submit_for_review
from enrollments.services.enrolling import enroll_self
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions.roles import ModuleRole, Role
from tests.factories import (
    ModuleVersionFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    text_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(provider):
    version = ModuleVersionFactory(module__provider=provider)
    text_unit(Section.objects.create(version=version, position=0, title={"nl": "Begin"}))
    return version


@pytest.fixture
def name(teacher):
    """Names somebody for a module, and returns them as they sign in next."""

    def naming(module, role, person=None):
        person = person or UserFactory()
        add_module_member(by=teacher, module=module, email=person.email, role=role)
        return User.objects.get(pk=person.pk)

    return naming


def to(name, *args):
    return reverse(f"courses:{name}", args=args)


def test_a_co_author_of_another_organization_writes_and_submits_but_does_not_publish(draft, name, stranger):
    author = name(draft.module, ModuleRole.CO_AUTHOR, stranger)
    authoring.edit_unit(by=author, unit=draft.sections.get().units.get(), minutes=25)
    submit_for_review(by=author, version=draft)
    with pytest.raises(Forbidden):
        publish_version(by=author, version=draft)
    assert draft.authors.get() == author


def test_a_co_author_gets_no_further_than_the_one_module(draft, name, provider):
    author = name(draft.module, ModuleRole.CO_AUTHOR)
    other = ModuleVersionFactory(module__provider=provider)
    with pytest.raises(NotFound):
        authoring.edit_version(by=author, version=other, revision=0, facts={})
    with pytest.raises(Forbidden):
        authoring.create_module(by=author, provider=provider, code="x", title={"nl": "X"}, track="mbo")
    with pytest.raises(Forbidden):
        add_module_member(by=author, module=draft.module, email=UserFactory().email, role=ModuleRole.CO_AUTHOR)
    assert list(Module.objects.authored_by(author)) == [draft.module]


def test_a_named_teacher_sees_the_draft_and_writes_nothing(draft, name):
    person = name(draft.module, ModuleRole.MODULE_TEACHER)
    assert ModuleVersion.objects.visible_to(person).get() == draft
    for verb in (
        lambda: authoring.edit_version(by=person, version=draft, revision=0, facts={}),
        lambda: submit_for_review(by=person, version=draft),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_a_named_teacher_sees_the_participants_of_this_module_alone(client, name, provider):
    version, other = published_version(provider), published_version(provider)
    offering, elsewhere = offering_of(version, visibility="employers"), offering_of(other)
    person = name(version.module, ModuleRole.MODULE_TEACHER)
    learner = UserFactory(family_name="Deelnemersma")
    mine = enroll_self(by=learner, offering=offering_of(version))
    theirs = enroll_self(by=learner, offering=elsewhere)
    client.force_login(person)
    participants = reverse("enrollments:participants", args=[mine.offering.code])
    assert "Deelnemersma" in client.get(participants).content.decode()
    assert client.get(reverse("enrollments:participants", args=[offering.code])).status_code == 200
    assert client.get(reverse("enrollments:participant", args=[mine.pk])).status_code == 200
    assert client.get(reverse("enrollments:participants", args=[elsewhere.code])).status_code == 403
    assert client.get(reverse("enrollments:participant", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize(("role", "writes"), [(ModuleRole.CO_AUTHOR, True), (ModuleRole.MODULE_TEACHER, False)])
def test_every_page_of_the_module_opens_for_named_people(client, draft, name, role, writes):
    person = name(draft.module, role)
    client.force_login(person)
    html = client.get(to("my_modules")).content.decode()
    assert to("authored_module", draft.module_id) in html
    assert (to("content", draft.pk) in html) is writes
    assert to("my_modules") in client.get("/").content.decode()
    assert reverse("organizations:index") not in client.get("/").content.decode()
    for page in ("preview", "check", "review"):
        assert client.get(to(page, draft.pk)).status_code == 200
    for page in ("facts", "content", "skills"):
        assert client.get(to(page, draft.pk)).status_code == (200 if writes else 403)
    assert client.get(to("authored_module", draft.module_id)).status_code == 200
    html = client.get(to("members", draft.module_id)).content.decode()
    assert person.full_name in html
    assert person.email not in html
    assert client.post(to("members", draft.module_id), {"email": person.email, "role": role}).status_code == 403


def test_people_are_named_and_taken_away_on_the_page(client, draft, teacher):
    person = UserFactory(given_name="Aaltje", family_name="Zwiers")
    client.force_login(teacher)
    page = to("members", draft.module_id)
    assert client.post(page, {"email": person.email.upper(), "role": "co_author"}).status_code == 302
    html = client.get(page).content.decode()
    assert "Aaltje Zwiers" in html
    again = client.post(page, {"email": person.email, "role": "co_author"})
    assert "heeft die rol in deze module al" in again.content.decode()
    member = ModuleMember.objects.get()
    assert to("remove_member", member.pk) in html
    client.post(to("remove_member", member.pk))
    assert not ModuleMember.objects.exists()


def test_an_address_that_cannot_be_added_tells_nothing_about_why(draft, teacher):
    gone = UserFactory(is_active=False)
    said = set()
    for email in (gone.email, "niemand@voorbeeld.test"):
        with pytest.raises(Invalid) as raised:
            add_module_member(by=teacher, module=draft.module, email=email, role=ModuleRole.CO_AUTHOR)
        said.add(raised.value.detail)
    assert len(said) == 1


def test_naming_is_audited_and_undone_at_once(draft, teacher, name):
    person = name(draft.module, ModuleRole.CO_AUTHOR)
    with pytest.raises(Conflict):
        name(draft.module, ModuleRole.CO_AUTHOR, person)
    remove_module_member(by=teacher, member=ModuleMember.objects.get())
    assert not ModuleVersion.objects.visible_to(User.objects.get(pk=person.pk)).exists()
    actions = AuditEntry.objects.filter(action__contains="module_member").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "courses.add_module_member",
        "courses.remove_module_member",
    ]


def test_only_who_writes_for_the_provider_names_people(draft, provider, stranger, teacher, name):
    person = UserFactory()
    for role in (Role.REVIEWER, Role.COORDINATOR, Role.ORG_ADMIN):
        somebody = person_with_role(provider, role)
        with pytest.raises((Forbidden, NotFound)):
            add_module_member(by=somebody, module=draft.module, email=person.email, role=ModuleRole.CO_AUTHOR)
    name(draft.module, ModuleRole.CO_AUTHOR)
    for verb in (
        lambda: add_module_member(by=stranger, module=draft.module, email=person.email, role=ModuleRole.CO_AUTHOR),
        lambda: remove_module_member(by=stranger, member=ModuleMember.objects.get()),
    ):
        with pytest.raises(NotFound):
            verb()
    assert not ModuleMember.objects.visible_to(stranger).exists()


def test_by_api(api, draft, teacher, stranger):
    body = {"module": str(draft.module_id), "email": stranger.email, "role": "co_author"}
    assert api(stranger).post("/api/v1/module-members/", body).status_code == 400
    made = api(teacher).post("/api/v1/module-members/", body)
    assert (made.status_code, made.data["person"], made.data["email"]) == (201, stranger.full_name, stranger.email)
    assert api(teacher).post("/api/v1/module-members/", body).status_code == 409
    named = api(User.objects.get(pk=stranger.pk))
    (row,) = named.get(f"/api/v1/module-members/?module={draft.module_id}").data["results"]
    assert row["email"] is None
    assert named.delete(f"/api/v1/module-members/{row['id']}/").status_code == 403
    assert api(teacher).delete(f"/api/v1/module-members/{row['id']}/").status_code == 204


def check():
    output = io.StringIO()
    try:
        call_command("sync_grants", "--check", stdout=output)
    except CommandError as error:
        output.write(str(error))
    return output.getvalue()


def test_the_proof_of_grants_knows_modules_too(draft, name):
    person = name(draft.module, ModuleRole.CO_AUTHOR)
    assert "are equal" in check()
    ModuleMember.objects.all().delete()
    assert f"{person.pk} is one too many" in check()
    call_command("sync_grants", stdout=io.StringIO())
    assert "are equal" in check()
    assert not ModuleVersion.objects.visible_to(User.objects.get(pk=person.pk)).exists()


def test_grants_are_laid_anew_where_they_are_missing(draft, name):
    person = name(draft.module, ModuleRole.MODULE_TEACHER)
    GroupObjectPermission.objects.all().delete()
    Group.objects.all().delete()
    call_command("sync_grants", stdout=io.StringIO())
    assert ModuleVersion.objects.visible_to(User.objects.get(pk=person.pk)).get() == draft


def test_a_discarded_module_leaves_no_groups(draft, name, teacher):
    name(draft.module, ModuleRole.CO_AUTHOR)
    authoring.discard_draft(by=teacher, version=draft)
    assert not Group.objects.filter(name__contains="courses.module").exists()
    assert not GroupObjectPermission.objects.filter(object_pk=str(draft.module_id)).exists()
    assert "are equal" in check()


def test_a_co_author_sees_no_offering_that_is_reserved_for_employers(draft, name, teacher, client):
    version = published_version(draft.module.provider)
    offering_of(version, code="besloten", visibility="employers")
    author = name(version.module, ModuleRole.CO_AUTHOR)
    for person, seen in ((author, False), (teacher, True)):
        client.force_login(person)
        page = client.get(to("authored_module", version.module_id))
        assert (b"besloten" in page.content) is seen
        rows = client.get(to("my_modules")).context["rows"]
        (row,) = [row for row in rows if row["module"] == version.module]
        shown = [offering.code for held in row["module"].newest_first for offering in held.offerings.all()]
        assert shown == (["besloten"] if seen else [])


def test_a_co_author_cannot_tell_which_codes_the_provider_uses(draft, name, provider, api):
    author = name(published_version(provider).module, ModuleRole.CO_AUTHOR)
    for code in (draft.module.code, "bestaat-niet"):
        answer = api(author).put(f"/api/v1/providers/{provider.slug}/modules/{code}/", {}, format="json")
        assert answer.status_code == 403
