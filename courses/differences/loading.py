"""Which versions are compared, read whole in a bounded number of queries."""

from collections.abc import Mapping

from courses.models import Module, ModuleVersion


def versions_to_compare(
    version: ModuleVersion, number: int | None = None
) -> tuple[ModuleVersion | None, ModuleVersion]:
    """The module's version with this number, or the one before, or None when there is no such; and `version` itself."""
    siblings = ModuleVersion.objects.filter(module=version.module_id)
    others = siblings.filter(number__lt=version.number) if number is None else siblings.filter(number=number)
    against = others.exclude(pk=version.pk).order_by("-number").values_list("pk", flat=True).first()
    whole = siblings.select_related("module").prefetch_related("sections__units", "skills", "sectors")
    found = {row.pk: row for row in whole.filter(pk__in=[version.pk, against])}
    return found.get(against) if against else None, found[version.pk]


def names_in(module: Module) -> Mapping[str, str]:
    """What the module's pictures and files are called, by id."""
    images = {str(image.pk): str(image) for image in module.images.all()}
    return images | {str(file.pk): file.name for file in module.files.all()}
