#!/bin/sh
# Find a browser for the tests that need one, or install Debian's Chromium. Says loudly what failed, and fails.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
        echo "Browser: $(command -v "$name")"
        exit 0
    fi
done
if ! command -v apt-get >/dev/null; then
    echo "NO BROWSER: install Chromium or Chrome; the tests in a browser need one" >&2
    exit 1
fi
root=$([ "$(id -u)" -eq 0 ] || echo "sudo -n")
echo "Installing Chromium"
if $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq chromium >/dev/null; then
    echo "Browser: $(command -v chromium)"
else
    echo "NO BROWSER: apt-get could not install Chromium, so the tests in a browser cannot run" >&2
    exit 1
fi
