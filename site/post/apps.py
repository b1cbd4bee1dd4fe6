from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "post"
    verbose_name = "Post"

    def ready(self) -> None:
        from post import checks  # noqa: F401  (registers them)
