import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { checkQuery, type DnaCheck } from "@/api/dna.queries";
import { type Mistake, readText, type Reading } from "./text/yaml-text.ts";

const TYPING_MS = 300;

const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};

const NONE: readonly Mistake[] = [];

export interface Checked {
  reading: Reading;
  /** What the text says, or said when it could last be read. */
  custom: Readonly<Record<string, unknown>>;
  mistakes: readonly Mistake[];
  warnings: readonly Mistake[];
  beneath: DnaCheck["beneath"] | null;
  /** The API has not said yet what it thinks of this very text. */
  isStale: boolean;
  error: Error | null;
  retry: () => void;
}

/** What the text says, at once; and what the API would say to it, once the typing stops. */
export const useCheck = (project: string, text: string): Checked => {
  const reading = useMemo(() => readText(text), [text]);
  const [custom, setCustom] = useState(reading.value);
  if (reading.mistakes.length === 0 && custom !== reading.value) setCustom(reading.value);
  const { data, error, refetch } = useQuery(checkQuery(project, useSettled(text)));
  const isReadable = reading.mistakes.length === 0;
  return {
    reading,
    custom,
    mistakes: isReadable ? (data?.errors ?? NONE) : reading.mistakes,
    warnings: isReadable ? (data?.warnings ?? NONE) : NONE,
    beneath: data?.beneath ?? null,
    isStale: data?.text !== text,
    error: data === undefined ? error : null,
    retry: () => void refetch(),
  };
};
