# The verbose output of one suite as lines of: suite, test, pass|fail|skip, reason.
# A test is announced by "  Test: NAME ..."; its verdict ends some later line, and one that has none crashed or ran out of time.

function finish() {
  if (test == "") return
  if (verdict == "") { verdict = "fail"; reason = timed_out ? "no result: time limit" : "no result: the tool ended with code " code }
  else if (verdict == "pass" && skipped) { verdict = "skip"; reason = skip_reason }
  gsub(/[|\t]/, " ", reason)
  print suite "\t" test "\t" verdict "\t" reason
  test = ""
}

function after(marker,    text) {
  text = substr($0, index($0, marker) + length(marker))
  sub(/^[ \t]+/, "", text)
  return text
}

/^@TIMEOUT/ { timed_out = 1; next }

/^  Test: / {
  finish()
  test = $2
  sub(/\.\.\..*/, "", test)
  verdict = reason = skip_reason = ""
  skipped = 0
}

test == "" { next }
/(^|\.\.\.)passed/ { if (verdict == "") verdict = "pass" }
/(^|\.\.\.|[^\[])FAILED$/ { verdict = "fail" }
/\[FAILED\]/ { if (reason == "") reason = after("[FAILED]") }

# What the suite says while it cleans up stands behind the last test's verdict, and is not about that test.
/\[SKIPPED\]/ && verdict == "" { if (!skipped) skip_reason = after("[SKIPPED]"); skipped = 1 }

/^ +[0-9]+\. / { if (verdict == "fail" && reason == "") { reason = $0; sub(/^ +[0-9]+\. /, "", reason) } }

END { finish() }
