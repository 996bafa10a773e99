"""The demo story is the first impression: it loads, stays as it is, and everybody in it can do what it promises."""

import io
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.urls import reverse

from certificates.models import Certificate
from courses.models import Module, ModuleVersion, Offering, Programme
from courses.programme_outline import outline_of
from courses.services.programmes import programme_check
from courses.services.publishing import publish_check
from courses.templatetags.programme_words import loads_words
from enrollments.models import Enrollment, EnrollmentState, Interest, NeedBundle, NeedState, TrainingNeed
from enrollments.needs.gap import skill_gap
from enrollments.needs.similar import open_needs, suggest
from lms.accounts.models import User
from lms.accounts.services import user_of_token
from lms.events.services import reconcile_all
from lms.notifications.models import SentMessage
from lms.organizations.models import Organization
from lms.permissions import services as permissions
from lms.permissions.sources import expected_grants

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples"


def who():
    out = io.StringIO()
    call_command("demo", "--who", stdout=out)
    return json.loads(out.getvalue())


def row_counts():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_second_run_changes_nothing(told):
    before = row_counts()
    call_command("demo", stdout=io.StringIO())
    assert row_counts() == before


def test_outside_the_embedded_mode_it_refuses_with_one_sentence(told, settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="--anyway"):
        call_command("demo", stdout=io.StringIO())


def test_who_names_every_role_and_the_sample(told):
    answer = who()
    assert set(answer) == {"personas", "import_example"}
    roles = {"worker", "hr_manager", "teacher", "publisher", "reviewer", "org_admin", "coordinator", "platform_staff"}
    assert roles | {"independent_learner", "municipality"} == {persona["role"] for persona in answer["personas"]}
    for persona in answer["personas"]:
        assert set(persona) == {"role", "name", "organization", "email", "password", "api_token"}
        assert user_of_token(persona["api_token"]).email == persona["email"]


def test_everybody_signs_in_through_the_form(told, client):
    for persona in who()["personas"]:
        client.logout()
        answer = client.post(reverse("account_login"), {"login": persona["email"], "password": persona["password"]})
        assert answer.status_code == 302, persona
        assert client.session["_auth_user_id"] == str(User.objects.get(email=persona["email"]).pk)


def test_grants_are_what_memberships_say(told):
    for name, (_anchor, _role, users) in expected_grants().items():
        assert set(permissions.Group.objects.get(name=name).user_set.values_list("pk", flat=True)) == users


def test_every_published_module_passes_the_check_and_says_so_in_two_languages(told):
    versions = list(ModuleVersion.objects.published())
    assert len(versions) == 8
    for version in versions:
        assert publish_check(version) == []
        for text in (version.title, version.summary, version.description, *version.outcomes):
            assert text["nl"]
            assert text["en"]


def test_needs_are_in_every_state_and_the_coordinator_has_something_to_bundle(told):
    assert set(TrainingNeed.objects.values_list("state", flat=True)) == set(NeedState.values)
    assert set(NeedBundle.objects.values_list("state", flat=True)) == {"gathering", "asked", "answered"}
    (suggestion,) = suggest(open_needs())
    assert suggestion.employers == 3
    for employer in Organization.objects.filter(is_employer=True):
        assert skill_gap(employer), f"{employer} has functions with skills"


def test_a_programme_leads_from_mbo_to_hbo(told, client):
    programme = Programme.objects.on_offer().get()
    outline = outline_of(programme)
    assert programme_check(programme) == []
    assert {step.version.track for step in outline.steps} == {"mbo", "hbo"}
    assert loads_words(outline.loads) == "12–20 uur + 32–56 SBU + 5 EC"
    assert Enrollment.objects.filter(learner__overrides__module__code="digitale-tweelingen").exists()
    page = reverse("enrollments:programme", args=[programme.provider.slug, programme.code])
    assert client.get(page).status_code == 200


def test_nothing_is_called_a_diploma(told):
    for version in ModuleVersion.objects.all():
        words = json.dumps([version.title, version.summary, version.description, version.outcomes]).lower()
        assert "diploma" not in words


def test_full_english_where_english_is_offered(told):
    for version in ModuleVersion.objects.published():
        for section in version.sections.all():
            for unit in section.units.filter(kind="text"):
                assert ("en" in unit.data["body"]) == ("en" in version.languages), unit


def test_two_drafts_are_in_the_making_and_not_ready(told):
    drafts = list(ModuleVersion.objects.filter(published_at=None))
    assert {draft.module.code for draft in drafts} == {"spuitgieten-omstellen", "lean-op-de-werkvloer"}
    assert all(publish_check(draft) for draft in drafts)


def test_pictures_in_texts_are_those_of_the_module(told):
    with_pictures = [module for module in Module.objects.all() if module.images.exists()]
    assert len(with_pictures) == 8
    for module in with_pictures:
        assert module.images.get().alt["nl"]
        assert module.images.get().alt["en"]


def test_offerings_in_several_states_and_people_at_every_stage(told):
    states = {offering.state for offering in Offering.objects.all()}
    assert states == {"open", "full", "finished", "not_yet_open", "closed", "cancelled"} - {"closed"}
    reached = set(Enrollment.objects.values_list("state", flat=True))
    assert reached >= {
        EnrollmentState.ACTIVE,
        EnrollmentState.COMPLETED,
        EnrollmentState.WAITLISTED,
        EnrollmentState.WITHDRAWN,
        EnrollmentState.REQUESTED,
        EnrollmentState.REFUSED,
    }
    bert = Enrollment.objects.get(learner__family_name="Hoogeveen", offering__code="tig-lassen-zwaluwstaal")
    assert [attempt.passed for attempt in bert.attempts.all()] == [False]


def test_somebody_is_late_also_after_the_platform_looked_after_itself(told):
    assert -1 not in reconcile_all().values()
    (late,) = Enrollment.objects.filter(employer__slug="zwaluwstaal").overdue()
    assert late.learner.family_name == "Assen"
    assert Enrollment.objects.filter(state=EnrollmentState.EXPIRED).exists()


def test_people_wait_for_a_date_and_some_were_told(told):
    wanted = dict(Interest.objects.values_list("module__code").annotate(Count("pk")))
    assert wanted == {
        "tig-lassen-basis": 4,
        "plc-storingen-zoeken": 2,
        "werken-met-cobots": 2,
        "digitale-tweelingen": 1,
    }
    told = SentMessage.objects.filter(kind="date_planned").values_list("recipient__given_name", flat=True)
    assert sorted(told) == ["Johan", "Johan", "Kevin", "Mateusz", "Roelof", "Thijs", "Ömer"]


def test_certificates_in_every_state_each_with_its_document(told):
    certificates = list(Certificate.objects.select_related("document"))
    states = [certificate.state for certificate in certificates]
    assert sorted(set(states)) == ["expired", "replaced", "revoked", "valid"]
    assert states.count("valid") >= 6
    for certificate in certificates:
        with certificate.document.file.open("rb") as file:
            assert file.read(5) == b"%PDF-"


def test_who_changed_jobs_keeps_the_certificate_and_the_old_employer_sees_how_it_stood(told):
    esra = User.objects.get(family_name="Demir")
    assert Certificate.objects.get(holder=esra).state == "valid"
    anneke = User.objects.get(family_name="Veldhuis")
    seen = Enrollment.objects.arranged_for(anneke).get(learner=esra)
    assert seen.ended_at.date() < esra.employments.get(employer__slug="zwaluwstaal").ends_on


@pytest.mark.parametrize("name", ["personeel-zwaluwstaal.csv", "personeel-zwaluwstaal.xlsx"])
def test_the_sample_staff_list_goes_in_whole(told, name):
    report = imported(name)
    assert report["rejected"] == 0
    assert report["created"] + report["existing"] == 40
    assert report["waitlisted"] == 0
    assert imported(name) | {"created": 0} == report | {"created": 0, "existing": 40, "invited": 0}


def test_the_difficult_sample_says_row_and_reason(told):
    report = imported("personeel-moeilijk.csv", dry_run=True)
    assert report["created"] == 26
    assert len(report["rejected_rows"]) == 14
    assert all(row["column"] and row["reason"] for row in report["rejected_rows"])


def imported(name, dry_run=False):
    example = who()["import_example"]
    out = io.StringIO()
    options = ["--json", "--employer", example["employer"], "--offering", example["offering"]]
    call_command("enroll_staff", *options, *(["--dry-run"] if dry_run else []), str(SAMPLES / name), stdout=out)
    return json.loads(out.getvalue())
