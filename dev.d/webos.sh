# shellcheck shell=bash
# The web OS: its shell's size, and how it looks.
#: ./dev budget                build the shell of the web OS and show its size against its budget
#: ./dev bench web [--volumes N]   the web OS in Chromium over a pool of so many volumes (10,000); fails when a goal is missed
#: ./dev shots                 screenshots of every app in light, dark and on a phone, into artifacts/shots

# What its tests need besides: a browser, and the shell of SQLite to fill a database.
need_browser() {
    [ -x /usr/bin/chromium ] || need_packages_named chromium
    command -v sqlite3 > /dev/null || need_packages_named sqlite3
}

need_shell_packages() {
    [ -e "$root/webos/node_modules/.package-lock.json" ] || (cd "$root/webos" && npm ci --no-audit --no-fund --loglevel=error)
}

# The shell's own checks: types, and what can be tested without a browser.
test_shell() {
    printf '\n== webos/client\n'
    need_shell_packages && (cd "$root/webos" && npm run --silent check && npm test --silent)
}

verb_budget() {
    need_packages
    need_shell_packages
    (cd "$root/webos" && npm run --silent build)
}

# bench web [--volumes N] [--rounds N]: bytes, times and memory, as a browser has them.
bench_web() {
    verb_build >&2
    need_browser >&2
    (cd "$root" && dotnet build tests/WebBench -c Release --nologo -v quiet -p:RunAnalyzers=false) >&2 || fail 'tests/WebBench does not build.' 'Read the errors above.'
    VSAN_BIN=$bin "$root/artifacts/bin/VSan.Tests.WebBench/release/vsan-web-bench" "$@"
}

verb_shots() {
    verb_build
    need_browser
    need_shell_packages
    VSAN_BIN=$bin VSAN_SHOTS=$root/artifacts/shots dotnet test "$root/tests/EndToEnd/VSan.Tests.EndToEnd.csproj" -c Release --nologo --filter 'FullyQualifiedName~WebOs.AppearanceTests'
    note "screenshots are in artifacts/shots"
}
