"""Forms of the admin, as a browser sends them."""


def address(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def filled(client, path):
    """The data that the form of this page would send unchanged."""
    context = client.get(path).context
    forms = [context["adminform"].form]
    for formset in (inline.formset for inline in context["inline_admin_formsets"]):
        forms += [formset.management_form, *formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = (
                    [getattr(each, "pk", each) for each in value] if isinstance(value, list) else value
                )
    return data


def change(client, row, **fields):
    return client.post(address(row), {**filled(client, address(row)), **fields})


def errors(answer):
    assert answer.status_code == 200
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    said = [*answer.context["adminform"].form.errors.values()]
    for formset in formsets:
        said += [formset.non_form_errors(), *(text for form in formset.errors for text in form.values())]
    return " ".join(str(text) for text in said)
