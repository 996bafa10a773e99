"""Facts this app announces. Subject: the certificate's id. Payload: ids only, no names."""

ISSUED = "certificate.issued"  # {holder, provider, completion, replaces}
REVOKED = "certificate.revoked"  # {holder, provider, completion, by}
REPLACED = "certificate.replaced"  # the same, and replaced_by: the certificate that corrects it
