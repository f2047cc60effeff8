import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { api, ApiProblem, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

const PATH = "/api/projects/{project_id}/blocklist/{phone_number}";
interface Blocked {
  phone_number: string;
  reason: string;
}

export const Blocklist = () => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const key = ["blocklist", project_id];
  const refresh = async (): Promise<void> => cache.invalidateQueries({ queryKey: key });
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam }) => ok(api.GET("/api/projects/{project_id}/blocklist", { params: { path: { project_id }, query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
  const put = async ({ phone_number, reason }: Blocked) => ok(api.PUT(PATH, { params: { path: { project_id, phone_number: phone_number.replaceAll(/[^+\d]/g, "") } }, body: { reason } }));
  const { register, handleSubmit, reset } = useForm<Blocked>({ defaultValues: { phone_number: "", reason: "spam" } });
  const block = useMutation({ mutationFn: put, onSuccess: async () => { reset(); toast(t("settings.phones.blocked")); await refresh(); } });
  const unblock = useMutation({
    mutationFn: async ({ phone_number }: Blocked) => ok(api.DELETE(PATH, { params: { path: { project_id, phone_number } } })),
    onSuccess: async (_, blocked) => {
      await refresh();
      toast(t("settings.phones.unblocked", { number: blocked.phone_number }), { action: { label: t("do.undo"), onClick: () => void put(blocked).then(refresh) } });
    },
    onError: (problem) => toast.error(problem.message),
  });
  const numbers = data?.pages.flatMap(({ items }) => items) ?? [];
  const wrong = block.error instanceof ApiProblem ? block.error.fields.find(({ path }) => path.endsWith("phone_number"))?.message : undefined;
  return (
    <Panel title={t("settings.phones.blocklist")}>
      <form className="grid items-start gap-3 border-b p-5 sm:grid-cols-[1fr_1fr_auto]" onSubmit={(event) => void handleSubmit((values) => block.mutate(values))(event)}>
        <p className="text-sm text-quiet sm:col-span-3">{t("settings.phones.blocklistWhy")}</p>
        <Field label={t("settings.phones.number")} error={wrong}>{(props) => <Input required type="tel" maxLength={30} placeholder="+64…" {...props} {...register("phone_number")} />}</Field>
        <Field label={t("settings.phones.reason")}>{(props) => <Input required maxLength={200} {...props} {...register("reason")} />}</Field>
        <Button type="submit" disabled={block.isPending} className="sm:mt-6.5">{t("settings.phones.block")}</Button>
      </form>
      {block.isError && wrong === undefined && <Problem error={block.error} />}
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={2} />}
      {data !== undefined && numbers.length === 0 && <Empty icon={<Ban size={20} />} title={t("settings.phones.noneBlocked")}>{t("settings.phones.noneBlockedWhy")}</Empty>}
      <ul className="divide-y">
        {numbers.map((blocked) => (
          <li key={blocked.phone_number} className="flex items-center justify-between gap-3 px-5 py-2.5 text-sm">
            <span className="min-w-0"><span className="tabular font-medium">{blocked.phone_number}</span> <span className="text-quiet">{blocked.reason}</span></span>
            <Button size="small" kind="quiet" aria-label={t("settings.phones.unblock", { number: blocked.phone_number })} disabled={unblock.isPending} onClick={() => unblock.mutate(blocked)}>{t("settings.remove")}</Button>
          </li>
        ))}
      </ul>
      {hasNextPage && <div className="border-t p-3 text-center"><Button onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
    </Panel>
  );
};
