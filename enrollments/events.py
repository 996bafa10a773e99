"""Facts this app announces. Subject: the enrollment's id, or the agreement's. Payload: ids and days only, no names or
scores."""

ACTIVATED = (
    "enrollment.activated"  # {learner, offering, version, provider, employer}; waited: from the waiting list; offered
)
WAITLISTED = "enrollment.waitlisted"  # the same five
WITHDRAWN = "enrollment.withdrawn"  # the same five, and by: who did it, none when the employment ended
MOVED = "enrollment.moved"  # the same five (version is the new one), move, and from: the old version
COMPLETED = "enrollment.completed"  # the same five, and completion
TURN_CAME = "approval.turn_came"  # subject: the step; {enrollment, employer, approver, manager}
REFUSED = "enrollment.refused"  # the same five as activated, and step
OFFERED = "enrollment.offered"  # the same five, and answer_by
DECLINED = "enrollment.declined"  # the same five, and by
NOT_PASSED = "enrollment.not_passed"  # the same five, and by
EXPIRED = "enrollment.expired"  # the same five
RULE_BEGUN = "training_rule.begun"  # subject: the rule; {employer}
IMPORTED = "enrollment.imported"  # subject: the staff import; employer, offering, rows after and until, and counts
AGREEMENT_PROPOSED = "agreement.proposed"  # {employer, provider}
AGREEMENT_ACCEPTED = "agreement.accepted"  # the same two
AGREEMENT_FREED = "agreement.freed"  # the same two: there are seats or money for who waits

# Subject: the need's id. Payload: ids only.
NEED_POSTED = "need.posted"  # {employer, bundle}
NEED_BUNDLED = "need.bundled"  # the same two
NEED_ANSWERED = "need.answered"  # the same two, and answer
NEED_MET = "need.met"  # the same two, and answer when places were reserved for it
NEED_TAKEN_BACK = "need.taken_back"  # the same two

BUNDLE_ASKED = "bundle.asked"  # {coordinator}; subject: the bundle's id
