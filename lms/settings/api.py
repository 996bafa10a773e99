"""REST API: session and token sign-in, JSON only, RFC 9457 errors, OpenAPI 3.1 with offline documentation."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lms.accounts.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["lms.core.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "lms.core.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "lms.core.openapi.ProblemAutoSchema",
    "DEFAULT_THROTTLE_RATES": {"verify": "60/min", "sign_in": "20/min", "calendar": "30/min"},
    "EXCEPTION_HANDLER": "lms.core.problem.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Leren in de regio",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Providers publish modules, employers enroll staff, anyone verifies certificates.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "BundleState": "enrollments.models.BundleState",
        "CertificateState": "certificates.models.CertificateState",
        "DocumentType": "courses.models.DocumentType",
        "EnrollmentState": "enrollments.models.EnrollmentState",
        "NeedState": "enrollments.models.NeedState",
        "OfferingLanguage": "lms.settings.language.LANGUAGES",
        "PersonLanguage": "lms.accounts.models.LANGUAGES",
        "SessionState": "courses.models.SessionState",
        "StepState": "enrollments.progress.StepState",
        "ModuleRole": "lms.permissions.roles.ModuleRole",
        "Role": "lms.permissions.roles.Role",
        "VersionState": "courses.models.VersionState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "lms.core.openapi.add_problem_component",
    ],
}
