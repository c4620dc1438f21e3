# Lines of "row|subject|key=value …" as Markdown: for memory and for file, ours and tgt's medians and the ratio.

function median(row, subject, key,    count, i, j, list, swap) {
  count = runs[row, subject]
  for (i = 1; i <= count; i++) list[i] = value[row, subject, key, i] + 0
  for (i = 2; i <= count; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

function ratio(a, b) { return b > 0 ? sprintf("%.2f", a / b) : "-" }

function figures(row, subject) {
  return sprintf("%d | %.0f | %.0f | %d %%", median(row, subject, "iops"), median(row, subject, "p50_us"), median(row, subject, "p99_us"), median(row, subject, "target_cpu"))
}

{
  if (!($1 in seen)) { seen[$1] = 1; rows[++row_count] = $1 }
  run = ++runs[$1, $2]
  count = split($3, pairs, " ")
  for (i = 1; i <= count; i++) { split(pairs[i], pair, "="); value[$1, $2, pair[1], run] = pair[2] }
}

END {
  split("memory file", kinds, " ")
  for (k = 1; k <= 2; k++) {
    kind = kinds[k]
    print (k > 1 ? "\n" : "") "## " toupper(substr(kind, 1, 1)) substr(kind, 2) " volume\n"
    print "| | ours IOPS | p50 µs | p99 µs | CPU | tgt IOPS | p50 µs | p99 µs | CPU | ratio IOPS | ratio p99 |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for (r = 1; r <= row_count; r++) {
      row = rows[r]
      ours = "ours-" kind
      theirs = "tgt-" kind
      printf "| %s | %s | %s | %s | %s |\n", row, figures(row, ours), figures(row, theirs),
        ratio(median(row, ours, "iops"), median(row, theirs, "iops")), ratio(median(row, ours, "p99_us"), median(row, theirs, "p99_us"))
    }
  }
}
