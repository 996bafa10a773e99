"""Who is acting, from where: known in requests, tasks and commands alike.

Kept in a context variable, so that a service deep down need not be handed the request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """`user_id` is None for the system itself. `via` is request, task or command; `origin` an address or a name."""

    user_id: UUID | None = None
    via: str = "system"
    origin: str = ""


_SYSTEM = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=_SYSTEM)


def current_actor() -> Actor:
    """The one acting now."""
    return _actor.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Act as `actor` inside the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def become(actor: Actor) -> None:
    """Name the actor for the rest of the block that `acting` opened: the API learns who it is after the middleware."""
    _actor.set(actor)
