"""Headers in Dutch and English, however spelled."""

import pytest

from enrollments.staff_import.headers import Field, recognise

SPELLINGS = {
    Field.EMAIL: [
        "E-mail",
        "e-mailadres",
        "E-MAIL ADRES",
        "Emailadres werk",
        "E-mail (werk)",
        "mail",
        "Email address",
        "Zakelijk e-mailadres",
        "E‑mail",
        "Mailadres",
        "email*",
        "Work e-mail",
        "e_mail",
    ],
    Field.NUMBER: [
        "Personeelsnummer",
        "Pers.nr.",
        "pers nr",
        "Personeelsnr",
        "Medewerkernummer",
        "Medewerker nr.",
        "Personeels-ID",
        "Personnel number",
        "Employee ID",
        "Staff no.",
        "Employee no",
        "Werknemersnummer",
        "Stamnummer",
        "Payroll number",
        "Personeelsnummer (ADP)",
    ],
    Field.GIVEN_NAME: ["Voornaam", "Voornamen", "First name", "Given name", "Voornaam / First name", "VOORNAAM:"],
    Field.CALLING_NAME: ["Roepnaam"],
    Field.MANAGER: ["Leidinggevende", "E-mail leidinggevende", "Personeelsnr. leidinggevende", "Manager", "Teamleider"],
    Field.INITIALS: ["Voorletters", "Voorletter(s)", "Initials"],
    Field.PREFIX: [
        "Tussenvoegsel",
        "Tussenvoegsels",
        "tussenv.",
        "Voorvoegsel",
        "Voorvoegsel(s)",
        "Prefix",
        "Surname prefix",
    ],
    Field.FAMILY_NAME: [
        "Achternaam",
        "Familienaam",
        "Geslachtsnaam",
        "Surname",
        "Last name",
        "Family name",
        "Achternaam medewerker",
    ],
    Field.FULL_NAME: [
        "Naam",
        "Volledige naam",
        "Naam medewerker",
        "Medewerker",
        "Name",
        "Full name",
        "Employee name",
        "Naam (achternaam, voornaam)",
        "Voor- en achternaam",
        "Achternaam, voornaam",
    ],
    Field.DEPARTMENT: ["Afdeling", "Afd.", "Team", "Department", "Afdeling/team", "Afdelingsnaam"],
    Field.JOB_TITLE: ["Functie", "Functienaam", "Job title", "Function", "Functie-omschrijving"],
    Field.STARTS_ON: [
        "Datum in dienst",
        "In dienst",
        "Datum indiensttreding",
        "Start date",
        "Hire date",
        "In dienst sinds",
        "Startdatum",
        "Datum in dienst (dd-mm-jjjj)",
        "Begindatum dienstverband",
    ],
    Field.ENDS_ON: ["Datum uit dienst", "Uit dienst", "End date", "Einddatum dienstverband", "Laatste werkdag"],
}


@pytest.mark.parametrize(
    ("title", "field"), [(title, field) for field, titles in SPELLINGS.items() for title in titles]
)
def test_known_headers(title, field):
    assert recognise((title,)).at == {field: 0}


@pytest.mark.parametrize(
    "title",
    [
        "Geboortedatum",
        "Salaris",
        "Telefoon",
        "Adres",
        "Woonplaats",
        "Naam leidinggevende",
        "Nr.",
        "E-mail partner",
        "Opmerking",
        "FTE",
        "Naam werkgever",
        "E-mail verstuurd",
        "BSN",
        "Burgerservicenummer",
        "Sofinummer",
        "Geslacht",
    ],
)
def test_other_columns_are_reported_and_not_read(title):
    columns = recognise(("E-mail", title))
    assert columns.at == {Field.EMAIL: 0}
    assert [column.title for column in columns.ignored] == [title]


def test_a_bsn_column_is_named_for_what_it_is():
    assert "BSN" in recognise(("E-mail", "Burgerservicenummer")).ignored[0].reason


def test_of_two_columns_with_one_meaning_the_first_is_read():
    columns = recognise(("E-mail", "Mailadres", "Naam"))
    assert columns.at[Field.EMAIL] == 0
    assert columns.ignored[0].title == "Mailadres"


def test_a_private_address_is_read_only_where_there_is_no_other():
    both = recognise(("E-mail privé", "E-mail werk"))
    assert both.title(Field.EMAIL) == "E-mail werk"
    assert recognise(("Privé e-mailadres", "Naam")).title(Field.EMAIL) == "Privé e-mailadres"


@pytest.mark.parametrize(
    ("titles", "enough"),
    [
        (("E-mail",), True),
        (("Personeelsnummer", "Naam"), True),
        (("Personeelsnummer", "Voornaam", "Achternaam"), True),
        (("Personeelsnummer",), False),
        (("Personeelsnummer", "Voornaam"), False),
        (("Voornaam", "Achternaam", "Afdeling"), False),
    ],
)
def test_a_list_must_say_who_people_are(titles, enough):
    assert recognise(titles).tell_who is enough
