import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { api, ok } from "@/api/client";
import { entitiesQuery, type Entity } from "@/api/queries";
import { textOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

const Row = ({ entity, onDecide, disabled }: { entity: Entity; onDecide: (status: "approved" | "rejected") => void; disabled: boolean }) => {
  const doubts = z.array(z.string()).catch([]).parse(entity.metadata["doubts"]);
  const why = [...doubts, textOf(entity.metadata["kind"])?.replaceAll("_", " ")].filter((word) => word !== undefined).join(" · ");
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 px-4 py-2.5">
      <span className="min-w-0"><span className="block truncate text-sm font-medium">{entity.name === "" ? t("leads.unnamed") : entity.name}</span>{why !== "" && <span className="block text-[13px] text-quiet">{why}</span>}</span>
      <span className="flex gap-2">
        <Button size="small" disabled={disabled} aria-label={`${t("pages.approvePlace")}: ${entity.name}`} onClick={() => onDecide("approved")}>{t("pages.approvePlace")}</Button>
        <Button size="small" kind="quiet" disabled={disabled} aria-label={`${t("pages.rejectPlace")}: ${entity.name}`} onClick={() => onDecide("rejected")}>{t("pages.rejectPlace")}</Button>
      </span>
    </li>
  );
};

const Kind = ({ type }: { type: "place" | "anchor" }) => {
  const project = useProjectId();
  const queryClient = useQueryClient();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(entitiesQuery(project, { type, status: "doubtful" }));
  const decide = useMutation({
    mutationFn: async ({ id, status }: { id: string; status: "approved" | "rejected" }) => ok(api.PATCH("/api/entities/{id}", { params: { path: { id } }, body: { metadata: { status } } })),
    onSuccess: async () => {
      toast(t("pages.decided"));
      await queryClient.invalidateQueries({ queryKey: ["entities", "list", project] });
    },
    onError: (problem) => toast.error(problem.message),
  });
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows rows={2} />;
  return (
    <>
      {data.pages.flatMap(({ items }) => items).map((entity) => <Row key={entity.id} entity={entity} disabled={decide.isPending} onDecide={(status) => decide.mutate({ id: entity.id, status })} />)}
      {hasNextPage && <li className="p-3 text-center"><Button size="small" onClick={() => void fetchNextPage()}>{t("do.more")}</Button></li>}
    </>
  );
};

/** What the map is not sure about: nothing is written from it until a person has said so. */
export const Doubtful = ({ counts }: { counts: { places: number; anchors: number } }) => (
  <Panel>
    <details>
      <summary className="cursor-pointer px-4 py-3 text-sm font-semibold">{t("pages.doubtful", { places: counts.places, anchors: counts.anchors })}</summary>
      <p className="px-4 pb-2 text-[13px] text-quiet">{t("pages.doubtfulWhy")}</p>
      <ul className="max-h-96 divide-y overflow-auto border-t">
        {counts.places > 0 && <Kind type="place" />}
        {counts.anchors > 0 && <Kind type="anchor" />}
      </ul>
    </details>
  </Panel>
);
