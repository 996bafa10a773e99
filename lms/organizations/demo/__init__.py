"""First chapter of the demo story: a region with two providers, three employers, a hub, and their people.

Everybody signs in with the same documented password. API tokens are made from this installation's secret key, so that
they are the same each time they are printed and work nowhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import get_hasher
from django.db import transaction
from django.utils.crypto import salted_hmac

from lms.accounts.adapter import confirm_address
from lms.accounts.models import ApiToken, User
from lms.accounts.services import (
    TOKEN_PREFIX,
    accept_invitation,
    digest_of,
    invite_people,
    issue_token,
    register_pending,
)
from lms.organizations.models import Employment, Location, Organization, Room
from lms.organizations.services import add_employments, add_member, departments_named, end_employment

from .cast import CAST, Cast, Character
from .moments import ago, day
from .staff import tell_staff

PASSWORD = "samen-leren-in-de-regio"  # noqa: S105 - documented: for the demo only
JOB_CHANGE = 60  # days ago that Esra Demir went from one employer to another


def tell(stdout: Any) -> None:
    """Organizations, places, people, who works where and who may do what."""
    if not Organization.objects.filter(slug=CAST.organizations[0]["slug"]).exists():
        with transaction.atomic():
            _tell()
            with _quick_hashing():
                tell_staff(PASSWORD)
        stdout.write(f"    {len(CAST.organizations)} organizations, {len(CAST.people)} people")
    _give_tokens()


def who() -> dict[str, Any]:
    """The people to sign in as."""
    return {
        "personas": [
            {
                "role": character.persona,
                "name": character.full_name,
                "organization": CAST.organization_of(character),
                "email": character.email,
                "password": PASSWORD,
                "api_token": TOKEN_PREFIX + _secret(character),
            }
            for character in CAST.personas
        ]
    }


def _tell() -> None:
    with ago(900), _quick_hashing():
        organizations = {facts["slug"]: _organization(facts) for facts in CAST.organizations}
        people = _people(CAST)
        for character in CAST.people:
            for slug, roles in character.member_of.items():
                for role in roles:
                    add_member(by=None, organization=organizations[slug], user=people[character.email], role=role)
        for slug, employer in organizations.items():
            employments = [
                _employment(employer, people[character.email], character.works_at or character.worked_at)
                for character in CAST.people
                if slug in {character.works_at.get("employer"), character.worked_at.get("employer")}
            ]
            add_employments(by=None, employer=employer, employments=employments)
    _change_jobs(organizations)


def _organization(facts: dict[str, Any]) -> Organization:
    organization = Organization(**{name: value for name, value in facts.items() if name != "locations"})
    organization.full_clean()
    organization.save()
    for place in facts["locations"]:
        rooms = place.get("rooms", [])
        facts_of_place = {name: value for name, value in place.items() if name != "rooms"}
        location = Location(organization=organization, **facts_of_place)
        location.full_clean()
        location.save()
        Room.objects.bulk_create(Room(location=location, **room) for room in rooms)
    return organization


def _people(cast: Cast) -> dict[str, User]:
    """Everybody registers and, unless still pending, accepts the invitation."""
    users = register_pending(
        [
            User(
                email=character.email,
                given_name=character.given_name,
                name_prefix=character.name_prefix,
                family_name=character.family_name,
                language=character.language,
            )
            for character in cast.people
            if not character.is_staff
        ]
    )
    people = {str(user.email): user for user in users}
    joining = [people[character.email] for character in cast.people if character.has_joined]
    for user, secret in invite_people(joining, "").items():
        people[str(user.email)] = accept_invitation(secret, PASSWORD)
    for character in cast.people:
        if character.is_staff:
            people[character.email] = _platform_staff(character)
    return people


def _platform_staff(character: Character) -> User:
    user = User.objects.create_superuser(
        character.email,
        PASSWORD,
        given_name=character.given_name,
        family_name=character.family_name,
    )
    confirm_address(user)
    return user


def _employment(employer: Organization, user: User, job: dict[str, Any]) -> Employment:
    return Employment(
        employer=employer,
        user=user,
        personnel_number=job["number"],
        department=departments_named(employer, {job["department"]})[job["department"].casefold()],
        job_title=job["job_title"],
        starts_on=job["since"],
    )


def _change_jobs(organizations: dict[str, Organization]) -> None:
    """Esra Demir leaves Zwaluwstaal for Loozerveld, and keeps what she earned."""
    esra = User.objects.get(email="esra.demir@loozerveld.example")
    hr = User.objects.get(email="anneke.veldhuis@zwaluwstaal.example")
    last_day, first_day = day(JOB_CHANGE), day(JOB_CHANGE - 1)
    with ago(JOB_CHANGE, by=hr):
        end_employment(by=hr, employment=Employment.objects.get(user=esra), ends_on=last_day)
        job = {"number": "L-149", "department": "Machinebouw", "job_title": "Instelmonteur", "since": first_day}
        employer = organizations["loozerveld"]
        add_employments(by=None, employer=employer, employments=[_employment(employer, esra, job)])


@contextmanager
def _quick_hashing() -> Iterator[None]:
    """Thirty slow hashes would be most of the story. The password is no secret; at sign-in it is hashed anew."""
    hasher: Any = get_hasher()
    rounds = getattr(hasher, "iterations", 0)
    hasher.iterations = min(rounds, 1000)
    try:
        yield
    finally:
        hasher.iterations = rounds


def _secret(character: Character) -> str:
    return salted_hmac("lms.demo.token", character.email).hexdigest()


def _give_tokens() -> None:
    known = set(ApiToken.objects.filter(name="Demo").values_list("digest", flat=True))
    for character in CAST.personas:
        secret = _secret(character)
        if digest_of(TOKEN_PREFIX + secret) not in known:
            issue_token(User.objects.get(email=character.email), "Demo", secret=secret)
