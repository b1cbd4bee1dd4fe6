"""compose.yaml and Dockerfile, as far as they can be checked without a container engine."""

import re
import shutil
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

from server import daphne_server as server

COMPOSE = yaml.safe_load((settings.BASE / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
WEB = [name for name in SERVICES if name.startswith("web")]
SITE = [*WEB, "migrate", "feed"]  # what runs the site's own image


def test_all_parts_are_there():
    assert set(SERVICES) == {"nginx", "web1", "web2", "migrate", "database", "cache", "feed"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_each_part_that_stays_is_watched_and_started_again(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_web_processes_come_after_the_migration_and_before_nginx():
    for name in WEB:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert SERVICES["nginx"]["depends_on"][name] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_are_files_and_nothing_else(name):
    service = SERVICES[name]
    for variable, value in service.get("environment", {}).items():
        if re.search("SECRET|PASSWORD|KEY|DATABASE_URL|EMAIL_URL", variable):
            assert variable.endswith("_FILE"), f"{variable} would be told to whoever inspects the container"
        if variable.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert "@" not in str(service.get("environment", {}).get("REDIS_URL", ""))


def test_each_secret_is_one_that_is_made_or_issued():
    made = set(re.findall(r"keep (\w+)", (settings.BASE / "deploy/secrets.sh").read_text()))
    assert made | {"feed_key"} == set(COMPOSE["secrets"])
    assert all(secret["file"] == f"secrets/{name}" for name, secret in COMPOSE["secrets"].items())
    assert "\nsecrets/\n" in (settings.BASE / ".gitignore").read_text()


@pytest.mark.parametrize("name", SITE)
def test_each_variable_is_one_that_the_settings_read(name):
    known = (settings.BASE / "site/settings.py").read_text()
    for variable in SERVICES[name]["environment"]:
        assert f'"{variable.removesuffix("_FILE")}"' in known, variable


@pytest.mark.parametrize("name", SITE)
def test_the_sites_own_processes_can_change_nothing_of_their_machine(name):
    service = SERVICES[name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER [1-9]\d*:", (settings.BASE / "Dockerfile").read_text(), re.MULTILINE)


def test_nginx_is_the_proxy_that_is_trusted_and_knows_each_process():
    address = {name: SERVICES[name]["networks"]["default"]["ipv4_address"] for name in [*WEB, "nginx"]}
    told = SERVICES["nginx"]["environment"]["PROCESSES"]
    for name in WEB:
        assert SERVICES[name]["environment"]["AIRSIDE_TRUSTED_PROXIES"] == address["nginx"]
        assert f"server {address[name]}:8000 max_fails=1 fail_timeout=1s;" in told
        assert f"server {address[name]}:8000 max_fails=0 backup;" in told
    assert told.count("server ") == 2 * len(WEB)


def test_nginx_is_told_all_that_its_configuration_asks_for():
    asked = set(re.findall(r"\$\{(\w+)\}", (settings.BASE / "deploy/nginx.conf").read_text()))
    assert asked == set(SERVICES["nginx"]["environment"]) - {"NGINX_ENVSUBST_OUTPUT_DIR"}


@pytest.mark.parametrize("name", WEB)
def test_a_process_has_the_time_that_it_needs_to_end(name):
    grace = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
    assert grace > server.GRACE + server.FINISH_WITHIN + 2 * server.LEAVE_WITHIN


@pytest.mark.slow
def test_the_image_has_all_that_the_site_needs_and_no_key(tmp_path):
    """What the Dockerfile copies, in a folder of its own: static files are collected there, and nothing is missing."""
    text = (settings.BASE / "Dockerfile").read_text()
    ignored = (settings.BASE / ".dockerignore").read_text()
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", text, re.MULTILINE):
        assert f"!{source}\n" in ignored
        if (settings.BASE / source).is_dir():
            shutil.copytree(settings.BASE / source, tmp_path / target)
        else:
            shutil.copy(settings.BASE / source, tmp_path / target)
    (collect,) = re.findall(r"^RUN (SECRET_KEY=.*)$", text, re.MULTILINE)
    environment = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "AIRSIDE_DATA": str(tmp_path / "var")}
    for command in (collect, "SECRET_KEY=x python manage.py check"):
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "var/static/staticfiles.json").exists()
    assert not (tmp_path / "var/secret_key").exists()
