#!/bin/sh
# Removes the stamps of `make setup` that are no longer true. Prints nothing; runs at every `make`.
done=.venv/done

# A virtual environment cannot be moved, and does not outlive the Python it was made with.
if [ "$(cat $done/venv 2>/dev/null)" != "$PWD" ] || [ ! -x .venv/bin/python ]; then
    rm -rf $done
fi

# Line 1: the browser that rendered a page; line 2: what BCFLOW_BROWSER was then.
if [ -f $done/browser ]; then
    { read -r executable; read -r setting; } <$done/browser
    if [ ! -x "$executable" ] || [ "$setting" != "${BCFLOW_BROWSER:-}" ]; then
        rm -f $done/browser
    fi
fi
