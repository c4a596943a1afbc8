#!/bin/sh
# Makes .venv with the given Python and notes where it is. Usage: make_venv.sh PYTHON
set -eu
python=$1
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "bcflow needs Python 3.11 or newer, and \`$python\` is not. Name another: make setup PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "\`$python\` cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
echo "setup: .venv"
"$python" -m venv --clear .venv
mkdir -p .venv/done
pwd >.venv/done/venv
