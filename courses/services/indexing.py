"""Keeping the catalogue's index equal to what is published."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from courses.catalogue.texts import indexed_text
from courses.models import CatalogueEntry, CatalogueTerm, CatalogueWord, Module, ModuleVersion

BATCH = 2000
MENDED_AT_ONCE = 200


@transaction.atomic
def index_module(module: Module) -> None:
    """Make the module's entry say what its newest published version says; take it out where there is none to show.

    Requires: nothing. Emits: nothing. Run again, it changes nothing.
    """
    version = ModuleVersion.objects.current().filter(module=module, module__retired_at=None)
    shown = version.select_related("module__provider").prefetch_related("sectors", "skills").first()
    if shown is None:
        CatalogueEntry.objects.filter(module=module).delete()
        return
    entry, _created = CatalogueEntry.objects.update_or_create(module=module, defaults=_facts(shown))
    text = indexed_text(shown)
    entry.terms.all().delete()
    CatalogueTerm.objects.bulk_create(
        (CatalogueTerm(entry=entry, term=term, weight=weight) for term, weight in sorted(text.weights.items())),
        batch_size=BATCH,
    )
    CatalogueWord.objects.bulk_create(
        (CatalogueWord(text=word, term=term) for word, term in sorted(text.words)),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def rebuild_index() -> int:
    """Index every module anew, forgetting words that nothing uses any more. Returns how many are in the catalogue."""
    CatalogueWord.objects.all().delete()
    index_modules(Module.objects.filter(Q(versions__published_at__isnull=False) | Q(catalogue_entry__isnull=False)))
    return CatalogueEntry.objects.count()


def mend_index() -> int:
    """Index what is published and not in the catalogue as it should be. Returns how many modules that were."""
    newest = ModuleVersion.objects.current().filter(module__retired_at=None)
    as_it_should = CatalogueEntry.objects.filter(version=OuterRef("pk"), provider_name=F("provider__name"))
    missing = newest.filter(~Exists(as_it_should)).values("module")
    too_much = CatalogueEntry.objects.exclude(version__in=newest).values("module")
    return index_modules(Module.objects.filter(Q(pk__in=missing) | Q(pk__in=too_much))[:MENDED_AT_ONCE])


def index_modules(modules: Iterable[Module]) -> int:
    """Index each of them, in a transaction of its own. Returns how many."""
    found = {module.pk: module for module in modules}
    for module in found.values():
        index_module(module)
    return len(found)


def _facts(version: ModuleVersion) -> dict[str, object]:
    provider = version.module.provider
    published = ModuleVersion.objects.published().filter(module=version.module_id)
    return {
        "version": version,
        "provider": provider,
        "provider_name": provider.name,
        "listed_at": published.order_by("published_at").values_list("published_at", flat=True)[0],
        "track": version.track,
        "purpose": version.purpose,
        "level": version.level,
        "languages": ",".join(language for language in ("nl", "en") if language in version.languages),
        "document_type": version.document_type,
    }
