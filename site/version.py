"""The version of Airside. Change it together with CHANGELOG.md."""

VERSION = "0.1.0"
