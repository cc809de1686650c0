#!/bin/sh
# Installs what the web finder is measured beside, under target/ and nowhere
# else: sh ch05-servers/benches/peers/setup.sh
#
# node and nginx are programs of their own: your system's packages have them.
set -eu
cd "$(dirname "$0")/../../.."
python3 -m venv target/peers
target/peers/bin/pip install --quiet --disable-pip-version-check \
    aiohttp fastapi 'uvicorn[standard]'
target/peers/bin/python -c 'import aiohttp, fastapi, uvicorn; print(
    "aiohttp", aiohttp.__version__,
    "fastapi", fastapi.__version__,
    "uvicorn", uvicorn.__version__)'
for program in node nginx /usr/sbin/nginx; do
    command -v "$program" || echo "no $program"
done
