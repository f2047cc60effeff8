import { ms, ratio as shown, table } from "../lib/markdown.ts";
import type { Report } from "../lib/phase.ts";
import { linePlot } from "../plot/svg.ts";
import type { RateFigures, SideFigures } from "./load.ts";

const AIMS = { ratio: 1.5, rateWithoutLoss: 200 } as const;
const SIDES = ["product", "bare"] as const;

const row = (rate: number, name: string, side: SideFigures): string[] => [
  `${rate}/s ${name}`, String(side.sent), ms(side.formToDial.p50), ms(side.formToDial.p95), ms(side.formToDial.p99), ms(side.answer.p50), ms(side.answer.p99), String(side.refused), String(side.late), String(side.lost), String(side.twice),
];

export const loadReport: Report<RateFigures[]> = {
  describe: (load) => `Forms arrive at a fixed rate, whether or not the Worker keeps up; a time counts from the moment at which the form was due, to the
moment at which the stand-in for Twilio has read the \`POST\` of the call. \`bare\` is a Worker that inserts one row and makes one
request, measured in turn with the product on the same machine; the account may make a thousand calls a second, so that none waits for a turn. \`refused\`: not
answered 200 within 30 s. \`late\`: dialled more than a minute after the form was due. \`lost\`: accepted, and not dialled by four minutes after the last form, or with 15 s in which none else was. \`twice\`: dialled more than once.

${table(["arrivals", "leads", "form to dial p50", "p95", "p99", "answer p50", "p99", "refused", "late", "lost", "twice"], load.flatMap(({ rate, ...sides }) => SIDES.map((name) => row(rate, name, sides[name]))))}

Product over bare (aim: p50 at most ${AIMS.ratio}, and nothing lost up to ${AIMS.rateWithoutLoss}/s). Figures in milliseconds say as much about this machine
as about the code; the ratio says more about the code, and its spread over the rounds how far to trust it.

${table(["arrivals", "ratio of p50", "p95", "p99", "p50 by round"], load.map(({ rate, ratio, roundRatios }) => [`${rate}/s`, shown(ratio.p50), shown(ratio.p95), shown(ratio.p99), roundRatios.map(shown).join(" ")]))}`,

  plots: (load) => [
    linePlot({
      name: "form-to-dial",
      title: "Form to dial by rate of arrival",
      x: { label: "forms a second", log: true, ticks: load.map(({ rate }) => rate) },
      y: { label: "milliseconds", log: true },
      series: SIDES.flatMap((name, colour) => [
        { name: `${name}, p50`, colour, points: load.map((one) => [one.rate, one[name].formToDial.p50] as const) },
        { name: `${name}, p99`, colour, dashed: true, points: load.map((one) => [one.rate, one[name].formToDial.p99] as const) },
      ]),
    }),
  ],

  failures: (load) =>
    load.flatMap(({ rate, ...sides }) =>
      SIDES.filter((name) => sides[name].refused + sides[name].late + sides[name].lost + sides[name].twice > 0).map((name) => `${rate}/s, ${name}: ${sides[name].refused} refused, ${sides[name].late} late, ${sides[name].lost} lost, ${sides[name].twice} dialled twice`),
    ),

  missed: (load) => load.filter(({ ratio }) => !(ratio.p50 !== null && ratio.p50 <= AIMS.ratio)).map(({ rate, ratio }) => `${rate}/s: ratio of p50 ${shown(ratio.p50)}, aim ${AIMS.ratio}`),
};
