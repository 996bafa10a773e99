"""How the employers of the story keep their staff: departments, managers, and people without an e-mail address."""

from typing import Any

from lms.accounts.models import User
from lms.accounts.services import accept_invitation
from lms.organizations.handlers import show_own_name
from lms.organizations.models import Department, Employment, Organization
from lms.organizations.services import (
    NewPerson,
    add_department,
    add_person,
    change_department,
    change_employment,
    print_letters,
)

from .moments import ago, day

TREES = {
    "zwaluwstaal": {
        "Productie": ["Verspaning", "Lasserij"],
        "Onderhoud en kwaliteit": ["Technische dienst"],
        "Kantoor": ["Personeel"],
    },
    "loozerveld": {
        "Fabriek": ["Assemblage", "Spuitgieterij", "Machinebouw"],
        "Techniek": ["Technische dienst", "Kwaliteit"],
        "Kantoor": ["Personeel en organisatie"],
    },
    "barger-vers": {"Productie": ["Bereiding", "Inpak"], "Ondersteuning": ["Technische dienst", "Kwaliteit", "HR"]},
}
HR = {
    "zwaluwstaal": "anneke.veldhuis@zwaluwstaal.example",
    "loozerveld": "wilco.tenbrinke@loozerveld.example",
    "barger-vers": "saskia.boerma@bargervers.example",
}
MANAGERS = {
    "gerrit.assen@zwaluwstaal.example": ("Verspaning", "Technische dienst"),
    "chantal.vandermeulen@zwaluwstaal.example": ("Lasserij",),
    "ria.beltman@loozerveld.example": ("Assemblage", "Spuitgieterij", "Machinebouw"),
    "johan.reinders@loozerveld.example": ("Technische dienst", "Kwaliteit"),
    "omer.aydin@bargervers.example": ("Bereiding", "Inpak"),
    "tirza.bouwhuis@bargervers.example": ("Kwaliteit", "Technische dienst"),
}


def tell_staff(password: str) -> None:
    """HR divides its people, names their managers, and lets in who has no e-mail address."""
    for slug, tree in TREES.items():
        employer, hr = Organization.objects.get(slug=slug), User.objects.get(email=HR[slug])
        with ago(50, by=hr):
            _divide(hr, employer, tree)
    for email, names in MANAGERS.items():
        _lead(User.objects.get(email=email), names)
    _shop_floor(password)


def _divide(hr: User, employer: Organization, tree: dict[str, list[str]]) -> None:
    for name, parts in tree.items():
        whole = add_department(by=hr, employer=employer, name=name)
        for part in Department.objects.filter(employer=employer, name__in=parts).select_related("employer"):
            change_department(by=hr, department=part, name=part.name, parent=whole)


def _lead(manager: User, names: tuple[str, ...]) -> None:
    own = Employment.objects.select_related("employer").get(user=manager, ends_on=None)
    hr = User.objects.get(email=HR[own.employer.slug])
    led = Employment.objects.filter(employer=own.employer, department__name__in=names, ends_on=None)
    for employment in led.exclude(user=manager).select_related("employer", "user", "department"):
        with ago(49, by=hr):
            change_employment(by=hr, employment=employment, manager=manager)


def _shop_floor(password: str) -> None:
    """Bennie is in by his personnel number; Tadesse has the letter and has not begun."""
    hr = User.objects.get(email=HR["zwaluwstaal"])
    long_ago, lately = day(9000), day(20)
    with ago(48, by=hr):
        job = {"personnel_number": "1028", "department": "Lasserij", "job_title": "Lasser", "starts_on": long_ago}
        code = _hire(hr, NewPerson("Bennie", "", "Kuipers"), "chantal.vandermeulen@zwaluwstaal.example", job)
    with ago(46):
        bennie = accept_invitation(code, password, printed=True)
        show_own_name(user=bennie)
    with ago(12, by=hr):
        job = {"personnel_number": "1095", "department": "Verspaning", "job_title": "Verspaner", "starts_on": lately}
        _hire(hr, NewPerson("Tadesse", "", "Bekele", language="en"), "gerrit.assen@zwaluwstaal.example", job)


def _hire(hr: User, person: NewPerson, manager: str, job: dict[str, Any]) -> str:
    """The code in the letter."""
    employer = Organization.objects.get(slug="zwaluwstaal")
    boss = User.objects.get(email=manager)
    employment = add_person(by=hr, employer=employer, person=person, manager=boss, **job)
    return print_letters(by=hr, employer=employer, employments=[employment])[0].code
