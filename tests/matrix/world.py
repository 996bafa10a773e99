"""Two tenants side by side, alike but for their names: what one may see, the other must never.

Every private text of the foreign tenant carries the canary; a response to somebody of the own tenant that holds it is a
leak.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as PillowImage

from certificates.models import Certificate
from courses.exchange.uploads import upload_modules
from courses.models import Image, Module, Occupation, Programme, Section, Skill
from courses.services.authoring import add_file
from courses.services.members import add_module_member
from courses.services.reserving import reserve_places
from courses.services.reviewing import submit_for_review
from enrollments.models import Enrollment, RegionalQuarter, TrainingRule
from enrollments.region.tables import MEASURES
from enrollments.reports.filters import read_filters
from enrollments.reports.people import PEOPLE
from enrollments.services.agreements import accept_agreement, propose_agreement
from enrollments.services.bundling import ask_providers, make_bundle
from enrollments.services.enrolling import enroll_staff
from enrollments.services.feeds import renew_feed
from enrollments.services.funding import record_funding
from enrollments.services.interest import show_interest
from enrollments.services.invoicing import enter_invoice
from enrollments.services.learning import mark_unit_done, submit_attempt
from enrollments.services.needs import post_need
from enrollments.services.requesting import request_place
from enrollments.services.scheduling import schedule_report
from enrollments.services.training_rules import make_rule
from enrollments.staff_import.services import upload_staff_list
from lms.accounts.models import ApiToken, User
from lms.accounts.services import invite_people, issue_token
from lms.core.clock import now, today
from lms.organizations.models import Department, Location, Membership, Room
from lms.organizations.services import add_department, add_member, print_letters
from lms.permissions.roles import ModuleRole, Role
from tests.factories import (
    EmploymentFactory,
    ModuleVersionFactory,
    OrganizationFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    session_of,
    text_unit,
)

CANARY = "KANARIE"
NOTHING_TOLD = {measure.key: {"total": None, "people": None, "tables": {}} for measure in MEASURES}
ROLES = ("anonymous", "worker", "hr", "teacher", "publisher", "reviewer", "coordinator", "org_admin", "staff")


@dataclass
class Tenant:
    """A provider and an employer, their people by role, and one object of every kind."""

    mark: str
    people: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)


def build_tenant(mark: str) -> Tenant:
    """Everything a tenant has, made through the services."""
    tenant = Tenant(mark)
    provider = ProviderFactory(slug=f"school-{len(mark)}", name=f"School {len(mark)}")
    employer = OrganizationFactory(slug=f"werkgever-{len(mark)}", name=f"Werkgever {len(mark)}")
    _people(tenant, provider, employer)
    _content(tenant, provider, employer)
    _programme(tenant, provider)
    _reviews(tenant, provider)
    _named(tenant, provider)
    _exchange(tenant, provider)
    _learning(tenant, employer)
    _files(tenant, employer)
    _interest(tenant, provider)
    _needs(tenant, employer)
    _requests(tenant, provider, employer)
    _money(tenant, provider, employer)
    _duties(tenant, provider, employer)
    location = Location.objects.create(organization=provider, name=f"Lokaal {len(mark)}", city="Hardenberg")
    staff_import = upload_staff_list(
        by=tenant.people["hr"],
        employer=employer,
        offering=tenant.objects["offering"],
        file_name=f"{mark}.csv",
        content=f"E-mail\n{mark.lower()}@voorbeeld.test\nfout {mark}\n".encode(),
    )
    _meetings(tenant, location)
    _staff(tenant, employer)
    _reports(tenant, employer)
    RegionalQuarter.objects.get_or_create(year=2025, quarter=1, figures=NOTHING_TOLD)
    issue_token(tenant.people["worker"], f"Sleutel {mark}")
    pending = UserFactory(email=f"nieuw-{mark}@voorbeeld.test".lower(), activated_at=None)
    tenant.objects |= {
        "provider": provider,
        "employer": employer,
        "location": location,
        "staff_import": staff_import,
        "membership": Membership.objects.get(organization=provider, user=tenant.people["teacher"]),
        "invitation": invite_people([pending], employer.name)[pending],
        "token": ApiToken.objects.get(user=tenant.people["worker"]),
    }
    return tenant


def _people(tenant: Tenant, provider, employer) -> None:
    def person(role: str) -> User:
        return UserFactory(family_name=tenant.mark, email=f"{role}-{tenant.mark}@voorbeeld.test".lower())

    worker = EmploymentFactory(employer=employer, user=person("worker"), department=tenant.mark).user
    members = {
        "hr": (Role.HR_MANAGER, [employer]),
        "teacher": (Role.TEACHER, [provider]),
        "publisher": (Role.PUBLISHER, [provider]),
        "reviewer": (Role.REVIEWER, [provider]),
        "coordinator": (Role.COORDINATOR, [provider]),
        "org_admin": (Role.ORG_ADMIN, [provider, employer]),
    }
    provider.is_public_body = True  # it has a hub of its own
    provider.save()
    tenant.people = {"anonymous": AnonymousUser(), "worker": worker}
    for name, (role, organizations) in members.items():
        user = person(name)
        for organization in organizations:
            add_member(by=None, organization=organization, user=user, role=role)
        tenant.people[name] = user
    body = OrganizationFactory(
        slug=f"regio-{len(tenant.mark)}", name=f"Regio {len(tenant.mark)}", is_employer=False, is_public_body=True
    )
    add_member(by=None, organization=body, user=tenant.people["coordinator"], role=Role.COORDINATOR)
    staff = person("staff")
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "unused"})
    tenant.people["staff"] = staff
    tenant.people = {name: _fresh(user) for name, user in tenant.people.items()}


def _fresh(user):
    return User.objects.get(pk=user.pk) if user.pk else user


def _content(tenant: Tenant, provider, employer) -> None:
    skill, _made = Skill.objects.get_or_create(uri="http://data.europa.eu/esco/skill/1", label_en="troubleshoot")
    version = published_version(provider, units=("text", "quiz"), skills=[skill])
    ModuleVersionFactory(module=Module.objects.create(provider=provider, code=f"tweede-{len(tenant.mark)}"))
    draft = ModuleVersionFactory(
        module=Module.objects.create(provider=provider, code=f"concept-{len(tenant.mark)}"),
        title={"nl": f"Concept {tenant.mark}"},
        summary={"nl": tenant.mark},
    )
    section = Section.objects.create(version=draft, position=0, title={"nl": tenant.mark})
    image = Image.objects.create(module=draft.module, alt={"nl": tenant.mark}, file=stored_picture())
    occupation, _made = Occupation.objects.get_or_create(
        uri="http://data.europa.eu/esco/occupation/1", label_en="welder"
    )
    unit = text_unit(section)
    offering = offering_of(version)
    reserved = offering_of(version, visibility="employers")
    reserved.employers.add(employer)
    tenant.objects |= {
        "version": version,
        "module": version.module,
        "draft": draft,
        "draft_module": draft.module,
        "section": section,
        "unit": unit,
        "unit_revision": unit.revision,
        "section_revision": section.revision,
        "image": image,
        "skill": skill,
        "occupation": occupation,
        "offering": offering,
        "reserved": reserved,
        "quiz": version.sections.get().units.get(kind="quiz"),
        "text": version.sections.get().units.get(kind="text"),
    }


def _programme(tenant: Tenant, provider) -> None:
    """A published learning path with the module in it, and one that is not published."""
    programme = Programme.objects.create(
        provider=provider, code="pad", title={"nl": f"Leerlijn {len(tenant.mark)}"}, published_at=now()
    )
    programme.items.create(module=tenant.objects["module"], position=0)
    text = {"nl": tenant.mark}
    draft = Programme.objects.create(provider=provider, code="concept", title=text, summary=text, description=text)
    draft.items.create(module=tenant.objects["module"], position=0)
    tenant.objects |= {"programme": programme, "draft_programme": draft}


def _files(tenant: Tenant, employer) -> None:
    """A file in a draft, and one in a version that the worker takes."""
    teacher, draft = tenant.people["teacher"], tenant.objects["draft"]

    def pdf(module):
        content = ContentFile(f"%PDF-1.7 {tenant.mark}".encode())
        return add_file(by=teacher, module=module, file=content, name=f"{tenant.mark}.pdf")

    module = Module.objects.create(provider=draft.module.provider, code=f"bestand-{len(tenant.mark)}")
    version = ModuleVersionFactory(module=module)
    section = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    document, unit = pdf(module), text_unit(section)
    unit.kind, unit.data = "file", {"file": str(document.pk)}
    unit.save()
    version.approved_at = version.published_at = now()
    version.save()
    hr, worker = tenant.people["hr"], tenant.people["worker"]
    outcome = enroll_staff(by=hr, employer=employer, offering=offering_of(version), learners=[worker])
    tenant.objects |= {"document": document, "document_unit": unit, "taking": outcome.active[0]}
    tenant.objects["file"] = pdf(draft.module)


def _reviews(tenant: Tenant, provider) -> None:
    """A draft that a colleague wrote and submitted."""
    module = Module.objects.create(provider=provider, code=f"ingediend-{len(tenant.mark)}")
    submitted = ModuleVersionFactory(module=module, title={"nl": f"Ingediend {tenant.mark}"})
    text_unit(Section.objects.create(version=submitted, position=0, title={"nl": "Begin"}))
    author = person_with_role(provider, Role.TEACHER)
    review = submit_for_review(by=author, version=submitted, request=tenant.mark)
    tenant.objects |= {"submitted": submitted, "review": review}


def _named(tenant: Tenant, provider) -> None:
    """A co-author of the draft, and a second version in the making."""
    member = add_module_member(
        by=tenant.people["teacher"],
        module=tenant.objects["draft_module"],
        email=UserFactory(family_name=tenant.mark).email,
        role=ModuleRole.CO_AUTHOR,
    )
    first = published_version(provider, units=("text",))
    second = ModuleVersionFactory(module=first.module, number=2, title={"nl": f"Tweede {tenant.mark}"})
    tenant.objects |= {"module_member": member, "second_draft": second}


def _exchange(tenant: Tenant, provider) -> None:
    module = {"code": f"uit-{len(tenant.mark)}", "title": {"nl": tenant.mark}, "track": "mbo"}
    whole = {"format": "modules-and-offerings", "version": 1, "modules": [module]}
    tenant.objects["module_import"] = upload_modules(
        by=tenant.people["publisher"], provider=provider, content=json.dumps(whole).encode(), file_name="uit.json"
    )


def stored_picture() -> str:
    """The name of the smallest real picture, in the store."""
    with BytesIO() as file:
        PillowImage.new("RGB", (1, 1)).save(file, "PNG")
        return default_storage.save("module-images/foto.png", ContentFile(file.getvalue()))


def _learning(tenant: Tenant, employer) -> None:
    hr, worker = tenant.people["hr"], tenant.people["worker"]
    offering = tenant.objects["offering"]
    outcome = enroll_staff(by=hr, employer=employer, offering=offering, learners=[worker])
    wrong = {"q1": ["c"], "q2": ["c"]}
    submit_attempt(by=worker, enrollment=outcome.active[0], unit=tenant.objects["quiz"], answers=wrong)
    short = published_version(tenant.objects["module"].provider, units=("text",))
    finished = enroll_staff(by=hr, employer=employer, offering=offering_of(short), learners=[worker]).active[0]
    mark_unit_done(by=worker, enrollment=finished, unit=short.sections.get().units.get())
    tenant.objects |= {
        "enrollment": Enrollment.objects.get(pk=outcome.active[0].pk),
        "employment": employer.employments.get(user=worker),
        "certificate": Certificate.objects.filter(completion__enrollment=finished).first(),
    }


def _interest(tenant: Tenant, provider) -> None:
    quiet = published_version(provider, units=("text",)).module
    tenant.objects |= {"quiet_module": quiet, "interest": show_interest(by=tenant.people["worker"], module=quiet)}


def _needs(tenant: Tenant, employer) -> None:
    """Needs with a note that no other employer, and no provider, ever reads: open, being bundled, and asked."""
    skills, hub = [tenant.objects["skill"]], tenant.objects["module"].provider
    coordinates = {"by": tenant.people["coordinator"], "coordinator": hub, "title": "Lassen"}

    def need():
        return post_need(by=tenant.people["hr"], employer=employer, skills=skills, people=2, note=tenant.mark)

    gathered, asked = need(), need()
    gathering = make_bundle(**coordinates, needs=[gathered])
    bundle = ask_providers(by=coordinates["by"], bundle=make_bundle(**coordinates, needs=[asked]))
    tenant.objects |= {"need": need(), "gathered_need": gathered, "asked_need": asked}
    tenant.objects |= {"gathering": gathering, "asked_bundle": bundle}


def _requests(tenant: Tenant, provider, employer) -> None:
    """The worker asked, and nobody decided yet; the employer has its own way to decide."""
    asked = offering_of(published_version(provider, units=("text",)))
    facts = {"by": tenant.people["worker"], "employer": employer, "motivation": tenant.mark}
    tenant.objects |= {
        "request": request_place(offering=asked, **facts),
        "wished": offering_of(published_version(provider, units=("text",))),
    }


def _staff(tenant: Tenant, employer) -> None:
    """Two departments, and somebody without an address who got a letter."""
    hr = tenant.people["hr"]
    numbered = EmploymentFactory(
        employer=employer,
        user=UserFactory(email=None, family_name=tenant.mark, activated_at=None),
        job_title="Lasser",
    )
    tenant.objects |= {
        "department": add_department(by=hr, employer=employer, name=f"Las {tenant.mark}"),
        "second_department": add_department(by=hr, employer=employer, name=f"Pers {tenant.mark}"),
        "numbered": numbered,
        "letter": print_letters(by=hr, employer=employer, employments=[numbered])[0],
    }


def _money(tenant: Tenant, provider, employer) -> None:
    """Somebody who waits for a place; an agreement with an invoice, and one that is proposed."""
    full = offering_of(published_version(provider, units=("text",)), capacity=0)
    people = {"by": tenant.people["hr"], "employer": employer, "learners": [tenant.people["worker"]]}
    terms = {"starts_on": today(), "ends_on": today() + timedelta(days=300), "seats": 9, "employer": employer}
    keeper = {"by": tenant.people["publisher"]}
    sides = keeper | terms | {"provider": provider, "by_provider": True}
    agreement = propose_agreement(reference=tenant.mark, **sides)
    accept_agreement(by=tenant.people["hr"], agreement=agreement, terms=agreement.terms)
    bill = {"number": tenant.mark, "dated_on": today(), "amount": Decimal(10)}
    roomy = offering_of(full.version, starts_on=today() + timedelta(days=9))
    tenant.objects |= {
        "held": reserve_places(offering=roomy, employer=employer, places=2, **keeper),
        "waiting": enroll_staff(offering=full, **people).waitlisted[0],
        "agreement": agreement,
        "proposal": propose_agreement(reference=f"Tweede {tenant.mark}", **sides),
        "invoice": enter_invoice(agreement=agreement, **keeper, **bill),
    }


def _duties(tenant: Tenant, provider, employer) -> None:
    """All staff must have a module; the worker has it still to do."""
    module = published_version(provider, units=("text",)).module
    rule = TrainingRule(employer=employer, module=module, department=Department.objects.get(name=tenant.mark))
    rule = make_rule(by=tenant.people["hr"], rule=rule)
    tenant.objects |= {"rule": rule, "duty": rule.duties.get(), "asked_module": published_version(provider).module}


def _reports(tenant: Tenant, employer) -> None:
    """A participant in a subsidy dossier, and a report by mail."""
    claimed = tenant.objects["taking"]
    named = {"scheme": f"SLIM {tenant.mark}", "dossier_number": tenant.mark, "facts": {}}
    record_funding(by=tenant.people["hr"], employer=employer, enrollments=[claimed.pk], **named)
    asked = read_filters(tenant.people["hr"], {"module": tenant.mark})
    scheduled = schedule_report(report=PEOPLE, asked=asked, frequency="weekly")
    tenant.objects |= {"claimed": claimed, "scheduled": scheduled}


def _meetings(tenant: Tenant, location: Location) -> None:
    """A room, and sessions that are on now: their link, which carries the mark, is open for who takes part."""
    room = Room.objects.create(location=location, name=f"Ruimte {len(tenant.mark)}", capacity=12)
    facts = {"link": f"https://vergader.test/{tenant.mark}", "teacher": tenant.people["teacher"]}
    session = session_of(tenant.objects["offering"], hours=-0.2, room=room, **facts)
    later = session_of(tenant.objects["offering"], hours=30, link=facts["link"])
    reserved = session_of(tenant.objects["reserved"], hours=30)
    tenant.objects |= {
        "room": Room.objects.create(location=location, name=f"Leeg {len(tenant.mark)}", capacity=4),
        "running_session": session,
        "feed": renew_feed(by=tenant.people["worker"]),
        "session": later,
        "reserved_session": reserved,
    }
