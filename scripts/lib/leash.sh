#!/bin/sh
# Runs a command on a leash: leash.sh COMMAND [ARG…]
#
# Whoever starts us keeps the other end of our standard input open and never writes to it. When that end closes, because its
# holder ended, crashed or was killed with -9 (which no handler of its own could notice), the command and all that it started
# in our process group are killed. Start us as the leader of a process group (Node: `detached: true`).
# Also wraps the browser, which Wrangler starts in a group of its own and with an empty environment.
exec 3<&0 </dev/null
# A signal to the group is meant for the command; we stay until it has ended, and pass its exit code on.
trap : HUP INT TERM
"$@" 3<&- &
command=$!
{
  trap '' HUP INT TERM
  while read -r _; do :; done
  kill -KILL 0
} <&3 >/dev/null 2>&1 &
watcher=$!
exec 3<&-
while :; do
  wait "$command"
  code=$?
  # A trapped signal interrupts `wait`; the command may go on.
  kill -0 "$command" 2>/dev/null || break
done
# It may have ended in the very moment of the signal: then what `wait` gave is the signal's number, and its code is still to be had.
wait "$command"
last=$?
[ "$last" -eq 127 ] || code=$last
kill -KILL "$watcher" 2>/dev/null
exit "$code"
