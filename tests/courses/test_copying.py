"""A module from another: everything is there, and nothing is shared."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as Pillow

from courses.models import Image, Module, ModuleFile, ModuleVersion, Sector, Skill, Unit
from courses.services.authoring import add_image, create_draft, discard_draft, edit_version
from courses.services.copying import copy_module
from courses.services.publishing import publish_check
from courses.services.reviewing import approve_version, submit_for_review
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions.roles import Role
from tests.factories import ProviderFactory, UserFactory, person_with_role, published_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(provider, teacher):
    """A published version with a picture in a text and in its description, a file in a unit, a skill and a sector."""
    draft = create_draft(by=teacher, module=published_version(provider).module)
    image = add_image(by=teacher, module=draft.module, file=picture(), alt={"nl": "Een draaibank"})
    file = ModuleFile(module=draft.module, name="les.pdf", content_type="application/pdf", size=4, sha256="0" * 64)
    file.file.save("les.pdf", ContentFile(b"%PDF"))
    unit = Unit.objects.get(section__version=draft, kind="text")
    unit.data = {
        "body": {"nl": f"![](image:{image.pk})", "en": f"![x](image:{str(image.pk).upper()})"},
        "file": str(file.pk),
    }
    unit.points = 3
    unit.save()
    facts = {
        "description": {"nl": f"Kijk: ![](image:{image.pk})"},
        "rule": {"units": "points", "points": 2},
        "skills": [Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="turn metal")],
    }
    draft = edit_version(by=teacher, version=draft, revision=draft.revision, facts=facts)
    draft.sectors.add(Sector.objects.create(code="C25", label_nl="Metaal", label_en="Metal"))
    return draft


def picture():
    with BytesIO() as file:
        Pillow.new("RGB", (2, 2)).save(file, "PNG")
        return BytesIO(file.getvalue())


def held(row):
    with row.file.open("rb") as file:
        return file.read()


def tree(version):
    units = Unit.objects.filter(section__version=version)
    return [(u.section.position, u.position, u.kind, u.title, u.minutes, u.required, u.points) for u in units]


def test_everything_is_copied_and_stands_on_its_own(source, teacher, provider):
    draft = copy_module(by=teacher, version=source, provider=provider, code="kopie")
    assert (draft.number, draft.is_draft, draft.module.code) == (1, True, "kopie")
    assert (draft.title, draft.level, draft.rule, draft.outcomes) == (
        source.title,
        source.level,
        source.rule,
        source.outcomes,
    )
    assert list(draft.skills.all()) == list(source.skills.all())
    assert list(draft.sectors.all()) == list(source.sectors.all())
    assert tree(draft) == tree(source)
    lineages = [set(Unit.objects.filter(section__version=v).values_list("lineage", flat=True)) for v in (source, draft)]
    assert not lineages[0] & lineages[1]
    assert publish_check(draft) == publish_check(source)
    assert list(draft.authors.all()) == [teacher]


def test_references_point_to_the_copies(source, teacher, provider):
    draft = copy_module(by=teacher, version=source, provider=provider, code="kopie")
    image, file = draft.module.images.get(), draft.module.files.get()
    data = Unit.objects.get(section__version=draft, kind="text").data
    assert data == {"body": {"nl": f"![](image:{image.pk})", "en": f"![x](image:{image.pk})"}, "file": str(file.pk)}
    assert draft.description == {"nl": f"Kijk: ![](image:{image.pk})"}
    assert (image.alt, image.width) == ({"nl": "Een draaibank"}, 2)
    assert (file.name, file.size) == ("les.pdf", 4)


@pytest.mark.django_db(transaction=True)
def test_files_survive_when_the_other_module_is_thrown_away(source, teacher, provider):
    draft = copy_module(by=teacher, version=source, provider=provider, code="kopie")
    again = copy_module(by=teacher, version=draft, provider=provider, code="kopie-2")
    discard_draft(by=teacher, version=draft)
    for kept in (source.module, again.module):
        assert held(kept.images.get()).startswith(b"\x89PNG")
        assert held(kept.files.get()) == b"%PDF"


def test_to_another_provider_one_writes_for(source, teacher):
    other = ProviderFactory()
    with pytest.raises(Forbidden):
        copy_module(by=teacher, version=source, provider=other, code="kopie")
    both = person_with_role(other, Role.TEACHER)
    with pytest.raises(NotFound):
        copy_module(by=both, version=source, provider=other, code="kopie")
    published = published_version()
    with pytest.raises(Forbidden):
        copy_module(by=both, version=published, provider=other, code="kopie")
    assert Module.objects.filter(provider=other).count() == 0


def test_a_taken_code_or_a_title_without_dutch_leaves_nothing_behind(source, teacher, provider):
    images = Image.objects.count()
    with pytest.raises(Conflict) as raised:
        copy_module(by=teacher, version=source, provider=provider, code=source.module.code)
    assert raised.value.code == "code_taken"
    with pytest.raises(Invalid):
        copy_module(by=teacher, version=source, provider=provider, code="kopie", title={"en": "Copy"})
    assert (Module.objects.count(), Image.objects.count()) == (1, images)


def test_on_the_page(client, source, teacher, provider):
    client.force_login(teacher)
    page = reverse("courses:copy_module", args=[source.module_id])
    assert page in client.get(reverse("courses:authored_module", args=[source.module_id])).content.decode()
    old = source.module.versions.get(number=1)
    body = {"version": old.pk, "provider": provider.pk, "code": "kopie", "title_nl": "Frezen"}
    draft = client.post(page, body)
    made = ModuleVersion.objects.get(module__code="kopie")
    assert draft.url == reverse("courses:facts", args=[made.pk])
    assert (made.title, made.module.images.count()) == ({"nl": "Frezen"}, 1)
    refused = client.post(page, body)
    assert refused.context["form"].errors["code"]
    foreign = client.post(page, body | {"version": published_version().pk, "code": "kopie-3"})
    assert foreign.context["form"].errors["version"]


def test_by_api(api, source, teacher, provider):
    address = f"/api/v1/modules/{source.module_id}/copy/"
    made = api(teacher).post(address, {"provider": provider.slug, "code": "kopie", "title": {"nl": "Frezen"}})
    assert (made.status_code, made.data["number"], made.data["title"]) == (201, 1, {"nl": "Frezen"})
    assert made.data["rule"] == source.rule
    first = api(teacher).post(address, {"provider": provider.slug, "code": "kopie-2", "version": 1})
    assert first.data["rule"] == {"units": "all"}
    assert api(teacher).post(address, {"provider": provider.slug, "code": "kopie-3", "version": 9}).status_code == 404
    assert api(UserFactory()).post(address, {"provider": provider.slug, "code": "kopie-4"}).status_code in (400, 403)


def test_who_wrote_a_draft_does_not_review_its_copy(provider, teacher, publisher):
    """Four eyes: a colleague who copies a draft does not make its author a reviewer of it."""
    colleague = person_with_role(provider, Role.PUBLISHER)
    published = published_version(provider)
    draft = create_draft(by=publisher, module=published.module)
    edit_version(by=publisher, version=draft, revision=0, facts={"summary": {"nl": "Van mij."}})
    copy = copy_module(by=teacher, version=draft, provider=provider, code="kopie")
    submit_for_review(by=teacher, version=copy)
    with pytest.raises(Forbidden):
        approve_version(by=publisher, version=copy)
    approve_version(by=colleague, version=copy)
    again = copy_module(by=teacher, version=published, provider=provider, code="kopie-2")
    assert list(again.authors.all()) == [teacher]
