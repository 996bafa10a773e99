"""Composition root of the web: names every app's pages and API by string only. Shared files: append, keep sorted."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from lms.core import health

# The admin's own form knows no second factor and no limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", RedirectView.as_view(pattern_name="docs"), name="api"),
    path("api/v1/", include("certificates.api.urls")),
    path("api/v1/", include("courses.api.urls")),
    path("api/v1/", include("enrollments.api.urls")),
    path("api/v1/", include("lms.accounts.api.urls")),
    path("api/v1/", include("lms.organizations.api.urls")),
    path("ooapi/", include("enrollments.ooapi.urls")),
    path("ooapi/", include("courses.ooapi.urls")),  # answers every other path with a 404
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("courses.web.urls")),
    path("", include("enrollments.web.urls")),
    path("", include("certificates.web.urls")),
    path("", include("lms.accounts.web.urls")),
    path("", include("lms.organizations.web.urls")),
    path("", include("lms.web.urls")),
]

handler400 = "lms.web.views.bad_request"
handler403 = "lms.web.views.forbidden"
handler404 = "lms.web.views.not_found"
handler429 = "lms.web.views.too_many_requests"  # django-allauth's rate limits ask for it
