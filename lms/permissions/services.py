"""The only door to django-guardian: grants on anchors to one group per role per anchor.

Traps kept out here: `get_objects_for_user` lets a global permission return every tenant's rows, so global permissions
are never asked; a grant is never given to a single person or on a leaf.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from guardian.models import GroupObjectPermission, UserObjectPermission

from .roles import ROLE_PERMISSIONS

GROUP_PREFIX = "role"


def group_name(anchor: models.Model, role: str) -> str:
    """The stable name of the group that holds `role` on `anchor`."""
    return f"{GROUP_PREFIX}:{anchor._meta.label_lower}:{anchor.pk}:{role}"


@transaction.atomic
def grant_role(user: Any, role: str, anchor: models.Model) -> None:
    """Put `user` in the role's group on `anchor`, making the group and its grants when they are missing."""
    group, created = Group.objects.get_or_create(name=group_name(anchor, role))
    if created:
        _lay_grants(group, role, anchor)
    user.groups.add(group)
    forget(user)


@transaction.atomic
def revoke_role(user: Any, role: str, anchor: models.Model) -> None:
    """Take `user` out of the role's group on `anchor`."""
    user.groups.remove(*Group.objects.filter(name=group_name(anchor, role)))
    forget(user)


def allows(user: Any, permission: str, anchor_id: UUID | None) -> bool:
    """May `user` do this on the anchor? Platform staff may; an inactive or anonymous user never."""
    if anchor_id is None or not user.is_active:
        return False
    return bool(user.is_superuser) or permission in permissions_by_anchor(user).get(str(anchor_id), frozenset())


def anchors_allowing(user: Any, permission: str) -> list[UUID]:
    """Ids of the anchors on which `user` holds `permission` by role. One query per user object, then none."""
    return [UUID(anchor) for anchor, held in permissions_by_anchor(user).items() if permission in held]


def permissions_by_anchor(user: Any) -> dict[str, frozenset[str]]:
    """Everything the user may do, by anchor id; read once per user object."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return {}
    cached: dict[str, frozenset[str]] | None = getattr(user, "_permissions_by_anchor", None)
    if cached is None:
        found: dict[str, set[str]] = {}
        rows = GroupObjectPermission.objects.filter(group__user=user).values_list("object_pk", "permission__codename")
        for anchor, codename in rows:
            found.setdefault(anchor, set()).add(codename)
        cached = {anchor: frozenset(codenames) for anchor, codenames in found.items()}
        user.__dict__["_permissions_by_anchor"] = cached
    return cached


@transaction.atomic
def forget_anchor(anchor: models.Model) -> None:
    """Take away the groups and grants of an anchor that is about to be deleted."""
    Group.objects.filter(name__startswith=group_name(anchor, "")).delete()


def forget(user: Any) -> None:
    """Read the user's permissions anew next time."""
    user.__dict__.pop("_permissions_by_anchor", None)


def grant_differences(expected: dict[str, tuple[models.Model, str, set[Any]]]) -> list[str]:
    """How the stored grants differ from what memberships say, as sentences. Empty: they are equal.

    `expected` maps a group name to its anchor, role and the ids of the users who must be in it.
    """
    nobody: tuple[models.Model | None, str, set[Any]] = (None, "", set())
    stored = {
        group.name: group
        for group in Group.objects.filter(name__startswith=f"{GROUP_PREFIX}:").prefetch_related("user_set")
    }
    grants: dict[int, set[tuple[str, str]]] = {}
    for group_id, anchor_pk, codename in GroupObjectPermission.objects.values_list(
        "group_id", "object_pk", "permission__codename"
    ):
        grants.setdefault(group_id, set()).add((anchor_pk, codename))
    differences = [f"{grant}: granted past the roles" for grant in (*_personal_grants(), *_foreign_grants())]
    for name in sorted(set(stored) | set(expected)):
        anchor, role, users = expected.get(name, nobody)
        group = stored.get(name)
        members = {user.pk for user in group.user_set.all()} if group else set()
        differences += [f"{name}: {user} is missing" for user in sorted(map(str, users - members))]
        differences += [f"{name}: {user} is one too many" for user in sorted(map(str, members - users))]
        if group is None or anchor is None:
            continue
        wanted = {(str(anchor.pk), permitted) for permitted in ROLE_PERMISSIONS[role]}
        if grants.get(group.pk, set()) != wanted:
            differences.append(f"{name}: the grants differ from the role table")
    return differences


@transaction.atomic
def write_grants(expected: dict[str, tuple[models.Model, str, set[Any]]]) -> None:
    """Make the stored grants equal to what memberships say."""
    _personal_grants().delete()
    _foreign_grants().delete()
    for name, (anchor, role, users) in expected.items():
        group, _created = Group.objects.get_or_create(name=name)
        GroupObjectPermission.objects.filter(group=group).delete()
        _lay_grants(group, role, anchor)
        group.user_set.set(users)
    Group.objects.filter(name__startswith=f"{GROUP_PREFIX}:").exclude(name__in=expected).delete()


def _personal_grants() -> models.QuerySet[UserObjectPermission]:
    """Grants to a single person: there should be none."""
    return UserObjectPermission.objects.select_related("user", "permission", "content_type")


def _foreign_grants() -> models.QuerySet[GroupObjectPermission]:
    """Grants to groups that stand for no role: there should be none."""
    grants = GroupObjectPermission.objects.exclude(group__name__startswith=f"{GROUP_PREFIX}:")
    return grants.select_related("group", "permission", "content_type")


def _lay_grants(group: Group, role: str, anchor: models.Model) -> None:
    content_type = ContentType.objects.get_for_model(anchor)
    permissions = Permission.objects.filter(content_type=content_type, codename__in=ROLE_PERMISSIONS[role])
    GroupObjectPermission.objects.bulk_create(
        GroupObjectPermission(group=group, permission=permission, content_type=content_type, object_pk=str(anchor.pk))
        for permission in permissions
    )
