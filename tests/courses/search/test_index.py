"""The index says what is published: at once, and again when somebody went past the services."""

import pytest
from django.core.management import call_command

from courses import events
from courses.catalogue.searching import understand
from courses.models import CatalogueEntry, CatalogueTerm, CatalogueWord
from courses.services.indexing import index_module, mend_index, rebuild_index
from lms.core.clock import now
from lms.events.services import record
from tests.factories import ModuleVersionFactory, published_version

pytestmark = pytest.mark.django_db


def codes(text):
    return {entry.module.code for entry in understand(text).ranked(CatalogueEntry.objects.all())}


def test_a_new_version_is_found_in_the_instant_it_is_published():
    version = published_version(title={"nl": "Hijsen"}, summary={"nl": "Kort."})
    module = version.module
    draft = ModuleVersionFactory(module=module, number=2, title={"nl": "Steigers bouwen"})
    draft.approved_at = draft.published_at = now()
    draft.save(update_fields=["approved_at", "published_at"])
    assert codes("hijsen") == {module.code}
    record(events.VERSION_PUBLISHED, draft.pk, {"module": module.pk, "provider": module.provider_id, "number": 2})
    assert codes("steigers") == {module.code}
    assert codes("hijsen") == set()


def test_drafts_are_not_indexed():
    draft = ModuleVersionFactory(title={"nl": "Onbekend"})
    index_module(draft.module)
    assert not CatalogueEntry.objects.exists()


def test_a_retired_module_leaves_and_comes_back():
    version = published_version(title={"nl": "Hijsen"})
    module = version.module
    module.retired_at = now()
    module.save(update_fields=["retired_at"])
    record(events.MODULE_RETIRED, module.pk, {"module": module.pk, "provider": module.provider_id})
    assert codes("hijsen") == set()
    module.retired_at = None
    module.save(update_fields=["retired_at"])
    record(events.MODULE_BROUGHT_BACK, module.pk, {"module": module.pk, "provider": module.provider_id})
    assert codes("hijsen") == {module.code}


def test_what_was_missed_is_mended_and_then_nothing_is():
    kept, lost = published_version(title={"nl": "Hijsen"}), published_version(title={"nl": "Zagen"})
    CatalogueEntry.objects.filter(module=lost.module).delete()
    gone = published_version(title={"nl": "Vouwen"})
    gone.module.retired_at = now()
    gone.module.save(update_fields=["retired_at"])
    kept.module.provider.name = "Vakschool Nieuwenaam"
    kept.module.provider.save(update_fields=["name"])
    assert mend_index() == 3
    assert codes("zagen") == {lost.module.code}
    assert codes("nieuwenaam") == {kept.module.code}
    assert codes("vouwen") == set()
    assert mend_index() == 0


def test_a_rebuild_forgets_words_that_nothing_uses(capsys):
    version = published_version(title={"nl": "Hijsen"})
    CatalogueWord.objects.create(text="zweefwoord", term="zweefwoord")
    assert rebuild_index() == 1
    assert not CatalogueWord.objects.filter(text="zweefwoord").exists()
    before = set(CatalogueTerm.objects.values_list("entry__module", "term", "weight"))
    call_command("index_catalogue")
    assert set(CatalogueTerm.objects.values_list("entry__module", "term", "weight")) == before
    assert codes("hijsen") == {version.module.code}


def test_the_questions_asked_of_the_database_are_few(modules, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        understand("cursus tig lassen voor beginners")
    with django_assert_max_num_queries(7):
        understand("vieligheid heftuck")
    with django_assert_max_num_queries(30):
        understand("x" * 10_000 + " abcdefg" * 2_000)
