"""A shop's own till: its keys, and the endpoints that hear of its orders. A key or a secret is shown once, when it is made."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.workplaces import PartAdmin
from tracking.orders.admin.fields import OfShop
from tracking.orders.models import Delivery, Endpoint, TillKey
from verbs.admin import ReadOnlyAdmin
from whole_numbers import key_of


@admin.register(TillKey)
class TillKeyAdmin(OfShop, PartAdmin):
    """Only a hash of a key is stored, so nobody can be shown one again."""

    fields = ["shop", "name"]
    seen: ClassVar = [*fields, "made_at", "used_at", "revoked_at"]
    list_select_related = ["shop"]
    actions = ["new_key", "revoke"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["name", "shop", "made_at", "used_at", "revoked_at"]

    def get_fields(self, request: HttpRequest, key: Any = None) -> Any:
        return self.seen if key else self.fields

    def get_readonly_fields(self, request: HttpRequest, key: Any = None) -> Any:
        return self.seen if key else []

    def get_actions(self, request: HttpRequest) -> Any:
        return admin.ModelAdmin.get_actions(self, request)

    def save_model(self, request: HttpRequest, key: Any, form: Any, change: bool) -> None:
        if not change:
            key.pk = self.issue(request, key).pk
            key.refresh_from_db()

    @admin.action(description=_("Make a new key; the old one ends"), permissions=["change"])
    def new_key(self, request: HttpRequest, keys: QuerySet[TillKey]) -> None:
        for key in keys:
            self.issue(request, key)
            self.log_change(request, key, str(_("New key")))

    def issue(self, request: HttpRequest, key: TillKey) -> TillKey:
        made, secret = TillKey.objects.issue(key.shop, key.name)
        text = _("The key of %(till)s is %(key)s and is not shown again.")
        self.message_user(request, text % {"till": made, "key": secret}, messages.WARNING)
        return made

    def has_delete_permission(self, request: HttpRequest, key: Any = None) -> bool:
        return False

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, keys: QuerySet[TillKey]) -> None:
        for key in keys:
            key.revoke()
            self.log_change(request, key, str(_("Revoked")))
        self.message_user(request, _("These tills can’t call any more."))


class DeliveryInline(ReadOnlyAdmin, admin.TabularInline):
    """The last messages: what was not taken, and when it is tried again."""

    model = Delivery
    fields = readonly_fields = ["event", "order", "made_at", "tries", "problem", "due_at", "sent_at"]
    ordering = ["-pk"]
    MOST = 50

    def has_view_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return True  # who may see the endpoint

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found = super().get_queryset(request).select_related("order")
        endpoint = key_of(request.resolver_match.kwargs.get("object_id", "")) if request.resolver_match else None
        if not endpoint:
            return found.none()
        last = found.filter(endpoint=endpoint).order_by("-pk").values_list("pk", flat=True)[: self.MOST]
        return found.filter(pk__in=list(last))


@admin.register(Endpoint)
class EndpointAdmin(OfShop, PartAdmin):
    """Its secret is shown once, when it is made."""

    fields = ["shop", "url", "stopped_at"]
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}
    inlines = [DeliveryInline]
    list_select_related = ["shop"]
    actions = ["new_secret", "drop_old_secret", "resume"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["url", "shop", "stopped_at"]

    def get_readonly_fields(self, request: HttpRequest, endpoint: Endpoint | None = None) -> Any:
        return [*super().get_readonly_fields(request, endpoint), "stopped_at"]

    def get_inlines(self, request: HttpRequest, endpoint: Endpoint | None) -> Any:
        return self.inlines if endpoint else []

    def get_actions(self, request: HttpRequest) -> Any:
        return admin.ModelAdmin.get_actions(self, request)

    def has_delete_permission(self, request: HttpRequest, endpoint: Any = None) -> bool:
        """One by one: the list of actions does not offer it."""
        return super().has_delete_permission(request, endpoint) and request.POST.get("action") != "delete_selected"

    def save_model(self, request: HttpRequest, endpoint: Any, form: Any, change: bool) -> None:
        super().save_model(request, endpoint, form, change)
        if not change:
            self.show(request, endpoint, endpoint.rotate())

    @admin.action(description=_("Make a new secret, beside the one of now"), permissions=["change"])
    def new_secret(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        for endpoint in endpoints:
            self.show(request, endpoint, endpoint.rotate())
            self.log_change(request, endpoint, str(_("New secret")))

    @admin.action(description=_("Sign with the newest secret only"), permissions=["change"])
    def drop_old_secret(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        for endpoint in endpoints:
            endpoint.drop_old_secret()
            self.log_change(request, endpoint, str(_("Old secret dropped")))

    @admin.action(description=_("Send to it again"), permissions=["change"])
    def resume(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        for endpoint in endpoints:
            endpoint.resume()
            self.log_change(request, endpoint, str(_("Resumed")))

    def show(self, request: HttpRequest, endpoint: Endpoint, secret: str) -> None:
        text = _("The secret of %(url)s is whsec_%(secret)s. It is not shown again.")
        self.message_user(request, text % {"url": endpoint.url, "secret": secret}, messages.WARNING)
