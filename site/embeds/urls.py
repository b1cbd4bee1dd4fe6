from embeds.frames import urls as frames

app_name = "embeds"
urlpatterns = [*frames.urls]
