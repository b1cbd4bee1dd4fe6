#!/bin/sh
# Makes the secrets that compose.yaml gives to its services, where they are missing: each a file in ./secrets.
#
# The folder keeps others of this machine out. The files in it can be read by anybody who gets that far, because the
# services do so under numbers that this machine gives to nobody, and see only what compose.yaml lets them see.
set -eu
cd "$(dirname "$0")/.."
mkdir -p -m 700 secrets

keep() { [ -s "secrets/$1" ] || cat > "secrets/$1"; chmod 444 "secrets/$1"; }
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

random | keep secret_key
random | keep database_password
random | keep metrics_key
echo "postgres://airside:$(cat secrets/database_password)@database/airside" | keep database_url
echo consolemail:// | keep email_url
ls secrets
