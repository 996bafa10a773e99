"""Who listens to which fact, by stable string names. Filled by `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .models import DomainEvent

Handler = Callable[[DomainEvent], None]
Check = Callable[[], int]


@dataclass
class Registry:
    """`joined` handlers run in the recorder's own transaction, `subscribed` ones after commit by the relay."""

    joined: dict[str, dict[str, Handler]] = field(default_factory=dict)
    subscribed: dict[str, dict[str, Handler]] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)

    def handler(self, key: str) -> Handler | None:
        """The subscribed handler with this stable name."""
        for handlers in self.subscribed.values():
            if key in handlers:
                return handlers[key]
        return None


registry = Registry()


def subscribe(event_name: str, key: str, handler: Handler) -> None:
    """Tell `handler` after commit, at least once. It must be idempotent. `key` is stored: never rename it."""
    registry.subscribed.setdefault(event_name, {})[key] = handler


def join(event_name: str, key: str, handler: Handler) -> None:
    """Run `handler` inside the transaction that records the fact: it stands or falls with it.

    For what must exist in the same instant, such as the certificate of a completion. Rows only: nothing slow, nothing
    outside the database.
    """
    registry.joined.setdefault(event_name, {})[key] = handler


def reconcile(name: str, check: Check) -> None:
    """Every minute `check` looks for what should exist and does not, mends it, and returns how many it mended."""
    registry.checks[name] = check
