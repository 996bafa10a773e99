"""Four eyes: authors submit and take back, reviewers and publishers who had no hand in it decide."""

from .row import SIGNED_IN, Ref, Row, form, may

AUTHORS = "teacher publisher staff"
REVIEWERS = "publisher reviewer staff"
SEES_DRAFTS = "teacher publisher reviewer staff"
DRAFT = {"pk": Ref("draft")}
SUBMITTED = {"pk": Ref("submitted")}
NOTES = {"notes": "Leg het begrip spoedhoek uit."}

REVIEWS: dict[str, Row] = {
    "review-list GET": may(SIGNED_IN),
    "review-detail GET": may(SEES_DRAFTS, pk=Ref("review")),
    "version-submit POST": may(AUTHORS, **DRAFT, body={"request": "Klaar"}),
    "version-take-back POST": may(AUTHORS, **SUBMITTED),
    "version-approve POST": may(REVIEWERS, **SUBMITTED, body=NOTES),
    "version-request-changes POST": may(REVIEWERS, **SUBMITTED, body=NOTES),
    "courses:reviews GET": may(REVIEWERS),
    "courses:review GET": may(SEES_DRAFTS, **SUBMITTED),
    "courses:submit POST": form(AUTHORS, **DRAFT),
    "courses:take_back POST": form(AUTHORS, **SUBMITTED),
    "courses:approve POST": form(REVIEWERS, **SUBMITTED),
    "courses:request_changes POST": form(REVIEWERS, **SUBMITTED, fields=NOTES),
}
