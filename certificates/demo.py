"""Fourth chapter of the demo story: one certificate that was corrected, and one that was taken back."""

from typing import Any

from django.db import transaction

from certificates.models import Certificate
from certificates.services.correcting import replace_certificate, revoke_certificate
from certificates.services.documents import make_document
from lms.accounts.models import User
from lms.organizations.demo.moments import ago

HARM = "harm.nijenhuis@reestdal.example"


def tell(stdout: Any) -> None:
    """What the completing transactions issued is there already; the school mends two, and each gets its document."""
    if not Certificate.objects.exclude(replaces=None).exists():
        _mend()
    without = list(Certificate.objects.filter(document=None))
    for certificate in without:
        make_document(certificate)
    if without:
        stdout.write(f"    {len(without)} certificates")


def _mend() -> None:
    harm = User.objects.get(email=HARM)
    with transaction.atomic(), ago(97, by=harm):
        replace_certificate(
            by=harm,
            certificate=_certificate_of("janwillem.schuurman@zwaluwstaal.example"),
            reason="De naam moest zijn zoals in het paspoort.",
            holder_name="Johannes Willem Schuurman",
        )
    with transaction.atomic(), ago(44, by=harm):
        revoke_certificate(
            by=harm,
            certificate=_certificate_of("kevin.hartsuiker@loozerveld.example"),
            reason="De toets bleek door een ander te zijn gemaakt.",
        )


def _certificate_of(email: str) -> Certificate:
    return Certificate.objects.get(holder__email=email)
