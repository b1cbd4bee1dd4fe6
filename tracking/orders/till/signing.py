"""Signatures of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256


def signature(keys: Iterable[bytes], message: str, timestamp: int, body: bytes) -> str:
    """The header webhook-signature: one signature for each key, so that a receiver may know either of two."""
    content = f"{message}.{timestamp}.".encode() + body
    return " ".join(f"v1,{b64encode(hmac.digest(key, content, sha256)).decode()}" for key in keys)


def headers(keys: Iterable[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "Airside-Webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(keys, message, timestamp, body),
    }
