"""What is issued is frozen: certificates, their documents and revocations are never updated."""

from django.db import migrations

from lms.core.frozen import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = [
        FreezeRows("certificates_certificate", name="certificate_stays"),
        FreezeRows("certificates_certificatedocument", name="document_stays"),
        FreezeRows("certificates_revocation", name="revocation_stays"),
    ]
