# skips.tsv, then results.tsv, as Markdown: counts of each suite, the failing tests with what they said, the skipped ones with why.
FNR == NR { if ($1 !~ /^#/) why[$1] = $2; next }
{
  if (!($1 in seen)) { seen[$1] = 1; suites[++suite_count] = $1 }
  count[$1, $3]++
  total[$3]++
  if ($3 == "fail") failing = failing "- `" $1 "." $2 "`: " $4 "\n"
  name = $1 "." $2
  if ($3 == "skip") skipped = skipped "- `" name "`: " (name in why ? why[name] : $4) "\n"
}

END {
  print "| suite | pass | fail | skip |\n|---|---:|---:|---:|"
  for (i = 1; i <= suite_count; i++) printf "| %s | %d | %d | %d |\n", suites[i], count[suites[i], "pass"], count[suites[i], "fail"], count[suites[i], "skip"]
  printf "| **all** | **%d** | **%d** | **%d** |\n", total["pass"], total["fail"], total["skip"]
  printf "\n## Failing\n\n%s", failing == "" ? "None.\n" : failing
  printf "\n## Skipped\n\n%s", skipped == "" ? "None.\n" : skipped
}
