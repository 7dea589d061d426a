# shellcheck shell=bash
# What every script here begins with: strict mode, the workspace as folder, one place for builds.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# rustup puts cargo here; a fresh shell may not have it on its path yet.
if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
    export PATH="$HOME/.cargo/bin:$PATH"
fi

cache=${DURE_CACHE:-$HOME/.cache/dure}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
mkdir -p "$cache" "$CARGO_TARGET_DIR"

# The seconds that a command took, with one decimal: `seconds_since "$EPOCHREALTIME_before"`.
seconds_since() {
    local passed=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
    echo "$((passed / 10)).$((passed % 10))"
}
