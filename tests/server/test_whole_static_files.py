"""A large static file arrives whole, whatever encodings the browser takes: one stream of gzip, or none."""

import http.client
import zlib

import pytest
from django.contrib.staticfiles import finders

FILES = ["ninja/swagger-ui-bundle.js", "admin/js/vendor/jquery/jquery.js"]


@pytest.mark.parametrize("encodings", ["gzip", "identity"])
@pytest.mark.parametrize("name", FILES)
def test_a_large_file_arrives_whole(process, name, encodings):
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=20)
    connection.request("GET", f"/static/{name}", headers={"Accept-Encoding": encodings})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.headers.get("Content-Encoding") == "gzip":
        unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)  # as browsers do: what follows the first stream is lost
        body = unpacking.decompress(body)
    with open(finders.find(name), "rb") as file:
        assert body == file.read()
