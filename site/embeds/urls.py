from embeds import badges, oembed
from embeds.frames import urls as frames
from embeds.owners import urls as owners

app_name = "embeds"
urlpatterns = [*frames.urls, *owners.urls, *badges.urls, *oembed.urls]
