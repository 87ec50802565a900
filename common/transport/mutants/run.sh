#!/bin/sh
# Breaks the ring and the board on purpose, one place at a time, and checks that a test notices.
# Usage: common/transport/mutants/run.sh [part of a mutant's name]
# Works on a copy under target/mutants; the sources are not touched. Exit 1 when a mutant lives.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
work="$root/target/mutants"
mkdir -p "$work"
rm -rf "$work/src"
mkdir "$work/src"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 tar cf - 2>/dev/null) | (cd "$work/src" && tar xf -)
crate="$work/src/common/transport"
killed=0 lived=0
while IFS='|' read -r name file script kind test; do
    name=$(echo "$name" | sed 's/ *$//')
    case $name in '#'* | '') continue ;; *"${1:-}"*) ;; *) continue ;; esac
    file=$(echo "$file" | tr -d ' ')
    kind=$(echo "$kind" | tr -d ' ')
    test=$(echo "$test" | tr -d ' ')
    cp "$crate/src/$file" "$work/original"
    sed "$(echo "$script" | sed 's/^ *//; s/ *$//')" "$work/original" >"$crate/src/$file"
    if cmp -s "$work/original" "$crate/src/$file"; then
        echo "STALE   $name: the script changes nothing in $file"
        lived=$((lived + 1))
        continue
    fi
    # The dependencies are those of the ordinary builds; only the crate itself is built for each mutant.
    case $kind in
    loom) flags='--cfg loom' target="$root/target/loom" profile=--release ;;
    *) flags='' target="$root/target" profile= ;;
    esac
    if ! (cd "$work/src" && RUSTFLAGS="$flags" CARGO_TARGET_DIR="$target" \
        cargo test $profile -q -p casedd-transport --lib --no-run) </dev/null >"$work/log" 2>&1; then
        echo "BROKEN  $name: does not compile, see target/mutants/log"
        lived=$((lived + 1))
    elif (cd "$work/src" && RUSTFLAGS="$flags" CARGO_TARGET_DIR="$target" \
        timeout 300 cargo test $profile -q -p casedd-transport --lib "$test") </dev/null >"$work/log" 2>&1; then
        echo "LIVES   $name: $test does not notice"
        lived=$((lived + 1))
    else
        echo "killed  $name: by $test"
        killed=$((killed + 1))
    fi
    cp "$work/original" "$crate/src/$file"
done <"$root/common/transport/mutants/mutants.txt"
echo "$killed killed, $lived not"
[ "$lived" -eq 0 ] && [ "$killed" -gt 0 ]
