"""What reports of enrollments may tell of certificates: the newest of each enrollment, as its employer may know it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import CharField, DateField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from enrollments.reports.proofs import contribute

from .models import Certificate


def register() -> None:
    """Called once, when the app is ready."""
    contribute("certificate_number", lambda: Subquery(_known().values("serial")[:1]))
    contribute("certificate_url", lambda: Subquery(_known().values(url=_address())[:1]))
    contribute("certificate_valid_until", lambda: Subquery(_known().values("valid_until")[:1]))
    contribute("certificate_revoked", lambda: Exists(_known().filter(revocation__isnull=False, replaced_by=None)))


def _known() -> Any:
    """Issued while the holder worked for the employer, newest first: a correction counts for what it replaces."""
    worked_until = Coalesce(OuterRef("left_on"), Value(date.max, output_field=DateField()))
    issued = Certificate.objects.filter(completion__enrollment=OuterRef("pk"), issued_at__date__lte=worked_until)
    return issued.order_by("-id")


def _address() -> Concat:
    before = settings.BASE_URL + reverse("certificates:verify", args=["-"]).removesuffix("-")
    return Concat(Value(before), F("code"), output_field=CharField())
