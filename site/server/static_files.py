"""Static files: style sheets are served as bundles; collected files are hashed and compressed once.

A folder of style sheets such as ``static/css/site/`` is served as one file, ``css/site.css``: its sheets and those of the
folders in it, in the order of their paths. So pages ask for few files, and people write short ones. There is no build
step: a bundle is written when it is asked for, and again when one of its sheets has changed.
"""

import os
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, FileSystemFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from django.http import HttpRequest, StreamingHttpResponse
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS = settings.BASE / "static" / "css"
BUNDLES = settings.DATA / "bundles"  # generated files
LARGE = 100_000  # bytes
PIECE = 64 * 1024  # bytes of a file in memory for each reader


class FileFinder(FileSystemFinder):
    """Finds the files of ``static/``. collectstatic leaves out the sheets of bundles, whose addresses hold in the bundle."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        folders = bundle_folders()
        for name, storage in super().list(ignore_patterns):
            if not any(folder in Path(storage.path(name)).parents for folder in folders):
                yield name, storage


class BundleFinder(BaseFinder):
    """Finds bundles for pages and for collectstatic."""

    storage = FileSystemStorage(location=BUNDLES)

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        source = CSS / Path(path).with_suffix("").relative_to("css") if path.startswith("css/") else None
        if source is None or not path.endswith(".css") or source not in bundle_folders():
            return [] if find_all else None
        found = str(write_bundle(source))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for folder in bundle_folders():
            name = write_bundle(folder).relative_to(BUNDLES).as_posix()
            if not matches_patterns(name, ignore_patterns or ()):
                yield name, self.storage


def bundle_folders() -> list[Path]:
    """The outermost folders that have style sheets of their own."""
    folders = sorted({sheet.parent for sheet in CSS.rglob("*.css")})
    return [folder for folder in folders if not any(parent in folders for parent in folder.parents)]


def write_bundle(folder: Path) -> Path:
    """The bundle of a folder as a file, which is written if it is older than one of the sheets."""
    sheets = sorted(folder.rglob("*.css"))
    bundle = BUNDLES / "css" / folder.relative_to(CSS).with_suffix(".css")
    newest = max(path.stat().st_mtime for path in [*sheets, *{sheet.parent for sheet in sheets}])
    if not bundle.exists() or bundle.stat().st_mtime < newest:
        bundle.parent.mkdir(parents=True, exist_ok=True)
        draft = bundle.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        draft.write_text("\n".join(sheet.read_text() for sheet in sheets))
        draft.replace(bundle)  # in one step: another process may be reading it
    return bundle


class Compressed(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options: Any) -> Compressor:
        return FasterCompressor(**options)


class FasterCompressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The best compression, but not for large files: those of the API's docs and the admin would take seconds."""
        compressed: bytes = brotli.compress(data, quality=9 if len(data) > LARGE else 11)
        return compressed


class StaticFiles(WhiteNoiseMiddleware):
    """The middleware that serves them. It sends a file piece by piece, as fast as it is read.

    WhiteNoise answers with Django's FileResponse, which under ASGI reads the whole file into memory for each reader.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> StreamingHttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = Pieces(found.file) if found.file else ()
        response = StreamingHttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        # A widget in a sandboxed frame has no origin, so its own style sheets are those of another site.
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


class Pieces:
    """What is in a file, piece by piece. A piece is read on the event loop: these files are in the system's memory."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.close = file.close  # Django calls it once the answer has ended

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if piece := self.file.read(PIECE):
            return bytes(piece)
        raise StopAsyncIteration
