"""Files of the skill gap leave the product: it is kept who took which."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from enrollments.needs.policies import can_view_skill_gap
from enrollments.reports import csv_file, xlsx_file
from enrollments.reports.columns import Column, Line
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import today
from lms.core.errors import Forbidden
from lms.organizations.models import Organization


def export_skill_gap(
    *,
    by: User,
    employer: Organization,
    form: str,
    said: Mapping[str, Any],
    columns: Iterable[Column],
    lines: Iterable[Line],
) -> StreamingHttpResponse:
    """The lines as a file. `said` is what was asked.

    Requires: can_view_skill_gap; `form` is csv or xlsx. Raises: Forbidden. Audits: yes.
    """
    if not can_view_skill_gap(by, employer):
        raise Forbidden
    with transaction.atomic():
        changes = {name: (None, str(value)) for name, value in ({"form": form} | dict(said)).items()}
        record_audit("enrollments.export_skill_gap", employer, changes=changes, organization_id=employer.pk)
    if form == "csv":
        portions, media = csv_file.csv_portions(columns, lines), csv_file.MEDIA_TYPE
    else:
        portions, media = xlsx_file.xlsx_portions(_("Skill gap"), columns, lines), xlsx_file.MEDIA_TYPE
    name = f"vaardigheidskloof-{employer.slug}-{today():%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(list(portions), content_type=media, headers=headers)
