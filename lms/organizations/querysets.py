"""Named questions about organizations. Every list starts from `visible_to(user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connections, models
from django.db.models.expressions import RawSQL

from lms.core.clock import today
from lms.permissions.services import anchors_allowing, permissions_by_anchor

if TYPE_CHECKING:
    from .models import Department, Employment, Location, Membership, Organization, Room  # noqa: F401


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations."""

    def visible_to(self, user: Any) -> OrganizationQuerySet:
        """Those where the user has a role; all for platform staff. (Providers' names are public in the catalogue.)"""
        if user.is_superuser:
            return self
        return self.filter(pk__in=list(permissions_by_anchor(user)))

    def allowing(self, user: Any, permission: str) -> OrganizationQuerySet:
        """Those on which the user's roles give `permission`."""
        return self if user.is_superuser else self.filter(pk__in=anchors_allowing(user, permission))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who has which role."""

    def visible_to(self, user: Any) -> MembershipQuerySet:
        """One's own, and those of organizations where one may see them."""
        if user.is_superuser:
            return self
        own = models.Q(user=user.pk)
        return self.filter(own | models.Q(organization__in=anchors_allowing(user, "view_members")))


class EmploymentQuerySet(models.QuerySet["Employment"]):
    """Who works where."""

    def visible_to(self, user: Any) -> EmploymentQuerySet:
        """One's own, and the staff of employers where one may see it."""
        if user.is_superuser:
            return self
        return self.filter(models.Q(user=user.pk) | models.Q(employer__in=anchors_allowing(user, "view_staff")))

    def current(self) -> EmploymentQuerySet:
        """Those who work there today."""
        day = today()
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day), starts_on__lte=day)

    def not_over(self) -> EmploymentQuerySet:
        """Those who work there, or will."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=today()))

    def awaited(self) -> EmploymentQuerySet:
        """Of people who have not signed in since the employer added them."""
        return self.filter(models.Q(user__activated_at=None) | ~models.Q(listed_as=""))

    def called(self, words: str) -> EmploymentQuerySet:
        """Those with every word in the name that the employer sees, the address or the number."""
        found = self
        for word in words.split():
            own = models.Q(user__given_name__icontains=word) | models.Q(user__family_name__icontains=word)
            found = found.filter(
                (own & models.Q(listed_as=""))
                | models.Q(listed_as__icontains=word)
                | models.Q(user__email__icontains=word)
                | models.Q(personnel_number__icontains=word)
            )
        return found

    def written_names(self) -> dict[tuple[UUID, UUID], str]:
        """By employer and person: the name the employer wrote, of people who have not signed in since."""
        written = self.exclude(listed_as="").values_list("employer", "user", "listed_as")
        return {(employer, person): name for employer, person, name in written}

    def with_manager_named(self) -> EmploymentQuerySet:
        """Each with `manager_employment`: the id of the manager's own employment there, as long as it lasts."""
        from .models import Employment

        own = Employment.objects.not_over().filter(
            employer=models.OuterRef("employer"), user=models.OuterRef("manager")
        )
        return self.annotate(manager_employment=models.Subquery(own.order_by("starts_on").values("pk")[:1]))

    def within(self, department: Department | UUID) -> EmploymentQuerySet:
        """Those in the department, or in one below it."""
        from .models import Department

        return self.filter(department__in=Department.objects.within(department))


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Parts of employers."""

    def visible_to(self, user: Any) -> DepartmentQuerySet:
        """Those of employers whose staff one may see."""
        return self if user.is_superuser else self.filter(employer__in=anchors_allowing(user, "view_staff"))

    def within(self, department: Department | UUID) -> DepartmentQuerySet:
        """The department and everything below it: to be given whole to `department__in`, as part of that query.

        UNION drops what was found before, so that it ends even where rows ever formed a circle.
        """
        top = department if isinstance(department, UUID) else department.pk
        connection = connections[self.db]
        table, key = (connection.ops.quote_name(name) for name in (self.model._meta.db_table, "id"))
        below = (
            f"WITH RECURSIVE below(id) AS (SELECT {key} FROM {table} WHERE {key} = %s "  # noqa: S608 - our own names
            f"UNION SELECT part.id FROM {table} part JOIN below ON part.parent_id = below.id) SELECT id FROM below"
        )
        value = self.model._meta.pk.get_db_prep_value(top, connection)
        return self.filter(pk__in=RawSQL(below, [value]))  # noqa: S611 - the id alone is from outside, as a parameter


class LocationQuerySet(models.QuerySet["Location"]):
    """Places."""

    def visible_to(self, user: Any) -> LocationQuerySet:
        """Every signed-in person may see where people meet."""
        return self if user.is_authenticated else self.none()


class RoomQuerySet(models.QuerySet["Room"]):
    """Rooms at places."""

    def visible_to(self, user: Any) -> RoomQuerySet:
        """Every signed-in person may see where people meet."""
        return self if user.is_authenticated else self.none()
