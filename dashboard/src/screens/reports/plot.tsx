import "./language.ts";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface Line {
  label: string;
  /** A role of the styles: `accent`, `good`, `warn`, `quiet`. */
  color: "accent" | "good" | "warn" | "quiet";
  values: readonly (number | null)[];
  kind: "line" | "bars" | "dashes";
}

interface PlotProps {
  /** What a person who does not see it is told; the figures themselves are in a table beside it. */
  label: string;
  /** `2026-11-26` */
  dates: readonly string[];
  lines: readonly Line[];
  say: (value: number) => string;
  /** For values that differ by powers of ten: each is as far from the next. */
  isLogarithmic?: boolean;
}

const HEIGHT = 260;
/** Logarithmic (3): a number of uPlot's own enumeration, which is there for types only and which a build by file cannot read. */
const LOGARITHMIC: UPlot.Scale = Object.fromEntries([["distr", 3]]);
const bars = UPlot.paths.bars?.({ size: [0.7, 48], radius: 0.15 });
const dayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const dayOf = (seconds: number): string => dayFormat.format(new Date(seconds * 1000));

/** Colours as the page's theme has them now: a canvas knows no variables. */
const colourOf = (role: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();

const optionsOf = ({ lines, say, isLogarithmic = false }: PlotProps, width: number): UPlot.Options => {
  const axis: UPlot.Axis = { stroke: colourOf("quiet"), grid: { stroke: colourOf("line"), width: 1 }, ticks: { show: false }, font: "12px Inter, system-ui, sans-serif" };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { y: isLogarithmic ? LOGARITHMIC : { range: (_, __, max) => [0, max <= 0 ? 1 : max * 1.08] } },
    cursor: { y: false, points: { size: 7 } },
    legend: { live: true },
    axes: [
      { ...axis, grid: { show: false }, space: 70, values: (_, seconds) => seconds.map(dayOf) },
      { ...axis, size: isLogarithmic ? 84 : 64, values: (_, values: (number | null)[]) => values.map((value) => (typeof value === "number" ? say(value) : "")) },
    ],
    series: [
      { value: (_, seconds: unknown) => (typeof seconds === "number" ? dayOf(seconds) : "–"), label: "" },
      ...lines.map(({ label, color, kind }): UPlot.Series => ({
        label,
        stroke: colourOf(color),
        width: kind === "bars" ? 0 : 2,
        ...(kind === "bars" ? { fill: colourOf(color), ...(bars === undefined ? {} : { paths: bars }) } : {}),
        ...(kind === "dashes" ? { dash: [6, 5] } : {}),
        points: { show: kind === "line" && lines[0] !== undefined && lines[0].values.length < 40 },
        value: (_, value: unknown) => (typeof value === "number" ? say(value) : "–"),
      })),
    ],
  };
};

/** A plot over days; drawn anew when its figures, its width or the theme change. */
export const Plot = ({ label, dates, lines, say, isLogarithmic = false }: PlotProps) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let plot: UPlot | null = null;
    const draw = (): void => {
      plot?.destroy();
      const data = [dates.map((date) => Date.parse(`${date}T00:00:00Z`) / 1000), ...lines.map(({ values }) => [...values])] as UPlot.AlignedData;
      plot = new UPlot(optionsOf({ label, dates, lines, say, isLogarithmic }, element.clientWidth), data, element);
    };
    draw();
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener("change", draw);
      plot?.destroy();
    };
  }, [label, dates, lines, say, isLogarithmic]);
  return <div ref={place} role="img" aria-label={label} data-testid="plot" className="min-w-0 overflow-hidden text-xs text-quiet [&_.u-legend]:text-left [&_.u-label]:text-text [&_.u-value]:text-text" />;
};

export default Plot;
