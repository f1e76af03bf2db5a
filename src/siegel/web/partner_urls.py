"""What a host of the partner site serves: these parts and nothing of the office.

``partner_site`` stands in the addresses of the office, too; a part that partners see without
signing in adds its line there.
"""

from django.urls import include, path

from siegel.web.directory import views

handler400 = "siegel.web.errors.bad_request"
handler403 = "siegel.web.errors.forbidden"
handler404 = "siegel.web.errors.not_found"
handler500 = "siegel.web.errors.failed"

partner_site = [
    path("partner/guides/", include("siegel.web.guides.urls")),
    path("partner/joining/", include("siegel.web.joining.urls")),
    path("partner/", include("siegel.web.directory.urls")),
    path("", include("siegel.web.directory.store_urls")),
]
urlpatterns = [
    path("", views.home),
    *partner_site,
    # lists and answers of our own authority, to which certificates point
    path("pki/", include("siegel.web.pki.urls")),
]
