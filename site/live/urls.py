from live.regions import Region, pattern
from live.views import fragment

app_name = "live"
urlpatterns = [pattern(cls, fragment) for cls in Region.classes]
