"""Secrets come from files; deploy/secrets.sh makes those that are missing, and never another for one that is there."""

import os
import shutil
import stat
import subprocess
import sys

import pytest
from django.conf import settings


def setting(name, **environment):
    code = f"from django.conf import settings; print(settings.{name})"
    kept = {key: value for key, value in os.environ.items() if key not in ("SECRET_KEY", "DATABASE_URL")}
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", code],
        cwd=settings.BASE,
        env={**kept, **environment},
        capture_output=True,
        text=True,
    )


def test_a_secret_is_read_from_a_file_without_its_last_line_break(tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    (tmp_path / "url").write_text("postgres://airside:s3cret@database/airside\n")
    files = {"SECRET_KEY_FILE": str(tmp_path / "key"), "DATABASE_URL_FILE": str(tmp_path / "url")}
    assert setting("SECRET_KEY", **files).stdout == "from a file\n"
    said = setting("DATABASES['default']", **files).stdout
    assert "'NAME': 'airside'" in said and "'PASSWORD': 's3cret'" in said


def test_a_file_that_is_missing_is_one_clear_sentence(tmp_path):
    done = setting("SECRET_KEY", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.returncode
    assert f"SECRET_KEY_FILE: cannot read {tmp_path / 'key'}: No such file or directory" in done.stderr


@pytest.fixture
def project(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy(settings.BASE / "deploy/secrets.sh", tmp_path / "deploy")
    return tmp_path


def test_secrets_are_made_once(project):
    def make():
        subprocess.run([project / "deploy/secrets.sh"], check=True, capture_output=True)
        return {file.name: file.read_text() for file in (project / "secrets").iterdir()}

    made = make()
    assert len(made["secret_key"]) == len(made["database_password"]) == len(made["metrics_key"]) == 64
    assert made["database_url"] == f"postgres://airside:{made['database_password']}@database/airside\n"
    (project / "secrets/metrics_key").unlink()
    again = make()
    assert again.pop("metrics_key") != made.pop("metrics_key")
    assert again == made
    assert stat.S_IMODE((project / "secrets").stat().st_mode) == 0o700
