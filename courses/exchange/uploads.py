"""An uploaded file of modules: kept while its sender looks at the preview, carried out once, then forgotten."""

from datetime import timedelta

from django.db import transaction

from courses.models import ModuleImport
from lms.accounts.models import User
from lms.core.clock import now
from lms.organizations.models import Organization

from .importing import import_file

KEPT = timedelta(days=1)


def upload_modules(*, by: User, provider: Organization, content: bytes, file_name: str) -> ModuleImport:
    """Keep a file with its preview: what would happen. Nothing of it is written yet.

    Requires and raises: as `import_file`.
    """
    report = import_file(by=by, provider=provider, content=content, dry_run=True)
    return ModuleImport.objects.create(
        provider=provider, uploaded_by=by, file_name=file_name[-200:], content=content, report=report.as_json()
    )


@transaction.atomic
def confirm_modules(*, by: User, upload: ModuleImport) -> ModuleImport:
    """Carry an uploaded file out. Confirming again returns what the first time did; the file itself is dropped.

    Requires and raises: as `import_file`; things may have changed since the preview. Audits: yes, with the counts.
    """
    upload = ModuleImport.objects.select_for_update(of=("self",)).select_related("provider").get(pk=upload.pk)
    if upload.confirmed_at is None:
        report = import_file(by=by, provider=upload.provider, content=bytes(upload.content))
        upload.confirmed_at, upload.content, upload.report = now(), b"", report.as_json()
        upload.save(update_fields=["confirmed_at", "content", "report"])
    return upload


def forget_old_uploads() -> int:
    """Reconciler: drop files that nobody confirmed within a day."""
    old = ModuleImport.objects.filter(confirmed_at=None, created_at__lt=now() - KEPT)
    return old.delete()[0]
