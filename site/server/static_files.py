"""How static files are collected: named by their hash, and compressed once."""

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 100_000  # bytes


class Compressed(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)


class QuickCompressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Best quality, but not for large files: those of the API's docs and the admin would take seconds to get a tenth smaller."""
        return brotli.compress(data, quality=9 if len(data) > LARGE else 11)
