"""Is it alive, is it ready: for whatever starts, watches and replaces processes."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. Depends on nothing: a database that is away is no reason to restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Requests can be served: the database answers and has every migration. The broker does not matter."""
    try:
        unapplied = _unapplied_migrations()
    except DatabaseError:
        return JsonResponse({"database": "away", "migrations": "unknown"}, status=503)
    status = 503 if unapplied else 200
    return JsonResponse({"database": "ok", "migrations": f"{unapplied} to apply" if unapplied else "ok"}, status=status)


def _unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
