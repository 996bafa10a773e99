"""Pages and answers that everybody may read: comparing modules, what search engines and share buttons ask for."""

from .row import EVERYBODY, Ref, Row, may

CHOICE = {"m": [Ref("module", shared=True), Ref("quiet_module", shared=True)]}

PUBLIC: dict[str, Row] = {
    "courses:robots GET": may(EVERYBODY),
    "courses:sitemap GET": may(EVERYBODY),
    "courses:sitemap_part GET": may(EVERYBODY, number=0),
    "courses:share_picture GET": may(EVERYBODY, pk=Ref("version"), name="nl-0", public=True),
    "courses:compare GET": may(EVERYBODY),
    "compare-list GET": may(EVERYBODY, body=CHOICE),
}
