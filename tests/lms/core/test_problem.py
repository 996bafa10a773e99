"""Every API error has one shape: RFC 9457, with the fields at fault named by path."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.db.models import ProtectedError
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound


class Line(serializers.Serializer):
    title = serializers.CharField(max_length=5)


class Body(serializers.Serializer):
    name = serializers.CharField()
    lines = Line(many=True)

    def validate(self, values):
        raise serializers.ValidationError("Name and lines do not agree.")


RAISED = {
    "invalid": Invalid("Mend it.", errors=[FieldError("sections/0/title", "blank", "Give a title.")]),
    "forbidden": Forbidden(),
    "not-found": NotFound(),
    "conflict": Conflict("Somebody was first.", code="overbooked"),
    "django-404": Http404("secret reason"),
    "django-403": PermissionDenied("secret reason"),
    "model": ModelError({"level": ["Choose 1 to 8."]}),
    "method": MethodNotAllowed("PUT"),
    "throttled": Throttled(wait=7),
    "anonymous": NotAuthenticated(),
    "in-use": ProtectedError("Protected.", set()),
}


class Fail(APIView):
    permission_classes = [AllowAny]

    def get(self, request, name):
        raise RAISED[name]


class Validate(APIView):
    permission_classes = [AllowAny]

    def post(self, request):
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        return Response()


urlpatterns = [path("fail/<name>", Fail.as_view()), path("validate", Validate.as_view())]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("invalid", 400, "invalid"),
        ("forbidden", 403, "forbidden"),
        ("not-found", 404, "not_found"),
        ("conflict", 409, "overbooked"),
        ("django-404", 404, "not_found"),
        ("django-403", 403, "forbidden"),
        ("model", 400, "invalid"),
        ("method", 405, "method_not_allowed"),
        ("throttled", 429, "throttled"),
        ("in-use", 409, "in_use"),
        ("anonymous", 401, "not_authenticated"),
    ],
)
def test_each_error_has_the_shape(client, name, status, code):
    response = client.get(f"/fail/{name}")
    body = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) - {"errors"} == {"type", "title", "status", "code", "detail"}
    assert body["detail"]


def test_fields_at_fault_are_named(client):
    assert client.get("/fail/invalid").json()["errors"] == [
        {"field": "sections/0/title", "code": "blank", "message": "Give a title."}
    ]
    assert client.get("/fail/model").json()["errors"][0]["field"] == "level"


def test_headers_that_say_what_to_do_are_kept(client):
    assert client.get("/fail/throttled")["Retry-After"] == "7"
    assert client.get("/fail/anonymous")["WWW-Authenticate"] == "Bearer"
    assert "GET" in client.put("/fail/method")["Allow"]


def test_nested_fields_have_a_path(client):
    body = {"name": "", "lines": [{"title": "goed"}, {"title": "veel te lang"}, {}]}
    response = client.post("/validate", body, content_type="application/json")
    assert {(error["field"], error["code"]) for error in response.json()["errors"]} == {
        ("name", "blank"),
        ("lines/1/title", "max_length"),
        ("lines/2/title", "required"),
    }


def test_what_concerns_the_whole_has_no_field(client):
    response = client.post("/validate", {"name": "x", "lines": []}, content_type="application/json")
    assert response.json()["errors"] == [{"field": "", "code": "invalid", "message": "Name and lines do not agree."}]


def test_a_body_that_is_no_json_is_a_problem_too(client):
    response = client.post("/validate", "{nonsense", content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["code"] == "parse_error"


def test_a_form_is_not_accepted(client):
    assert client.post("/validate", {"name": "x"}).status_code == 415
