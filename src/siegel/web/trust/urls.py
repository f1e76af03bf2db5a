"""Addresses of the trust centre."""

from django.urls import path

from siegel.web.trust import deciding, questions, roots

app_name = "trust"
_ROOT = "roots/<slug:fingerprint>/"
_QUESTION = "questions/<slug:kind>/<int:number>/"

urlpatterns = [
    path("", roots.overview, name="overview"),
    path("inbox/", roots.inbox, name="inbox"),
    path("inbox/<slug:mark>/", roots.named, name="named"),
    path("catalogue/", roots.catalogue, name="catalogue"),
    path("decisions/", roots.decisions, name="decisions"),
    path("import/", roots.import_root, name="import"),
    path(_ROOT, roots.root, name="root"),
    path(f"{_ROOT}decide/", deciding.decide, name="decide"),
    path(f"{_ROOT}distrust/", deciding.distrust, name="distrust"),
    path(f"{_ROOT}withdraw/", deciding.withdraw, name="withdraw"),
    path("questions/", questions.listing, name="questions"),
    path(_QUESTION, questions.question, name="question"),
]
