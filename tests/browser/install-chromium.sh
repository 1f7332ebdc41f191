#!/bin/sh
# Finds or installs the Chromium that the browser tests drive: one that is there, else Debian's, else Playwright's own.
# Where none can be had it says so and succeeds: the browser tests then skip, which CI=true turns into a failure.
set -u

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null && exit 0
fi
.venv/bin/python -m playwright install chromium && exit 0
echo "No Chromium could be found or installed: the browser tests will be skipped." >&2
