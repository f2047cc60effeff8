import { z } from "zod";

/* How what was extracted compares with what a person has written down (labels.yaml). */

export const labelSchema = z.strictObject({
  has: z.string(),
  title: z.string().optional(),
  url: z.string().optional(),
  location: z.string().optional(),
  phone: z.string().optional(),
  posted_at: z.string().optional(),
  urgency: z.enum(["low", "medium", "high"]).optional(),
});
export type Label = z.infer<typeof labelSchema>;

export const fields = ["title", "url", "location", "phone", "posted_at", "urgency"] as const;
export type Field = (typeof fields)[number];

/** What was extracted, in the labels' words. */
export interface Found {
  title: string;
  description: string;
  url: string | null;
  location: string | null;
  phone: string | null;
  posted_at: number | null;
  urgency: string | null;
}

export interface Counts {
  right: number;
  /** Said, and wrong or not asked for. */
  wrong: number;
  /** Labelled, and not said or wrong. */
  missed: number;
}

export interface Score {
  posts: Counts;
  fields: Record<Field, Counts>;
}

const folded = (text: string): string => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const none = (): Counts => ({ right: 0, wrong: 0, missed: 0 });
const noScore = (): Score => ({ posts: none(), fields: { title: none(), url: none(), location: none(), phone: none(), posted_at: none(), urgency: none() } });

const same = (field: Field, found: string | number, label: string): boolean => {
  if (field === "posted_at") return Number(found) === Date.parse(label);
  return field === "title" || field === "location" ? folded(String(found)) === folded(label) : found === label;
};

/** Each label is one post's; a post that holds the words of two has swallowed one of them. */
export const scoreCase = (found: readonly Found[], labels: readonly Label[]): Score => {
  const score = noScore();
  const free = new Set(found);
  for (const label of labels) {
    const match = [...free].find((post) => folded(`${post.title} ${post.description}`).includes(folded(label.has)));
    if (match === undefined) {
      score.posts.missed += 1;
      continue;
    }
    free.delete(match);
    score.posts.right += 1;
    for (const field of fields) {
      const counts = score.fields[field];
      const [said, wanted] = [match[field], label[field]];
      // A text that has no heading may be called by any of its words.
      if (field === "title" && wanted === undefined) continue;
      if (said !== null && wanted !== undefined && same(field, said, wanted)) counts.right += 1;
      else {
        if (said !== null) counts.wrong += 1;
        if (wanted !== undefined) counts.missed += 1;
      }
    }
  }
  score.posts.wrong = free.size;
  return score;
};

export const added = (scores: readonly Score[]): Score => {
  const total = noScore();
  const add = (to: Counts, from: Counts): void => {
    to.right += from.right;
    to.wrong += from.wrong;
    to.missed += from.missed;
  };
  for (const score of scores) {
    add(total.posts, score.posts);
    for (const field of fields) add(total.fields[field], score.fields[field]);
  }
  return total;
};

/** Null where nothing was said. */
export const precision = ({ right, wrong }: Counts): number | null => (right + wrong === 0 ? null : right / (right + wrong));
/** Null where nothing was to be said. */
export const recall = ({ right, missed }: Counts): number | null => (right + missed === 0 ? null : right / (right + missed));
