"""What people call a certificate, and what they are told of it beside a chain."""

from django.utils.translation import gettext as _

from siegel.flows.certificate_page import ChainLink
from siegel.pki.anchors import AnchorSource
from siegel.pki.certificate import Certificate
from siegel.web.templatetags.siegel import day


def name_of(certificate: Certificate) -> str:
    """Whom it is for, as people would say."""
    person, common = certificate.person, certificate.common_name
    named = person or common or certificate.organisation
    return named or next((str(a) for a in certificate.addresses), "") or certificate.subject


def trusted_through(link: ChainLink) -> str:
    """Beside a certificate of a chain: until when it is valid, and whose decision it is to rely on
    it."""
    end = _("until %(date)s") % {"date": day(link.certificate.not_after)}
    if link.anchor is AnchorSource.PUBLIC:
        return _("Publicly trusted, %(end)s") % {"end": end}
    if link.anchor is not None:
        return _("Trusted by decision of your administration, %(end)s") % {"end": end}
    if link.certificate.is_self_issued:
        return _("Root, not confirmed here, %(end)s") % {"end": end}
    return end
