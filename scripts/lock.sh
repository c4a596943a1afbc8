#!/bin/sh
# Renews requirements.lock: every file of every pinned release with its hash, from the public index alone,
# whatever this machine's pip is set to, and without an address in it. Newer releases: lock.sh --upgrade
set -eu
tools=.venv/lock-tools
[ -x $tools/bin/pip-compile ] || { .venv/bin/python -m venv $tools && $tools/bin/pip install --quiet pip-tools; }
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_INDEX_URL
PIP_CONFIG_FILE=/dev/null $tools/bin/pip-compile --quiet --all-extras --strip-extras --allow-unsafe \
    --generate-hashes --no-header --annotation-style=line \
    --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
    --output-file=requirements.lock "$@" pyproject.toml
