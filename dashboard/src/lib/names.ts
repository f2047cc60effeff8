import { names } from "./words/names.en.ts";

const readable = (word: string): string => word.replaceAll("_", " ");
const own = (words: Readonly<Record<string, string>>, word: string): string | undefined => (Object.hasOwn(words, word) ? words[word] : undefined);

/** `google_ads` has a name of its own; what somebody has made up is shown as it is, readable. */
export const sourceName = (source: string): string => own(names.sources, source) ?? readable(source);

/** What a text was for. */
export const purposeName = (purpose: string): string => own(names.purposes, purpose) ?? readable(purpose);

/** What a job does, in words; one that has none is shown as it is, readable. */
export const jobName = ({ task, action }: { task: string; action: string | null }): string => {
  const ofTask = own(names.jobs, task) ?? readable(task);
  return action === null ? ofTask : (own(names.jobs, `${task}.${action}`) ?? `${ofTask} · ${readable(action)}`);
};
