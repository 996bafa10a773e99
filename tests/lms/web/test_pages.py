"""The frame: start page, languages, error pages, forms."""

import pytest
import time_machine
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from lms.core.errors import Conflict, NotFound
from lms.web import navigation
from lms.web.middleware import DomainErrorMiddleware
from lms.web.registry import NavGroup, NavItem
from lms.web.views import greeting
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    user = UserFactory(given_name="Anouk", language="en")
    client.force_login(user)
    return user


def test_start_page_greets_and_names_first_steps(client, signed_in):
    page = client.get("/start/").content.decode()
    assert "Anouk" in page
    assert page.count("<h1>") == 1


def test_start_page_asks_to_sign_in(client):
    assert client.get("/start/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-07-01T05:00:00Z", "Good morning, Bram"),  # 7 o'clock in Amsterdam
        ("2026-07-01T10:30:00Z", "Good afternoon, Bram"),
        ("2026-01-15T17:30:00Z", "Good evening, Bram"),
        ("2026-01-15T02:00:00Z", "Good evening, Bram"),
    ],
)
def test_greeting_follows_the_clock_of_the_region(moment, words):
    with time_machine.travel(moment), translation.override("en"):
        assert greeting(UserFactory.build(given_name="Bram")) == words


def test_language_switch_is_kept(client, signed_in):
    response = client.post("/taal/", {"language": "nl", "next": "/start/"})
    assert response["Location"] == "/start/"
    signed_in.refresh_from_db()
    assert signed_in.language == "nl"
    assert '<html lang="nl">' in client.get("/start/").content.decode()


def test_language_switch_never_leads_elsewhere(client):
    assert client.post("/taal/", {"language": "nl", "next": "https://evil.example/"})["Location"] == "/"


def test_unknown_language_changes_nothing(client, signed_in):
    client.post("/taal/", {"language": "xx"})
    signed_in.refresh_from_db()
    assert signed_in.language == "en"


def test_unknown_page_is_our_404(client):
    response = client.get("/no-such-page/", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def raised(error):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override("en"):
        return DomainErrorMiddleware(lambda _request: None).process_exception(request, error)


def test_domain_errors_become_pages():
    missing = raised(NotFound("This invitation is gone."))
    assert (missing.status_code, "This invitation is gone." in missing.content.decode()) == (404, True)
    conflict = raised(Conflict("Somebody was first."))
    assert (conflict.status_code, "Somebody was first." in conflict.content.decode()) == (409, True)
    assert raised(PermissionDenied()) is None


def test_csrf_failure_is_our_page():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/taal/", {"language": "en"}, headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "This form is no longer valid" in response.content.decode()


def test_500_page_needs_nothing(rf):
    from django.views.defaults import server_error

    page = server_error(rf.get("/")).content.decode()
    assert "Er ging iets mis" in page
    assert "Something went wrong" in page


class Form(forms.Form):
    email = forms.EmailField(help_text="Of your work")
    city = forms.CharField(required=False)
    size = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    agree = forms.BooleanField()


def test_a_refused_form_leads_to_each_field():
    with translation.override("en"):
        html = str(Form({"email": "b.devries@"}))
    assert 'href="#id_email"' in html
    assert "There are 3 problems" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_error"' in html
    assert "(optional)" in html
    assert "<legend>" in html


def test_a_fresh_form_shows_no_problem():
    assert "error-summary" not in str(Form())


def test_content_in_another_language_says_so():
    template = Template("{% load components %}<p{% text_lang title %}>{{ title|text }}</p>")
    with translation.override("en"):
        assert template.render(Context({"title": {"nl": "Draaien"}})) == '<p lang="nl">Draaien</p>'
        assert template.render(Context({"title": {"nl": "Draaien", "en": "Turning"}})) == "<p>Turning</p>"
    with translation.override("nl"):
        assert template.render(Context({"title": {"nl": "Draaien"}})) == "<p>Draaien</p>"


def test_components_escape_what_they_show():
    template = Template(
        "{% load components %}{% chip x 'pos' %}{% progress 40 label=x %}{% breadcrumbs x '/a' x %}"
        "{% empty_state x x '/' x %}"
    )
    assert "<b>" not in template.render(Context({"x": "<b>"}))


def test_a_placeholder_never_repeats_the_label():
    class Echo(forms.Form):
        a = forms.CharField(label="Password", widget=forms.TextInput(attrs={"placeholder": "Password"}))
        b = forms.CharField(label="Code", widget=forms.TextInput(attrs={"placeholder": "7772 BA"}))

    html = str(Echo())
    assert 'placeholder="Password"' not in html
    assert 'placeholder="7772 BA"' in html


def _navigation(monkeypatch, items, path="/"):
    monkeypatch.setattr(navigation.frame, "nav", items)
    monkeypatch.setattr(navigation, "reverse", lambda name: name)
    return navigation.navigation_for(AnonymousUser(), path)


def _item(url, group=None, seen=True):
    return NavItem(url, url, visible=lambda user: seen, group=group)


def test_only_the_nearest_navigation_entry_is_marked_as_current(monkeypatch):
    shown = _navigation(monkeypatch, [_item("/start/"), _item("/start/list/")], path="/start/list/7/")
    assert {entry["url"]: entry["current"] for entry in shown} == {"/start/": "", "/start/list/": "true"}


def test_many_entries_stand_in_groups_but_no_group_has_one(monkeypatch):
    staff, money = NavGroup("Staff"), NavGroup("Money")
    items = [
        _item("/a/"),
        _item("/people/", staff),
        _item("/bills/", money),
        _item("/secret/", money, seen=False),
        _item("/import/", staff),
        _item("/b/"),
        _item("/c/"),
    ]
    shown = _navigation(monkeypatch, items, path="/import/")
    assert [entry["label"] for entry in shown] == ["/a/", "Staff", "/bills/", "/b/", "/c/"]
    assert shown[1]["current"] == "true"
    assert [(entry["url"], entry["current"]) for entry in shown[1]["entries"]] == [
        ("/people/", ""),
        ("/import/", "page"),
    ]
    few = _navigation(monkeypatch, items[:5])
    assert [entry["label"] for entry in few] == ["/a/", "/people/", "/bills/", "/import/"]
