"""Small true worlds for tests. Authority is given through the services, so that grants exist as in production."""

import itertools
import uuid
from datetime import timedelta
from decimal import Decimal

import factory

from courses import models as courses
from courses.services.indexing import index_module
from courses.services.reviewing import approve_version, submit_for_review
from lms.accounts.models import User
from lms.core.clock import now
from lms.organizations.models import Department, Employment, Location, Organization, Room
from lms.organizations.services import add_member
from lms.permissions.roles import Role

PASSWORD = "een-goed-wachtwoord-2026"


class UserFactory(factory.django.DjangoModelFactory):
    """An active person with an address and a password."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    given_name = "Anouk"
    family_name = factory.Sequence(lambda n: f"Jansen{n}")
    email = factory.Sequence(lambda n: f"anouk{n}@voorbeeld.test")
    activated_at = factory.LazyFunction(now)
    password = factory.django.Password(PASSWORD)


class OrganizationFactory(factory.django.DjangoModelFactory):
    """An employer unless told otherwise."""

    class Meta:
        model = Organization

    slug = factory.Sequence(lambda n: f"organisatie-{n}")
    name = factory.Sequence(lambda n: f"Organisatie {n}")
    is_employer = True


class ProviderFactory(OrganizationFactory):
    """A provider of education."""

    slug = factory.Sequence(lambda n: f"school-{n}")
    name = factory.Sequence(lambda n: f"School {n}")
    is_provider = True
    is_employer = False


class EmploymentFactory(factory.django.DjangoModelFactory):
    """Somebody works for an employer. `department` may be given by name."""

    class Meta:
        model = Employment

    employer = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    personnel_number = factory.Sequence(lambda n: f"P{n:05}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        if isinstance(name := kwargs.get("department"), str):
            kwargs["department"], _new = Department.objects.get_or_create(employer=kwargs["employer"], name=name)
        return super()._create(model_class, *args, **kwargs)


class ModuleFactory(factory.django.DjangoModelFactory):
    """A module of a provider."""

    class Meta:
        model = courses.Module

    provider = factory.SubFactory(ProviderFactory)
    code = factory.Sequence(lambda n: f"module-{n}")


class ModuleVersionFactory(factory.django.DjangoModelFactory):
    """A draft, complete enough to be published once it has a unit."""

    class Meta:
        model = courses.ModuleVersion

    module = factory.SubFactory(ModuleFactory)
    number = 1
    title = factory.LazyFunction(lambda: {"nl": "Veilig werken aan de draaibank"})
    summary = factory.LazyFunction(lambda: {"nl": "Instellen en draaien zonder ongelukken."})
    description = factory.LazyFunction(lambda: {"nl": "Wat u moet weten voordat u de spindel start."})
    track = "mbo"
    level = 2
    load = Decimal(8)
    languages = factory.LazyFunction(lambda: ["nl"])
    outcomes = factory.LazyFunction(lambda: [{"nl": "Stelt de machine veilig in."}])
    document_type = "certificate"


def text_unit(section, position=0, **fields):
    """A text to read."""
    return courses.Unit.objects.create(
        section=section,
        position=position,
        lineage=uuid.uuid4(),
        kind="text",
        title={"nl": f"Les {position + 1}"},
        data={"body": {"nl": "Lees dit **goed**."}},
        **fields,
    )


def quiz_unit(section, position=0, pass_mark=50, **fields):
    """Two questions; the right answers are 'a' and 'a' with 'b'."""
    options = [
        {"id": "a", "text": {"nl": "Goed"}},
        {"id": "b", "text": {"nl": "Ook"}},
        {"id": "c", "text": {"nl": "Fout"}},
    ]
    return courses.Unit.objects.create(
        section=section,
        position=position,
        lineage=uuid.uuid4(),
        kind="quiz",
        title={"nl": "Toets"},
        data={
            "pass_mark": pass_mark,
            "max_attempts": None,
            "questions": [
                {"id": "q1", "type": "single", "text": {"nl": "Eén?"}, "options": options, "correct": ["a"]},
                {
                    "id": "q2",
                    "type": "multiple",
                    "text": {"nl": "Meer?"},
                    "options": options,
                    "correct": ["a", "b"],
                },
            ],
        },
        **fields,
    )


def published_version(provider=None, units=("text", "quiz"), *, skills=(), sectors=(), **fields):
    """A published version with one section of the given kinds of units."""
    version = ModuleVersionFactory(**({"module__provider": provider} if provider else {}), **fields)
    section = courses.Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    for position, kind in enumerate(units):
        {"text": text_unit, "quiz": quiz_unit}[kind](section, position)
    version.skills.set(skills)
    version.sectors.set(sectors)
    version.submitted_at = version.approved_at = version.published_at = now()
    version.save(update_fields=["submitted_at", "approved_at", "published_at"])
    index_module(version.module)
    return version


def approved(version):
    """The draft after a teacher submitted it and a reviewer of the provider approved it."""
    provider = version.module.provider
    submit_for_review(by=person_with_role(provider, Role.TEACHER), version=version)
    approve_version(by=person_with_role(provider, Role.REVIEWER), version=version)
    version.refresh_from_db()
    return version


_codes = itertools.count()


def offering_of(version=None, **fields):
    """An open offering, of a new published version unless one is given."""
    version = version or published_version()
    facts = {"code": f"aanbod-{next(_codes)}", "version": version, "provider": version.module.provider} | fields
    return courses.Offering.objects.create(**facts)


def room_at(organization, capacity=12):
    """A room at a new location of an organization."""
    number = next(_codes)
    location = Location.objects.create(organization=organization, name=f"Locatie {number}", city="Hardenberg")
    return Room.objects.create(location=location, name=f"Lokaal {number}", capacity=capacity)


def session_of(offering, hours=24, lasts=2, **fields):
    """A meeting so many hours from now; it may lie in the past, which the service would refuse."""
    starts_at = now() + timedelta(hours=hours)
    return courses.Session.objects.create(
        offering=offering, starts_at=starts_at, ends_at=starts_at + timedelta(hours=lasts), **fields
    )


def person_with_role(organization, role):
    """Somebody with a role in an organization; who coordinates does so for a public body."""
    if role == Role.COORDINATOR and not organization.is_public_body:
        organization.is_public_body = True
        organization.save()
    user = UserFactory()
    add_member(by=None, organization=organization, user=user, role=role)
    return User.objects.get(pk=user.pk)
