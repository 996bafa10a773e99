"""Pages and answers that everybody may read: comparing modules."""

from .row import EVERYBODY, Ref, Row, may

CHOICE = {"m": [Ref("module", shared=True), Ref("quiet_module", shared=True)]}

PUBLIC: dict[str, Row] = {
    "courses:compare GET": may(EVERYBODY),
    "compare-list GET": may(EVERYBODY, body=CHOICE),
}
