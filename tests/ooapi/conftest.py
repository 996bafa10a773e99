"""A small region: two schools with something published, drafts, and runs of every kind."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from courses.models import Module, Programme, ProgrammeItem, Skill
from lms.core.clock import now, today
from lms.organizations.models import Location
from tests.factories import ModuleVersionFactory, OrganizationFactory, ProviderFactory, offering_of, published_version


@pytest.fixture
def region(db):
    """Everything by name."""
    school = ProviderFactory(slug="reestdal", name="Reestdal", brin="99RD", kvk="99000101", rio_code="999A101")
    hall = Location.objects.create(
        organization=school,
        name="Hal",
        street="Parallelweg 31a",
        postal_code="7772 BA",
        city="Hardenberg",
        latitude=Decimal("52.57"),
        longitude=Decimal("6.61"),
    )
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/7", label_en="operate lathe", label_nl="draaien")
    lathe = published_version(
        school,
        skills=[skill],
        module__code="draaien",
        title={"nl": "Draaien", "en": "Turning"},
        nlqf_basis="formal",
        crebo="25297",
        level=3,
        isced="0715",
        languages=["nl", "en"],
    )
    college = published_version(
        ProviderFactory(slug="oosterveen", name="Oosterveen"),
        module__code="data",
        title={"nl": "Data"},
        track="hbo",
        level=6,
        units=("text",),
        load=Decimal("2.5"),
        load_unit="ects",
    )
    ModuleVersionFactory(module=lathe.module, number=2, title={"nl": "GEHEIM"})
    draft = ModuleVersionFactory(module=Module.objects.create(provider=school, code="geheim"), title={"nl": "GEHEIM"})
    employer = OrganizationFactory(slug="zwaluw", name="Zwaluw")
    later = today() + timedelta(days=30)
    run = offering_of(
        lathe,
        code="draaien-1",
        starts_on=later,
        ends_on=later + timedelta(days=60),
        enroll_until=later,
        capacity=12,
        minimum=4,
        price=Decimal("349.50"),
        vat_percentage=Decimal(21),
        delivery="hub",
        location=hall,
    )
    reserved = offering_of(lathe, code="draaien-besloten", starts_on=later, visibility="employers")
    reserved.employers.add(employer)
    programme = Programme.objects.create(
        provider=school, code="verspaner", title={"nl": "Verspaner"}, published_at=now()
    )
    ProgrammeItem.objects.create(programme=programme, module=lathe.module, position=0)
    ProgrammeItem.objects.create(programme=programme, module=college.module, position=1, required=False)
    Programme.objects.create(provider=school, code="geheim", title={"nl": "GEHEIM"})
    return SimpleNamespace(
        school=school,
        lathe=lathe,
        college=college,
        draft=draft,
        employer=employer,
        run=run,
        reserved=reserved,
        programme=programme,
        skill=skill,
        hall=hall,
    )
