#!/bin/sh
# From a fresh clone to a running platform: sh deploy/bootstrap.sh setup|demo|test|lint|bench|soak|messages|requirements
# Works as root and as an ordinary user, again and again; what is there already is left alone.
set -eu
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
PATH="$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

say() { printf '%s\n' "-- $*"; }
stop() { printf '%s\n' "Stopped: $*" >&2; exit 1; }

find_python() {
  for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      PYTHON=$candidate
      return
    fi
  done
  stop "Python 3.11 or newer is needed: install it with 'apt-get install python3 python3-venv', or set PYTHON to its path."
}

has_library() { "$PYTHON" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }

missing_packages() {
  has_library libpango-1.0.so.0 || echo libpango-1.0-0
  has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
  has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
  venv_works || has_uv || "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  case $1 in
    test | bench | soak)
      has_postgres || echo postgresql
      command -v chromium >/dev/null || echo chromium
      command -v redis-server >/dev/null || echo redis-server ;;
  esac
}

install_system_packages() {
  packages=$(missing_packages "$1" | tr '\n' ' ')
  [ -n "$packages" ] || return 0
  if [ "$(id -u)" = 0 ]; then sudo=''; elif command -v sudo >/dev/null; then sudo='sudo -E'
  else stop "these system packages are missing; have an administrator run: apt-get install $packages"; fi
  command -v apt-get >/dev/null || stop "install the equivalents of these Debian packages first: $packages"
  say "installing system packages: $packages"
  $sudo apt-get update -qq || say "apt-get update failed; trying with the lists at hand"
  # shellcheck disable=SC2086 - a list of names
  with_dots $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
    stop "apt-get could not install them: check the network, then run: apt-get install $packages"
}

has_uv() { uv --version >/dev/null 2>&1; }
venv_works() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# A dot every few seconds while a long step is silent.
with_dots() {
  (while sleep 3; do printf . >&2; done) &
  dots=$!
  trap 'kill $dots 2>/dev/null || true' EXIT
  status=0
  "$@" || status=$?
  kill $dots 2>/dev/null || true
  trap - EXIT
  printf '\n' >&2
  return $status
}

make_environment() {
  say "making the virtual environment .venv with $("$PYTHON" --version)"
  rm -rf .venv
  "$PYTHON" -m venv .venv 2>/dev/null || (has_uv && uv venv -q --seed --python "$PYTHON" .venv) || stop "the virtual environment could not be made: run 'apt-get install python3-venv', then this again."
}

install_python_packages() {
  file=$1
  venv_works || make_environment
  sum=$(sha256sum <"$file" | cut -c1-64)
  stamp=.venv/installed-$file
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then return 0; fi
  say "installing the Python packages of $file (a minute or two the first time)"
  { has_uv && with_dots uv pip install -q --python .venv/bin/python --require-hashes -r "$file"; } ||
    with_dots .venv/bin/python -m pip install -q --progress-bar off --require-hashes -r "$file" ||
    stop "the Python packages could not be installed: check the network and run this again."
  printf '%s' "$sum" >"$stamp"
}

setup() {
  find_python
  install_system_packages "$1"
  case $1 in
    setup | demo) install_python_packages requirements.txt ;;
    *) install_python_packages requirements-dev.txt ;;
  esac
}

demo() {
  PORT=$(.venv/bin/python deploy/free_port.py "${PORT:-8000}")
  export BASE_URL="${BASE_URL:-http://localhost:$PORT}"
  say "database"
  .venv/bin/python manage.py migrate --verbosity 0 || stop "the database could not be brought up to date; see the error above."
  .venv/bin/python manage.py sync_grants || stop "the permissions could not be brought up to date; see the error above."
  say "demo story"
  .venv/bin/python manage.py demo || stop "the demo story could not be told; see the error above."
  if [ "${SERVE:-1}" = 0 ]; then
    say "ready; 'make demo' serves it"
  else
    exec .venv/bin/python manage.py serve --port "$PORT"
  fi
}

requirements() {
  command -v uv >/dev/null || stop "uv is needed to compile requirements: pip install uv"
  compile="uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml"
  $compile -o requirements.txt
  $compile --group dev -o requirements-dev.txt
}

case ${1:-help} in
  setup) setup setup && say "ready" ;;
  demo) setup demo && demo ;;
  test) setup test && exec .venv/bin/python deploy/check.py "${ONLY:-}" ;;
  lint) setup lint && exec .venv/bin/python deploy/check.py lint ;;
  bench) setup bench && exec .venv/bin/python -m tests.benchmarks "${ONLY:-}" ;;
  soak) setup soak && KILLS=${KILLS:-1000} LIVES=${LIVES:-1000} TEST_DATABASE=postgres exec .venv/bin/python -m pytest -q tests/faults tests/enrollments/test_life.py ;;
  messages) setup messages && exec .venv/bin/python deploy/messages.py ;;
  requirements) requirements ;;
  *) sed -n '2s/^# //p' "$0"; exit 2 ;;
esac
