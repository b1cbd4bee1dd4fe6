"""Pages below /fly/: each room has its own addresses."""

from typing import Any

app_name = "seats"
urlpatterns: list[Any] = []
