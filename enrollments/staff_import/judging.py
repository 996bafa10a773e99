"""Rows about which SQL alone cannot judge: names that differ in writing, and one person on two rows."""

from . import sql
from .matching import Judged, Matching, bare
from .names import Name, same_person, split_name


def judge_rows(matching: Matching) -> list[Judged]:
    """Rows of the stretch that are about somebody else than their number says, or about somebody above. Three queries.

    Requires: a matching without judged rows, of an employer with staff from before.
    """
    return _strangers(matching) + _doubles(matching)


def _strangers(matching: Matching) -> list[Judged]:
    """The number is in use here by somebody with a name that cannot be the same person's."""
    written = ("given_name", "name_prefix", "family_name")
    differ = " OR ".join(f"k.{name} <> o.{name}" for name in written)
    names = ", ".join(f"{row}.{name}" for row in ("k", "o") for name in written)
    statement = f"""WITH {matching.known()} SELECT k.id, {names}, h.listed_as FROM known k
        JOIN organizations_employment h ON h.id = k.holder JOIN accounts_user o ON o.id = h.user_id
        WHERE k.mail_user IS NULL AND (k.email = '' OR o.email IS NULL) AND ({differ})"""
    found = sql.ask(statement, matching.values)
    return [
        (row[0], "other_name", "")
        for row in found
        if not same_person(Name(*row[1:4]), split_name(row[7]) if row[7] else Name(*row[4:7]))
    ]


def _doubles(matching: Matching) -> list[Judged]:
    """The same person higher up, by the address or by the number that this row does not tell."""
    start = f"""WITH {matching.known()}, {matching.found()} SELECT f.id, MIN(above.number) FROM found f
        JOIN enrollments_importrow above ON above.staff_import_id = %(import)s AND above.number < f.number
            AND above.outcome <> 'rejected'"""
    by_address = f"{start} AND above.email = f.known_email WHERE f.known_email <> f.email GROUP BY f.id"
    by_number = f"""{start} AND above.personnel_number <> ''
            AND {bare("above.personnel_number")} = {bare("f.known_number")}
        WHERE f.known_number <> '' AND f.known_number <> f.personnel_number GROUP BY f.id"""
    found = dict(sql.ask(by_number, matching.values)) | dict(sql.ask(by_address, matching.values))
    return [(row, "double", str(above)) for row, above in found.items()]
