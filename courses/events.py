"""Facts this app announces. Payloads hold ids only."""

VERSION_SUBMITTED = "module_version.submitted"  # module, provider, review
CHANGES_REQUESTED = "module_version.changes_requested"  # module, provider, review
VERSION_APPROVED = "module_version.approved"  # module, provider, review
VERSION_PUBLISHED = "module_version.published"  # module, provider, number
MODULE_RETIRED = "module.retired"  # module, provider
MODULE_BROUGHT_BACK = "module.brought_back"  # module, provider
OFFERING_PLANNED = "offering.planned"  # version, provider
OFFERING_CHANGED = "offering.changed"  # version, provider, capacity_raised: there may be room for who waits
OFFERING_SWITCHED = "offering.switched"  # version: what newcomers get, from, provider
OFFERING_CANCELLED = "offering.cancelled"  # version, provider
OFFERING_ARCHIVED = "offering.archived"  # version, provider: joined by who must refuse it
SESSION_PLANNED = "session.planned"  # offering, provider
SESSION_MOVED = "session.moved"  # offering, provider, moves, changed (time, place, link, teacher), before and after
SESSION_CANCELLED = "session.cancelled"  # offering, provider
