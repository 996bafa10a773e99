"""Facts this app announces. Subject: the enrollment's id. Payload: ids and days only, no names or scores."""

ACTIVATED = "enrollment.activated"  # {learner, offering, version, provider, employer}
WAITLISTED = "enrollment.waitlisted"  # the same
WITHDRAWN = "enrollment.withdrawn"  # the same, and by
COMPLETED = "enrollment.completed"  # the same, and completion
