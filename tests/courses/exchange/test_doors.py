"""The doors of exchange: page, API and command."""

import io
import json
from datetime import timedelta
from io import StringIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from zeal import zeal_ignore

from courses.exchange.exporting import exported
from courses.exchange.uploads import forget_old_uploads
from courses.models import Module, ModuleImport, ModuleVersion
from lms.core.clock import now
from tests.factories import UserFactory, published_version

pytestmark = pytest.mark.django_db

FILE = {
    "format": "modules-and-offerings",
    "version": 1,
    "modules": [{"code": f"m{n}", "title": {"nl": f"Module {n}"}, "track": "mbo"} for n in range(4)]
    + [{"code": "fout", "title": {"nl": "Fout"}, "track": "vmbo"}],
}


def upload(content=None, name="aanbod.json"):
    return SimpleUploadedFile(name, json.dumps(FILE).encode() if content is None else content)


@pytest.fixture
def page(client, publisher):
    client.force_login(publisher)
    return client


@pytest.fixture(autouse=True)
def many():
    """Each module of a file asks the same again: that is what an import is."""
    with zeal_ignore():
        yield


def test_a_file_is_previewed_confirmed_once_and_forgotten(page, provider):
    sent = page.post(reverse("courses:exchange"), {"provider": provider.slug, "file": upload()})
    assert sent.status_code == 302, sent.context["form"].errors
    preview = page.get(sent.url)
    assert preview.context["report"]["modules"] == {"created": 4, "changed": 0, "unchanged": 0, "refused": 1}
    html = preview.content.decode()
    assert "modules/4/track" in html
    assert "Er is nog niets geschreven" in html
    assert not Module.objects.exists()
    found = ModuleImport.objects.get()
    confirm = reverse("courses:confirm_import", args=[found.pk])
    assert "Wat kon, is binnen" in page.post(confirm, follow=True).content.decode()
    assert Module.objects.count() == 4
    page.post(confirm)
    found.refresh_from_db()
    assert (bytes(found.content), Module.objects.count()) == (b"", 4)
    again = page.post(reverse("courses:exchange"), {"provider": provider.slug, "file": upload()}, follow=True)
    assert again.context["report"]["modules"]["unchanged"] == 4


def test_a_useless_file_is_refused_on_the_form(page, provider):
    answer = page.post(reverse("courses:exchange"), {"provider": provider.slug, "file": upload(b"x;y")})
    assert "sjabloon" in str(answer.context["form"].errors["file"])
    assert not ModuleImport.objects.exists()


def test_template_and_exports_are_downloaded(page, provider):
    published_version(provider, module__code="draaien")
    template = page.get(reverse("courses:exchange_template"))
    assert openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames == [
        "Uitleg", "Modules", "Onderdelen", "Uitvoeringen",
    ]  # fmt: skip
    for kind in ("json", "xlsx"):
        answer = page.get(reverse("courses:exchange_export", args=[provider.slug, kind]))
        assert answer["Content-Disposition"] == f'attachment; filename="modules-{provider.slug}.{kind}"'
    assert page.get(reverse("courses:exchange_export", args=[provider.slug, "csv"])).status_code == 400
    assert page.get(reverse("courses:exchange")).status_code == 200


def test_others_see_nothing(client, page, provider, stranger):
    page.post(reverse("courses:exchange"), {"provider": provider.slug, "file": upload()})
    found = reverse("courses:module_import", args=[ModuleImport.objects.get().pk])
    client.force_login(stranger)
    assert client.get(found).status_code == 404
    assert client.get(reverse("courses:exchange_export", args=[provider.slug, "json"])).status_code == 404
    answer = client.post(reverse("courses:exchange"), {"provider": provider.slug, "file": upload()})
    assert "provider" in answer.context["form"].errors
    client.force_login(UserFactory())
    assert client.get(reverse("courses:exchange")).status_code == 403


def test_unconfirmed_files_are_forgotten_after_a_day(page, provider):
    page.post(reverse("courses:exchange"), {"provider": provider.slug, "file": upload()})
    assert forget_old_uploads() == 0
    ModuleImport.objects.update(created_at=now() - timedelta(days=2))
    assert forget_old_uploads() == 1


def test_by_api_a_trial_unless_told_otherwise(api, provider, publisher, stranger):
    url = "/api/v1/exchange/modules/"
    trial = api(publisher).post(url, {"provider": provider.slug, "file": upload()}, format="multipart")
    assert (trial.status_code, trial.data["modules"]["created"], Module.objects.count()) == (200, 4, 0)
    assert trial.data["problems"][0]["column"] == "modules/4/track"
    asked = {"provider": provider.slug, "file": upload(), "dry_run": "false"}
    assert api(publisher).post(url, asked, format="multipart").data["changes"] == 4
    assert Module.objects.count() == 4
    answer = api(publisher).get(url, {"provider": provider.slug})
    assert [module["code"] for module in json.loads(answer.content)["modules"]] == ["m0", "m1", "m2", "m3"]
    assert api(publisher).get(url, {"provider": provider.slug, "kind": "xlsx"}).content.startswith(b"PK")
    assert api(publisher).get(url, {"provider": provider.slug, "kind": "csv"}).status_code == 400
    bad = api(publisher).post(url, {"provider": provider.slug, "file": upload(b"x")}, format="multipart")
    assert (bad.status_code, bad.json()["code"]) == (400, "unreadable")
    assert api(stranger).get(url, {"provider": provider.slug}).status_code == 404
    assert api().get(url, {"provider": provider.slug}).status_code == 401


def test_by_command(provider, publisher, stranger, tmp_path):
    file = tmp_path / "aanbod.json"
    file.write_text(json.dumps(FILE))

    def run(*options, name=provider.slug, by=publisher.email, path=file):
        out = StringIO()
        call_command("exchange_modules", "--provider", name, "--as", by, *options, str(path), stdout=out)
        return out.getvalue()

    assert "4 created" in run("--dry-run")
    assert not Module.objects.exists()
    assert "fout modules/4/track" in run()
    assert json.loads(run("--json"))["modules"]["unchanged"] == 4
    export = tmp_path / "uit.xlsx"
    run("--export", path=export)
    assert "4 unchanged" in run(path=export)
    for options, words in (
        ({"name": "nergens"}, "provider"),
        ({"by": "niemand@voorbeeld.test"}, "address"),
        ({"by": stranger.email}, "niet"),
        ({"path": tmp_path / "weg.json"}, "weg.json"),
    ):
        with pytest.raises(CommandError, match=words):
            run(**options)


def test_queries_of_an_export_do_not_grow(provider, publisher, django_assert_max_num_queries):
    for _number in range(8):
        published_version(provider)
    with django_assert_max_num_queries(12):
        exported(publisher, provider, "json")
    assert ModuleVersion.objects.count() == 8
