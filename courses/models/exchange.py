"""A file of modules and offerings that was sent: previewed first, carried out when confirmed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.querysets import ModuleImportQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Organization


class ModuleImport(Entity):
    """One upload. The file goes when it is confirmed, or after a day."""

    provider = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="module_imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="module_imports")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)

    objects = ModuleImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of modules")
        verbose_name_plural = _("imports of modules")

    def __str__(self) -> str:
        return self.file_name
