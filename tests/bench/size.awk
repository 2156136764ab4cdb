# size.awk - of `nm -A` of archives, `size -A` of a program and its `nm -S`: what of each archive is in the program, in
# KB. The compiler puts names like .constprop.0 behind a function's; what has no name are strings.
/^[^ ]*\.a:/ { split($1, at, ":"); sub(/.*\//, "", at[1]); if (!($NF in home)) home[$NF] = at[1]; next }
/^\.(text|rodata|data|data\.rel\.ro) / { total += $2; next }
NF == 4 && $3 ~ /^[tTrRdD]$/ {
    sub(/\..*/, "", $4)
    who = $4 in home ? home[$4] : "the example, the start"
    sum[who] += number($2)
    named += number($2)
}
function number(text,    i, n) {
    for (i = 1; i <= length(text); i++)
        n = 16 * n + index("0123456789abcdef", substr(text, i, 1)) - 1
    return n
}
END {
    sum["strings, and what else has no name"] = total - named
    for (who in sum)
        printf "%7.1f KB  %s\n", sum[who] / 1000, who | "sort -rn"
}
