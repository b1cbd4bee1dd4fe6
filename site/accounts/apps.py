from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import checks, roles  # noqa: F401  (registers them)
        from accounts.landings import landing_of
        from post import strangers

        strangers.works_here.append(lambda user: landing_of(user) is not None)
