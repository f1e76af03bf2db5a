"""Where the pages are: one line for each part."""

from django.urls import include, path

from siegel.web.health import probes
from siegel.web.partner_urls import partner_site
from siegel.web.preferences import views as preferences
from siegel.web.start import views as start

handler400 = "siegel.web.errors.bad_request"
handler403 = "siegel.web.errors.forbidden"
handler404 = "siegel.web.errors.not_found"
handler429 = "siegel.web.errors.too_many"  # django-allauth asks for it
handler500 = "siegel.web.errors.failed"

urlpatterns = [
    path("", start.overview, name="start"),
    path("in/", start.landing, name="landing"),
    path("menu/", preferences.menu, name="menu"),
    path("me/", preferences.overview, name="preferences"),
    path("me/language/", preferences.language, name="language"),
    path("me/theme/", preferences.theme, name="theme"),
    path("me/undo/", preferences.undo_seconds, name="undo_seconds"),
    path("help/", include("siegel.web.help.urls")),
    path("tour/", include("siegel.web.tour.urls")),
    path("certificates/", include("siegel.web.certificates.urls")),
    path("expiry/", include("siegel.web.expiry.urls")),
    path("reissue/", include("siegel.web.reissue.urls")),
    path("keys/", include("siegel.web.keys.urls")),
    path("contacts/", include("siegel.web.contacts.urls")),
    path("lookups/", include("siegel.web.lookups.urls")),
    path("sign/", include("siegel.web.login.urls")),
    path("rules/", include("siegel.web.rules.urls")),
    path("authority/", include("siegel.web.authority.urls")),
    path("pki/", include("siegel.web.pki.urls")),
    path("trust/", include("siegel.web.trust.urls")),
    path("accounts/", include("siegel.web.accounts.urls")),
    path("mailboxes/", include("siegel.web.mailboxes.urls")),
    path("people/", include("siegel.web.people.urls")),
    path("mail/", include("siegel.web.inbox.urls")),
    path("mail/", include("siegel.web.conversation.urls")),
    path("write/", include("siegel.web.compose.urls")),
    path("journal/", include("siegel.web.journal.urls")),
    path("health/", include("siegel.web.health.urls")),
    path("bulk/", include("siegel.web.bulk.urls")),
    path("outbox/", include("siegel.web.outbox.urls")),
    path("invitations/", include("siegel.web.invitations.urls")),
    path("publishing/", include("siegel.web.publishing.urls")),
    path("checklists/", include("siegel.web.checklists.urls")),
    path("guides/", include("siegel.web.guides.urls_office")),
    *partner_site,
    path("healthz", probes.healthz, name="healthz"),
    path("metrics", probes.figures, name="metrics"),
]
