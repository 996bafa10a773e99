"""The ledger is evidence: its entries are never changed. Whoever wrote one may be erased."""

from django.db import migrations

from lms.core.frozen import FreezeRows

FACTS = ("agreement_id", "kind", "seats", "amount", "enrollment_id", "reason", "at")


class Migration(migrations.Migration):
    dependencies = [("enrollments", "0007_employers")]

    operations = [FreezeRows("enrollments_ledgerentry", name="ledger_entry_stays", columns=FACTS)]
