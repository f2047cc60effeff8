import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";

/** `a.b` and a value as the merge patch that sets it (RFC 7396). */
const patchAt = (path: string, value: unknown): Record<string, unknown> => {
  const [first = path, ...rest] = path.split(".");
  return { [first]: rest.length === 0 ? value : patchAt(rest.join("."), value) };
};

/** Writes the owner's word into the custom layer, which wins over everything that was read. */
export const useCorrection = (onSaved: () => void) => {
  const project = useProjectId();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ path, value }: { path: string; value: unknown }) =>
      ok(api.PATCH("/api/projects/{project_id}/dna/custom", { params: { path: { project_id: project } }, body: patchAt(path, value), headers: { "Content-Type": "application/json" }, parseAs: "text" })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["dna", project] });
      toast(t("onboarding.review.saved"));
      onSaved();
    },
  });
};
