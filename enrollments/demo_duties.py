"""What the people of Barger Vers must have: hygiene for everybody in production, anew every two years."""

from courses.models import Module
from enrollments.models import TrainingRule
from enrollments.services.duties import keep_all_duties
from enrollments.services.training_rules import make_rule
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.demo.moments import ago
from lms.organizations.models import Department, Organization
from lms.organizations.services import departments_named

SASKIA = "saskia.boerma@bargervers.example"
PRODUCTION = ("Inpak", "Bereiding", "Technische dienst")


def begin_hygiene_rule() -> None:
    """Saskia makes the rule, and everybody in production is enrolled by itself; for Henk it is the second round."""
    saskia, barger = User.objects.get(email=SASKIA), Organization.objects.get(slug="barger-vers")
    with ago(64, by=saskia):
        production = departments_named(barger, {"Productie"})["productie"]
        Department.objects.filter(employer=barger, name__in=PRODUCTION, parent=None).update(parent=production)
        rule = TrainingRule(
            employer=barger,
            module=Module.objects.get(code="hygienisch-werken"),
            department=production,
            due_days=90,
            valid_months=24,
            renew_days=60,
            starts_on=today(),
        )
        make_rule(by=saskia, rule=rule)
        keep_all_duties()


def keep_up() -> None:
    """As the daily task does: who completed it has met it."""
    keep_all_duties()
