"""What the pages of the partner site show of a certificate."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.base.address import EmailAddress
from siegel.directory.qr import Drawing, draw
from siegel.flows.publishing import Published
from siegel.pki.certificate import Certificate
from siegel.pki.export import ExportFormat
from siegel.web.certificate_names import name_of
from siegel.web.partner_site import origin

FORMATS = {
    "cer": ExportFormat.DER,
    "p7c": ExportFormat.P7C,
    "vcf": ExportFormat.VCARD,
    "pem": ExportFormat.PEM,
}
"""By the ending of the file; the first is what most people need."""
ACCEPTED = {"accepted": "yes"}
ENDING_SOON = 30  # days before the end of a certificate in which it is said to be at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    address: str
    icon: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One certificate of a chain. ``anchor`` names its place on the page of the chain."""

    mark: str
    name: str
    about: str
    is_root: bool
    begin: datetime
    end: datetime
    code: Drawing

    @property
    def anchor(self) -> str:
        return f"ca-{self.mark}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A certificate that everybody may have, ready for the page."""

    mark: str
    holder: str
    address: EmailAddress
    begin: datetime
    end: datetime
    renewed: bool
    ends_soon: bool
    chain: tuple[Authority, ...]
    files: tuple[File, ...]
    code: Drawing


def found_of(one: Published, at: datetime, *, accepted: bool) -> Found:
    certificate = one.certificate
    return Found(
        mark=certificate.fingerprint,
        holder=one.holder,
        address=one.address,
        begin=certificate.not_before,
        end=certificate.not_after,
        renewed=one.renewed,
        ends_soon=(certificate.not_after - at).days < ENDING_SOON,
        chain=tuple(map(authority_of, reversed(one.chain))),
        files=_files(certificate.fingerprint, accepted=accepted),
        code=_code(reverse("directory:one", args=[certificate.fingerprint])),
    )


def authority_of(certificate: Certificate) -> Authority:
    root = certificate.is_self_issued
    return Authority(
        mark=certificate.fingerprint,
        name=name_of(certificate),
        about=_("Root certificate: the top of the chain") if root else _("Issues certificates"),
        is_root=root,
        begin=certificate.not_before,
        end=certificate.not_after,
        code=_code(f"{reverse('directory:chain')}#ca-{certificate.fingerprint}"),
    )


def _code(path: str) -> Drawing:
    """The fingerprint stands in the address: whoever reads the code from a letter of ours sees the
    page of the very certificate that the letter names, or nothing."""
    return draw(f"{origin()}{path}")


def _files(mark: str, *, accepted: bool) -> tuple[File, ...]:
    said = f"?{urlencode(ACCEPTED)}" if accepted else ""
    words = {
        "cer": ("cert", _("Certificate (.cer)"), _("For nearly all programs")),
        "p7c": ("anchor", _("With its chain (.p7c)"), _("Certificate and issuers together")),
        "vcf": ("person", _("Business card (.vcf)"), _("Name, address and certificate")),
        "pem": ("draft", _("As text (.pem)"), _("For technicians and portals")),
    }
    return tuple(
        File(
            address=reverse("directory:certificate", args=[mark, ending]) + said,
            icon=icon,
            title=title,
            hint=hint,
        )
        for ending, (icon, title, hint) in words.items()
    )
