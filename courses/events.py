"""Facts this app announces. Payloads hold ids only."""

VERSION_PUBLISHED = "module_version.published"  # module, provider, number
MODULE_RETIRED = "module.retired"  # module, provider
MODULE_BROUGHT_BACK = "module.brought_back"  # module, provider
OFFERING_PLANNED = "offering.planned"  # version, provider
OFFERING_CHANGED = "offering.changed"  # version, provider, capacity_raised: there may be room for who waits
OFFERING_CANCELLED = "offering.cancelled"  # version, provider
