"""What a row of the permission table says."""

from dataclasses import dataclass, field
from typing import Any

from .world import Tenant

EVERYBODY = "anonymous worker hr teacher publisher reviewer coordinator org_admin staff"
SIGNED_IN = "worker hr teacher publisher reviewer coordinator org_admin staff"


@dataclass(frozen=True)
class Ref:
    """An object of the tenant, or an attribute of it, in an address or a body.

    `shared`: others may name it too (a public offering), so it is not tried as a foreign id.
    """

    name: str
    attribute: str = "pk"
    shared: bool = False

    def of(self, tenant: Tenant) -> str:
        """The value that a request carries."""
        value = tenant.objects.get(self.name) or tenant.people[self.name]
        return value if isinstance(value, str) else str(getattr(value, self.attribute))


@dataclass(frozen=True)
class Row:
    """One door: who gets through with an object of their own tenant, what the address and the body hold.

    `region`: roles whose authority is over all tenants: a foreign object is met just as one's own.
    `public`: a foreign object is met just as one's own (catalogue, verification). `visible`: others may know of it, so
    it is forbidden (403) rather than not there (404). `incomplete`: a file is missing, so 400 is the answer to a yes.
    """

    roles: frozenset[str]
    path: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    public: bool = False
    visible: bool = False
    form: bool = False
    incomplete: bool = False
    region: frozenset[str] = frozenset()

    @property
    def names_an_object(self) -> bool:
        """The address holds an id."""
        return any(isinstance(value, Ref) for value in self.path.values())


def may(roles: str, *, body: dict[str, Any] | None = None, **said: Any) -> Row:
    """A row of the API or of a page that is read. `said`: what Row knows, and the parts of the address."""
    return _row(roles, body, said, form=False)


def form(roles: str, *, fields: dict[str, Any] | None = None, **said: Any) -> Row:
    """A row of a page that is sent as a form."""
    return _row(roles, fields or {}, said, form=True)


def _row(roles: str, body: dict[str, Any] | None, said: dict[str, Any], *, form: bool) -> Row:
    flags = {name: said.pop(name) for name in ("public", "visible", "incomplete") if name in said}
    flags["region"] = frozenset(said.pop("region", "").split())
    return Row(frozenset(roles.split()), said, body, form=form, **flags)


def filled(values: Any, tenant: Tenant) -> Any:
    """The address or body with the tenant's objects in it."""
    if isinstance(values, Ref):
        return values.of(tenant)
    if isinstance(values, dict):
        return {key: filled(value, tenant) for key, value in values.items()}
    if isinstance(values, list):
        return [filled(value, tenant) for value in values]
    return values


def foreign_variants(values: Any, own: Tenant, foreign: Tenant) -> list[tuple[str, Any]]:
    """The body with one reference at a time pointing to the foreign tenant."""
    variants: list[tuple[str, Any]] = []
    for key, value in (values or {}).items():
        refs = value if isinstance(value, list) else [value]
        if any(isinstance(ref, Ref) and not ref.shared for ref in refs):
            body = filled(values, own)
            body[key] = filled(value, foreign)
            variants.append((key, body))
    return variants
