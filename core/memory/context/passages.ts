import { MAX_PASSAGE_CHARACTERS } from "./context.types.ts";

/** Where a longer text is cut: one thought or two, so that what is found is about what was asked. */
const AIM = 700;

const sentences = new Intl.Segmenter("und", { granularity: "sentence" });

const sentencesOf = (paragraph: string): string[] => Array.from(sentences.segment(paragraph), ({ segment }) => segment.trim()).filter((sentence) => sentence !== "");

/** What has no sentence to be cut at is cut between words, or anywhere. */
const piecesOf = (sentence: string): string[] => {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > MAX_PASSAGE_CHARACTERS) {
    const space = rest.lastIndexOf(" ", MAX_PASSAGE_CHARACTERS);
    const end = space > 0 ? space : MAX_PASSAGE_CHARACTERS;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest];
};

/**
 * Cuts a long text into passages: at empty lines, then between sentences, some 700 characters each and never more than
 * `MAX_PASSAGE_CHARACTERS`. Short paragraphs stay together. Space and repeated passages are dropped.
 */
export const splitIntoPassages = (text: string): string[] => {
  const passages: string[] = [];
  let current = "";
  const close = (): void => {
    if (current !== "") passages.push(current);
    current = "";
  };
  for (const paragraph of text.split(/\n\s*\n/).map((part) => part.replaceAll(/\s+/g, " ").trim())) {
    for (const piece of sentencesOf(paragraph).flatMap(piecesOf)) {
      if (current !== "" && current.length + 1 + piece.length > AIM) close();
      current = current === "" ? piece : `${current} ${piece}`;
    }
    if (current.length > AIM / 2) close();
  }
  close();
  return [...new Set(passages)];
};
