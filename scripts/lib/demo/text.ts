import { styleText } from "node:util";

export type Tone = "strong" | "quiet" | "good" | "bad";
/** Puts a colour on a text, or leaves it alone. */
export type Paint = (tone: Tone, text: string) => string;

const STYLES = { strong: "bold", quiet: "dim", good: "green", bad: "red" } as const;

export const plain: Paint = (_tone, text) => text;

/** Colours for people who see them: not in a file or pipe, and not against their wish (no-color.org). */
export const paintFor = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint =>
  stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" ? (tone, text) => text === "" ? "" : styleText(STYLES[tone], text, { validateStream: false }) : plain;

/** Words of `text` in lines of at most `width` characters (a longer word stands alone). Never empty. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
};

/** `first` before the first line of a wrapped text, and as much room before the others. */
export const hang = (first: string, text: string, width: number): string[] =>
  wrap(text, Math.max(20, width - first.length)).map((line, index) => `${index === 0 ? first : " ".repeat(first.length)}${line}`);
