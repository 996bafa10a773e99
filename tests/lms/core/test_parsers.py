"""What no serializer or database could take is a 400 or 413 before anything is asked of it."""

import pytest
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from lms.core.parsers import JSONParser, MultiPartParser


class Echo(APIView):
    permission_classes = [AllowAny]
    parser_classes = [JSONParser, MultiPartParser]

    def post(self, request):
        return Response(request.data)


urlpatterns = [path("echo", Echo.as_view())]
pytestmark = pytest.mark.urls(__name__)


def post(body):
    return APIClient(raise_request_exception=False).generic("POST", "/echo", body, content_type="application/json")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 3000,
        b'{"a":' * 60_000,
        b"[" * 500 + b"]" * 500,
        b"[" * 33 + b"]" * 33,
        rb'{"title": {"nl": "a\u0000b"}}',
        rb'{"title": ["\ud800"]}',
        rb'{"\u0000": 1}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": NaN}',
        b"\xff\xfe",
        b'{"a": ',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_cannot_be_kept_is_refused_in_one_sentence(body):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"
    assert answer.json()["detail"]


def test_a_body_that_is_too_large_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = post(b'"' + b"x" * 1000 + b'"')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_field_beside_a_file_is_held_to_the_same():
    answer = APIClient(raise_request_exception=False).post("/echo", {"employer": "a\0b"}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_everything_else_arrives_as_it_was():
    body = rb'{"title": {"nl": "\u00e9 \ud83d\ude00 \u202e"}, "deep": [[[[[[[[1.5, null, true]]]]]]]]}'
    assert post(body).json() == {"title": {"nl": "é 😀 \u202e"}, "deep": [[[[[[[[1.5, None, True]]]]]]]]}
