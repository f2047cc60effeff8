import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { ApiProblem } from "@/api/client";
import { customQuery, restoreCustom, versionOf, writeCustom, type WrittenLayer } from "@/api/dna.queries";
import { t } from "@/lib/words";

export interface Draft {
  text: string;
  isDirty: boolean;
  isSaving: boolean;
  /** What the layer was when the draft began. */
  base: WrittenLayer;
  /** What somebody else has made of it since, while there is something of one's own to lose. */
  moved: WrittenLayer | null;
  write: (text: string) => void;
  discard: () => void;
  save: () => void;
  /** Goes on with a text over what somebody else wrote. */
  rebase: (onto: WrittenLayer, text: string) => void;
}

/** The custom layer while it is being changed. Nothing of one's own is lost to what others save meanwhile. */
export const useDraft = (project: string, onConflict: () => void): { draft: Draft | null; error: Error | null; retry: () => void } => {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(customQuery(project));
  const [state, setState] = useState<{ base: WrittenLayer; text: string } | null>(null);
  const isClean = state === null || state.text === state.base.text;
  useEffect(() => {
    if (data !== undefined) setState((known) => (known === null || (known.text === known.base.text && known.base.etag !== data.etag) ? { base: data, text: data.text } : known));
  }, [data]);

  const invalidate = async (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["dna", project] });
  const undo = async (before: WrittenLayer, after: WrittenLayer): Promise<void> => {
    try {
      await restoreCustom(project, versionOf(before.etag), after.etag);
      await invalidate();
      toast(t("dna.undone"));
    } catch (problem) {
      toast.error(problem instanceof ApiProblem ? problem.message : t("problem.unexpected"));
    }
  };
  const saving = useMutation({
    mutationFn: async ({ base, text }: { base: WrittenLayer; text: string }) => writeCustom(project, { text, etag: base.etag }),
    onSuccess: async (written, { base }) => {
      // What was typed meanwhile stays a draft, over what has been saved.
      setState((known) => known && { base: written, text: known.text });
      queryClient.setQueryData(customQuery(project).queryKey, written);
      toast(t("dna.done"), { action: { label: t("do.undo"), onClick: () => void undo(base, written) } });
      await invalidate();
    },
    onError: async (problem) => {
      if (problem instanceof ApiProblem && problem.status === 412) {
        await refetch();
        onConflict();
      } else toast.error(problem.message);
    },
  });

  const draft: Draft | null = state && {
    text: state.text,
    isDirty: !isClean,
    isSaving: saving.isPending,
    base: state.base,
    moved: !isClean && !saving.isPending && data !== undefined && versionOf(data.etag) !== versionOf(state.base.etag) ? data : null,
    write: (text) => setState((known) => known && { ...known, text }),
    discard: () => setState((known) => known && { ...known, text: known.base.text }),
    save: () => saving.mutate(state),
    rebase: (base, text) => setState({ base, text }),
  };
  return { draft, error: data === undefined ? error : null, retry: () => void refetch() };
};
