from django.urls import path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from pages import views
from pages.front import front

urlpatterns = [
    path("", front, name="front"),
    path("connection/", views.connection, name="connection"),
    path("language/", set_language, name="set_language"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(
        "robots.txt", TemplateView.as_view(template_name="pages/robots.txt", content_type="text/plain"), name="robots"
    ),
]
