#!/bin/sh
# usage: stage.sh NAME COMMAND… ; runs the command and prints how long it took
name=$1; shift
started=$(date +%s)
printf '== %s\n' "$name"
"$@"; code=$?
printf '== %s: %s s, exit %s\n' "$name" "$(($(date +%s) - started))" "$code"
exit $code
