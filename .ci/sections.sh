# What `.ci/run` and `.ci/nightly` share: sections with their start, and the list of what could not run.
set -euo pipefail
exec </dev/null

export CI=true
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

skipped=()

section() { printf '\n=== %s (%dm%02ds)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }
skip() {
    printf 'SKIPPED: %s\n' "$1"
    skipped+=("$1")
}
# Runs a check that prints `skipped: …` where it cannot run.
run_or_skip() {
    local reason
    reason="$("$@" | tee /dev/stderr | sed -n 's/^skipped: //p')"
    if [[ -n "$reason" ]]; then skip "$reason"; fi
}
finish() {
    section "done"
    if ((${#skipped[@]})); then
        printf 'Everything that ran passed. Not run:\n'
        printf '  - %s\n' "${skipped[@]}"
    else
        echo "Everything passed."
    fi
}
