from django.urls.resolvers import URLPattern

urls: list[URLPattern] = []
