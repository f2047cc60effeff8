import { useQuery } from "@tanstack/react-query";
import { Download, Pause, Play } from "lucide-react";
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import WaveSurfer from "wavesurfer.js";
import { fetchFile } from "@/api/client";
import { durationOf } from "@/lib/format";
import { saveFile } from "@/lib/save-file";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Skeleton } from "@/ui/panel";
import { Problem } from "@/ui/problem";

export interface PlayerHandle {
  seek: (seconds: number) => void;
}

const SPEEDS = [1, 1.25, 1.5, 2];
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The token goes in a header, which an <audio> element cannot send. */
const audioQuery = (url: string) => ({ queryKey: ["audio", url], staleTime: Infinity, queryFn: async () => fetchFile(url) });

interface PlayerProps {
  url: string;
  ref: RefObject<PlayerHandle | null>;
  onTime: (seconds: number) => void;
}

/** Both channels, one above the other, with what a person needs to go through a call quickly. */
export const Player = ({ url, ref, onTime }: PlayerProps) => {
  const { data: audio, error, refetch } = useQuery(audioQuery(url));
  const place = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | null>(null);
  const [playing, setPlaying] = useState(false);
  const [time, setTime] = useState({ at: 0, of: 0 });
  const tell = useRef(onTime);
  tell.current = onTime;

  useEffect(() => {
    if (place.current === null || audio === undefined) return undefined;
    const made = WaveSurfer.create({
      container: place.current, height: 44, barWidth: 2, barGap: 1, barRadius: 2, normalize: true, cursorColor: colour("--text"),
      splitChannels: [{ waveColor: colour("--line"), progressColor: colour("--accent") }, { waveColor: colour("--line"), progressColor: colour("--good") }],
    });
    wave.current = made;
    made.on("play", () => setPlaying(true));
    made.on("pause", () => setPlaying(false));
    made.on("ready", (seconds) => setTime({ at: 0, of: seconds }));
    made.on("timeupdate", (seconds) => {
      setTime({ at: seconds, of: made.getDuration() });
      tell.current(seconds);
    });
    void made.loadBlob(audio);
    return () => {
      wave.current = null;
      made.destroy();
    };
  }, [audio]);

  useImperativeHandle(ref, () => ({
    seek: (seconds) => {
      wave.current?.setTime(seconds);
      void wave.current?.play();
    },
  }), []);

  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  return (
    <div className="grid gap-3 p-4">
      {audio === undefined && <Skeleton className="h-22" />}
      <div ref={place} data-testid="waveform" aria-hidden className={audio === undefined ? "hidden" : ""} />
      <input type="range" aria-label={t("call.seek")} aria-valuetext={durationOf(time.at * 1000)} min={0} max={Math.max(time.of, 0.1)} step={0.1} value={Math.min(time.at, time.of)} onChange={({ target }) => wave.current?.setTime(Number(target.value))} className="w-full accent-(--accent)" />
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="main" disabled={audio === undefined} onClick={() => void wave.current?.playPause()}>{playing ? <Pause size={16} /> : <Play size={16} />}{t(playing ? "call.pause" : "call.play")}</Button>
        <span className="tabular text-sm text-quiet">{durationOf(time.at * 1000)} / {durationOf(time.of * 1000)}</span>
        <Select aria-label={t("call.speed")} defaultValue={1} className="ml-auto w-24" onChange={({ target }) => wave.current?.setPlaybackRate(Number(target.value), true)}>
          {SPEEDS.map((speed) => <option key={speed} value={speed}>{speed}×</option>)}
        </Select>
        <Button kind="quiet" size="icon" aria-label={t("call.download")} title={t("call.download")} disabled={audio === undefined} onClick={() => audio !== undefined && saveFile(audio, "call.wav")}><Download size={16} /></Button>
      </div>
    </div>
  );
};
