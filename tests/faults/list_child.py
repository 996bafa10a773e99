"""Runs in a process of its own: carries a staff list out in children that the test kills, and says what there is then.

A child is forked from a process that has Django loaded and no connection, so that kills hit work and not a start.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

import django

django.setup()

from django.db.models import Count, Sum  # noqa: E402

from courses.models import Offering  # noqa: E402
from enrollments.models import (  # noqa: E402
    Agreement,
    Enrollment,
    ImportRow,
    LedgerEntry,
    SeatReservation,
    StaffImport,
)
from enrollments.staff_import import carrying, services  # noqa: E402
from lms.accounts.models import Invitation, User  # noqa: E402
from lms.core.clock import at, now  # noqa: E402
from lms.events.models import Delivery, DomainEvent  # noqa: E402
from lms.events.services import deliver_due  # noqa: E402
from lms.notifications.models import SentMessage  # noqa: E402
from lms.organizations.models import Department, Employment  # noqa: E402
from lms.permissions.roles import Role  # noqa: E402
from tests.enrollments.money import agreement_of  # noqa: E402
from tests.factories import OrganizationFactory, offering_of, person_with_role, published_version  # noqa: E402

HEADERS = "Personeelsnummer;Voornaam;Achternaam;E-mail;Afdeling;Leidinggevende"
PARCEL = 8


def prepare(rows: int) -> None:
    """An employer with an agreement for fewer seats than people, and its list, confirmed and not begun."""
    employer = OrganizationFactory(slug="metaal")
    offering = offering_of(published_version(units=("text",)), capacity=rows - rows // 8)
    agreement_of(employer, offering.provider, seats=rows - rows // 5)
    hr = person_with_role(employer, Role.HR_MANAGER)
    people = [
        f"{n:04};Voor{n};Bos;{f'p{n}@metaal.test' if n % 3 else ''};Productie > Ploeg {n % 4};{(n % 5) or ''}"
        for n in range(1, rows + 1)
    ]
    people[7] = "0008;Voor8;Bos;geen adres;Productie;"
    content = "\r\n".join([HEADERS, *people]).encode()
    services.AT_ONCE_BYTES = services.AT_ONCE_ROWS = 0
    staff_import = services.upload_staff_list(
        by=hr, employer=employer, offering=offering, content=content, file_name="lijst.csv"
    )
    services.read_list(staff_import)
    services.plan_list(staff_import)
    services.confirm_staff_import(by=hr, staff_import=staff_import)


def work(turn: int = 1) -> None:
    """What reconciler and relay do some minutes after the turn before, with small parcels."""
    carrying.carry_on.__kwdefaults__["size"] = PARCEL
    with at(now() + timedelta(minutes=5 * turn)):
        services.continue_lists()
        while deliver_due():
            pass


def nurse() -> None:
    """For each turn that comes in, a child that works; says its number, and when it is gone."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(int(line))
            os._exit(0)
        say(f"born {child}")
        os.waitpid(child, 0)
        say("gone")


def settle(turns: int) -> None:
    """When nobody kills any more: leases have run out."""
    work(turns + 1)
    with at(now() + timedelta(minutes=5 * turns + 30)):
        Delivery.objects.filter(state="pending").update(due_at=now())
        while deliver_due():
            pass


def tell() -> None:
    """Everything that an unbroken run and a broken one must have in common; ids and moments are their own."""
    staff_import = StaffImport.objects.get()
    agreement, offering = Agreement.objects.get(), Offering.objects.get()
    invited = SentMessage.objects.filter(kind="invitation")
    facts = {
        "state": [staff_import.state, staff_import.rows_total, staff_import.rows_done, staff_import.failures],
        "report": {name: value for name, value in staff_import.report.items() if isinstance(value, int)},
        "rows": list(
            ImportRow.objects.order_by("number").values_list("number", "outcome", "staff", "invite", "problems")
        ),
        "people": sorted(User.objects.filter(employments__isnull=False).values_list("given_name", "email")),
        "employments": list(
            Employment.objects.order_by("personnel_number").values_list(
                "personnel_number", "user__given_name", "department__name", "manager__given_name"
            )
        ),
        "departments": list(Department.objects.order_by("name").values_list("name", "parent__name")),
        "enrollments": list(
            Enrollment.objects.order_by("id").values_list("learner__given_name", "state", "reservation__state")
        ),
        "places": [offering.taken, offering.capacity],
        "ledger": [
            agreement.seats_left,
            LedgerEntry.objects.aggregate(n=Sum("seats"))["n"],
            SeatReservation.objects.count(),
        ],
        "invitations": Invitation.objects.count(),
        "invited": invited.count(),
        "invited twice": list(
            invited.values("recipient").annotate(n=Count("pk")).filter(n__gt=1).values_list("recipient__email")
        ),
        "facts": DomainEvent.objects.filter(name="enrollment.imported").count(),
        "deliveries": sorted(set(Delivery.objects.values_list("state", flat=True))),
    }
    say(json.dumps(facts))


def say(line: str) -> None:
    """To the test, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    verbs = {"prepare": lambda: prepare(int(sys.argv[2])), "settle": lambda: settle(int(sys.argv[2]))}
    (verbs | {"nurse": nurse, "tell": tell})[sys.argv[1]]()
