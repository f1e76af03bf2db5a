from django.urls import path

from siegel.web.compose import live, signatures, views

app_name = "compose"

urlpatterns = [
    path("", views.new, name="new"),
    path("drafts/", views.listing, name="drafts"),
    path("standing/", live.standing, name="standing"),
    path("suggest/", live.suggest, name="suggest"),
    path("signatures/", signatures.listing, name="signatures"),
    path("signatures/new/", signatures.new, name="signature_new"),
    path("signatures/<int:number>/", signatures.edit, name="signature"),
    path("signatures/<int:number>/remove/", signatures.remove, name="signature_remove"),
    path("reply/<int:item>/", views.reply, name="reply"),
    path("forward/<int:item>/", views.forward, name="forward"),
    path("<int:number>/", views.edit, name="edit"),
    path("<int:number>/discard/", views.discard, name="discard"),
    path("<int:number>/files/<int:file>/", views.file, name="file"),
]
