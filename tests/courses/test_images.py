"""Pictures: decoded and encoded anew, or refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image as Pillow

from courses.models import Image
from courses.services import images
from courses.services.authoring import add_image
from lms.core.errors import Forbidden, Invalid, NotFound
from lms.permissions.roles import Role
from tests.factories import ModuleFactory, ProviderFactory, person_with_role, published_version

pytestmark = pytest.mark.django_db
ALT = {"nl": "Een draaibank"}


@pytest.fixture
def module():
    return ModuleFactory()


@pytest.fixture
def teacher(module):
    return person_with_role(module.provider, Role.TEACHER)


def picture(form="PNG", size=(40, 20), mode="RGB", **options):
    written = BytesIO()
    Pillow.new(mode, size).save(written, format=form, **options)
    return BytesIO(written.getvalue())


def stored(image):
    with Image.objects.get(pk=image.pk).file.open() as file:
        return file.read()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width, height):
    """A PNG of a few bytes that claims to be enormous."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return BytesIO(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b""))


@pytest.mark.parametrize(("form", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_a_picture_is_kept_under_a_random_name(module, teacher, form, ending):
    image = add_image(by=teacher, module=module, file=picture(form), alt=ALT)
    assert (image.width, image.height) == (40, 20)
    assert image.file.name.endswith(ending)
    assert Pillow.open(BytesIO(stored(image))).format == form


def test_what_the_camera_wrote_is_taken_out(module, teacher):
    exif = Pillow.Exif()
    exif[0x010F] = "GEHEIM"
    file = picture("JPEG", exif=exif, comment=b"GEHEIM")
    file.seek(0, 2)
    file.write(b"<script>GEHEIM</script>")
    file.seek(0)
    image = add_image(by=teacher, module=module, file=file, alt=ALT)
    assert b"GEHEIM" not in stored(image)


def test_transparency_stays_and_large_ones_shrink(module, teacher):
    image = add_image(by=teacher, module=module, file=picture(size=(3000, 1000), mode="RGBA"), alt=ALT)
    kept = Pillow.open(BytesIO(stored(image)))
    assert (kept.mode, kept.size) == ("RGBA", (images.MAX_SIDE, 800))


@pytest.mark.parametrize(
    "file",
    [
        BytesIO(b""),
        BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        BytesIO(b"GIF89a<script>alert(1)</script>"),
        BytesIO(b"\x89PNG\r\n\x1a\n" + b"kapot" * 40),
        picture("GIF"),
        picture("BMP"),
        BytesIO(picture("PNG").getvalue()[:60]),
        BytesIO(picture("JPEG", size=(400, 400)).getvalue()[:300]),
        bomb(5_001, 5_000),
        bomb(12_000, 8_000),
        bomb(60_000, 60_000),
        bomb(1_000, 1_000),
        BytesIO(b"\x00" * (images.MAX_BYTES + 1)),
    ],
)
def test_fakes_bombs_and_giants_are_refused(module, teacher, file):
    with pytest.raises(Invalid) as raised:
        add_image(by=teacher, module=module, file=file, alt=ALT)
    assert raised.value.errors[0].field == "file"
    assert not Image.objects.exists()


def test_a_picture_needs_dutch_words(module, teacher):
    with pytest.raises(Invalid) as raised:
        add_image(by=teacher, module=module, file=picture(), alt={"en": "A lathe"})
    assert raised.value.errors[0].field == "alt/nl"


def test_only_authors_of_the_module_add_pictures(module):
    stranger = person_with_role(ProviderFactory(), Role.TEACHER)
    with pytest.raises(NotFound):
        add_image(by=stranger, module=module, file=picture(), alt=ALT)
    with pytest.raises(Forbidden):
        add_image(by=stranger, module=published_version().module, file=picture(), alt=ALT)


def test_pictures_that_no_version_shows_yet_are_listed_to_authors_only(module, teacher, client):
    published_version(module.provider, module=module)
    add_image(by=teacher, module=module, file=picture(), alt=ALT)
    assert client.get("/api/v1/images/").json()["results"] == []
    client.force_login(teacher)
    assert len(client.get("/api/v1/images/").json()["results"]) == 1
