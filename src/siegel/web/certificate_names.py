"""What people call a certificate."""

from siegel.pki.certificate import Certificate


def name_of(certificate: Certificate) -> str:
    """Whom it is for, as people would say."""
    person, common = certificate.person, certificate.common_name
    named = person or common or certificate.organisation
    return named or next((str(a) for a in certificate.addresses), "") or certificate.subject
