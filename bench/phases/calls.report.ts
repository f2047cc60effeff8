import { kib, ms, table } from "../lib/markdown.ts";
import type { Report } from "../lib/phase.ts";
import { histogramPlot, linePlot } from "../plot/svg.ts";
import type { CallsFigures } from "./calls.ts";

const perCall = ({ memory: { before, during }, together }: CallsFigures): number | null => (before === null || during === null || together === 0 ? null : (during - before) / together);

export const callsReport: Report<CallsFigures> = {
  describe: (figures) => {
    const { calls, rate, together, unconnected, twice, memory, toTwiml, toAnswer, failedCallbacks } = figures;
    return `${calls} leads come in at ${rate}/s, each to a business of its own; each owner presses 1, and each pair talks until all are connected and have been for a while.
Recording is off: the audio of so many at once is another matter. At most ${together} conversations went on at one moment (by the stand-in's count); ${unconnected} were
not connected in time, ${twice} dialled twice, ${failedCallbacks} callbacks not answered 2xx.

Memory is what all processes of workerd hold (VmRSS), after a warm-up: the Worker's own heap, an object for each call with its SQLite, D1's cache, sockets, and what the collector has
not taken yet. So the share of a call is what one more call made the process grow, not the size of an object.

${table(["memory of workerd", "held"], [["before", kib(memory.before)], [`with ${together} conversations`, kib(memory.during)], ["after they ended", kib(memory.after)], ["more for each conversation", kib(perCall(figures))]])}

From the request of the stand-in to the whole answer, whole milliseconds:

${table(["callback", "count", "p50", "p95", "p99", "longest"], [["for TwiML", toTwiml] as const, ["that tells of something", toAnswer] as const].map(([name, one]) => [name, String(one.count), ms(one.p50), ms(one.p95), ms(one.p99), ms(one.max)]))}`;
  },

  plots: ({ timeline, toTwimlMs, calls }) => [
    linePlot({
      name: "calls-timeline",
      title: `${calls} calls at once: conversations and callbacks, second by second`,
      x: { label: "seconds since the first form" },
      y: { label: "number" },
      series: [
        { name: "conversations going on", colour: 0, points: timeline.map(({ second, talking }) => [second, talking] as const) },
        { name: "callbacks a second", colour: 1, points: timeline.map(({ second, callbacks }) => [second, callbacks] as const) },
      ],
    }),
    // One that took less than a millisecond is shown with those that took one: a logarithm has no zero.
    histogramPlot({ name: "calls-twiml", title: "From the callback to the TwiML", x: { label: "milliseconds", log: true }, y: { label: "callbacks" }, values: Object.entries(toTwimlMs).flatMap(([one, times]) => new Array<number>(times).fill(Math.max(1, Number(one)))) }),
  ],

  failures: ({ unconnected, twice, failedCallbacks }) => (unconnected + twice + failedCallbacks > 0 ? [`${unconnected} not connected, ${twice} dialled twice, ${failedCallbacks} callbacks not answered 2xx`] : []),
  missed: ({ together, calls }) => (together >= calls ? [] : [`${together} conversations at one moment, aim ${calls}`]),
};
