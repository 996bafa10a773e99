"""Questions a stranger may ask about a certificate. Who holds it is told to nobody who does not know already."""

import hashlib
import hmac
import unicodedata

from lms.core.ids import CODE_ALPHABET, CODE_LENGTH, normalize_code

from .models import Certificate, CertificateDocument

# Written together or apart, in full or as v.d.: they do not tell people apart.
PREFIXES = frozenset(
    [
        "van",
        "von",
        "vd",
        "vdn",
        "de",
        "der",
        "den",
        "des",
        "ten",
        "ter",
        "te",
        "tot",
        "het",
        "t",
        "s",
        "d",
        "l",
        "la",
        "le",
        "du",
        "di",
        "da",
        "dos",
        "el",
        "al",
        "in",
        "op",
        "aan",
    ]
)
_FOLDED = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def find_by_code(typed: str) -> Certificate | None:
    """The certificate with this code. None when unknown or no code at all: the two look the same."""
    code = normalize_code(typed)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        return None
    return Certificate.objects.with_state().select_related("provider").filter(code=code).first()


def names_holder(certificate: Certificate, typed: str) -> bool:
    """Is this the name on the certificate? Accents, capitals, order and surname prefixes do not matter."""
    printed = name_key(certificate.snapshot["holder"]["name"])
    return bool(printed) and printed == name_key(typed)


def is_document(certificate: Certificate, content: bytes) -> bool:
    """Is this file, to the byte, the document of the certificate?"""
    stored = CertificateDocument.objects.filter(certificate=certificate).values_list("sha256", flat=True).first()
    return stored is not None and hmac.compare_digest(stored, hashlib.sha256(content).hexdigest())


def name_key(name: str) -> tuple[str, ...]:
    """The words of a name by which people are told apart."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_FOLDED))
    letters = "".join(char for char in folded if not unicodedata.combining(char) and char not in "'’`.")
    words = "".join(char if char.isalnum() else " " for char in letters).split()
    telling = [word for word in words if word not in PREFIXES]
    return tuple(sorted(telling or words))
