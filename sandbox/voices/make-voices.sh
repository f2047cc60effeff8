#!/bin/sh
# Makes the voice clips of this folder from script.json, once. Needs espeak-ng,
# sox and python3 (Debian: apt-get install espeak-ng sox python3). Nothing at run
# time needs them: the .wav files are committed.
# The text is made up here and the speech is synthetic, so no person is heard.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -c '
import json
for line in json.load(open("script.json")):
    print(line["clip"], line["voice"], line["text"], sep="\t")
' | while IFS="$(printf '\t')" read -r clip voice text; do
  case "$voice" in
    owner)    set -- -v en-gb+m3 -p 35 -s 190 ;;
    customer) set -- -v en-us+f3 -p 62 -s 195 ;;
    machine)  set -- -v en-gb+f1 -p 50 -s 185 ;;
  esac
  espeak-ng "$@" -w "$work/raw.wav" "$text" </dev/null
  # Telephone quality, as Twilio delivers it: 8 kHz, 16 bit, mono. Quiet ends are
  # cut, and a faint noise floor keeps every sample run inside a sentence from
  # being exact silence, because exact silence is what separates two clips.
  sox "$work/raw.wav" -r 8000 -c 1 -b 16 -D "$work/cut.wav" gain -n -4 \
    silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse
  CUT="$work/cut.wav" OUT="$clip.wav" python3 -c '
import os, struct, wave
source = wave.open(os.environ["CUT"])
samples = list(struct.unpack("<%dh" % source.getnframes(), source.readframes(source.getnframes())))
samples = [s if s != 0 else (1 if i % 3 else -1) for i, s in enumerate(samples)]
out = wave.open(os.environ["OUT"], "wb")
out.setnchannels(1); out.setsampwidth(2); out.setframerate(8000)
out.writeframes(struct.pack("<%dh" % len(samples), *samples))
out.close()
'
done
ls -l ./*.wav
