"""Names as the region writes them."""

import pytest

from enrollments.staff_import.names import Name, same_person, split_name, split_surname


@pytest.mark.parametrize(
    ("text", "given", "prefix", "family"),
    [
        ("Anouk Jansen", "Anouk", "", "Jansen"),
        ("Jansen, Anouk", "Anouk", "", "Jansen"),
        ("Bram de Vries", "Bram", "de", "Vries"),
        ("Vries, Bram de", "Bram", "de", "Vries"),
        ("Vries, de, Bram", "Bram", "de", "Vries"),
        ("Vries, Bram, de", "Bram", "de", "Vries"),
        ("de Vries, Bram", "Bram", "de", "Vries"),
        ("Vries de, Bram", "Bram", "de", "Vries"),
        ("Jong, A. de", "A.", "de", "Jong"),
        ("Berg, J.P. van den", "J.P.", "van den", "Berg"),
        ("Jan-Willem van 't Hof", "Jan-Willem", "van 't", "Hof"),
        ("Karim el Idrissi", "Karim", "el", "Idrissi"),
        ("Harm ter Braak", "Harm", "ter", "Braak"),
        ("Piet v.d. Meer", "Piet", "v.d.", "Meer"),
        ("Anna Maria van den Berg-Smit", "Anna Maria", "van den", "Berg-Smit"),
        ("Jan Peter Balk", "Jan Peter", "", "Balk"),
        ("Ben Jansen", "Ben", "", "Jansen"),
        ("Youssef Ben Ali", "Youssef", "Ben", "Ali"),
        ("dhr. J. Jansen", "J.", "", "Jansen"),
        ("De heer Bram de Vries", "Bram", "de", "Vries"),
        ("Jansen, mw. A.", "A.", "", "Jansen"),
        ("de Vries", "", "de", "Vries"),
        ("Jansen", "", "", "Jansen"),
        ("Bram de Vries - van Dam", "Bram", "de", "Vries - van Dam"),
        ("Sophie in 't Veld", "Sophie", "in 't", "Veld"),
        ("Van der Meer, Sanne", "Sanne", "Van der", "Meer"),
        ("Jan de", "Jan", "", "de"),
        (",", "", "", ""),
        ("Jansen,", "", "", "Jansen"),
    ],
)
def test_full_names_fall_apart_rightly(text, given, prefix, family):
    assert split_name(text) == Name(given, prefix, family)


@pytest.mark.parametrize(
    ("text", "prefix", "family"),
    [
        ("Vries, de", "de", "Vries"),
        ("Vries (de)", "de", "Vries"),
        ("van der Berg", "van der", "Berg"),
        ("Smit", "", "Smit"),
        ("Garcia Lopez", "", "Garcia Lopez"),
        ("Hof, van 't", "van 't", "Hof"),
        ("", "", ""),
        ("De", "", "De"),
    ],
)
def test_surnames_lose_their_prefix(text, prefix, family):
    assert split_surname(text) == (prefix, family)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Name("Anouk", "", "Jansen"), Name("A.", "", "JANSEN"), True),
        (Name("Anouk", "", "Jansen"), Name("Anouk", "", "Jansen-Smit"), True),
        (Name("José", "van der", "Vélde"), Name("Jose", "", "Velde"), True),
        (Name("", "", "Jansen"), Name("Anouk", "", "Jansen"), True),
        (Name("Anouk", "", "Jansen"), Name("Bram", "", "Jansen"), False),
        (Name("Anouk", "", "Jansen"), Name("Anouk", "", "Smit"), False),
        (Name("Anouk", "van", "Dam"), Name("Anouk", "van", "Essen"), False),
    ],
)
def test_two_writings_of_one_person(one, other, same):
    assert same_person(one, other) is same
