"""What pages for partners say about what did not work."""

from enum import StrEnum

from django.utils.translation import gettext as _

from siegel.flows.registering import HandedIn


class NotSent(StrEnum):
    """Why no link was mailed."""

    TOO_OFTEN = "too_often"
    NOT_SET_UP = "not_set_up"
    NOT_TAKEN = "not_taken"


def said_of_mail(problem: NotSent) -> str:
    known = {
        NotSent.TOO_OFTEN: _(
            "Too many links were asked for today. Please come back tomorrow, or call us."
        ),
        NotSent.NOT_SET_UP: _("We cannot send such links yet. Please call us."),
        NotSent.NOT_TAKEN: _("The mail could not be sent. Please try again later."),
    }
    return known[problem]


def said_of_file(outcome: HandedIn) -> tuple[str, str]:
    """Title and sentence."""
    known = {
        HandedIn.TAKEN: (
            _("Thank you, your certificate is here"),
            _("From now on we can write encrypted mail to you. You need not do anything more."),
        ),
        HandedIn.WAITS: (
            _("Thank you, your certificate is here"),
            _(
                "We do not know its authority yet, so one of us looks at it first. After that we"
                " can write encrypted mail to you."
            ),
        ),
        HandedIn.KNOWN: (
            _("We had this certificate already"),
            _("Everything is ready on our side. You need not do anything more."),
        ),
        HandedIn.PRIVATE_KEY: (
            _("This file contains a private key"),
            _(
                "We have not kept it. The private key belongs to you alone: please choose the file"
                " with the certificate only. It ends with .cer, .crt, .pem or .p7b."
            ),
        ),
        HandedIn.NO_CERTIFICATE: (
            _("There is no certificate in this file"),
            _("Please choose the file with your certificate. It ends with .cer, .crt or .p7b."),
        ),
        HandedIn.OTHER_ADDRESS: (
            _("This certificate is for another address"),
            _("Please choose the certificate that names exactly the address of the invitation."),
        ),
        HandedIn.OVER: (
            _("This certificate is not valid today"),
            _("It has expired, or its time has not come yet. Please choose the current one."),
        ),
        HandedIn.NOT_FOR_ENCRYPTION: (
            _("This certificate is only for signing"),
            _("For encryption there is a second one. Please choose that."),
        ),
        HandedIn.TOO_LARGE: (
            _("This file is too large"),
            _("A certificate is small. Please choose the file with the certificate only."),
        ),
        HandedIn.LINK_OVER: (
            _("This link does not work any more"),
            _("It was used, withdrawn, or its time is over. Ask us for a new one."),
        ),
    }
    return known[outcome]
