import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { sendGoogleTest } from "@/api/forms";
import { connectionsQuery, webhooksQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { CopyRow } from "@/ui/copy-row";
import { Skeleton } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { ConnectionCard } from "./card.tsx";
import { RotateKey } from "./keys.tsx";
import { Signing } from "./signing.tsx";

const Pair = ({ source, keyNames }: { source: "google_ads" | "wordpress"; keyNames: { url: string; key: string } }) => {
  const { data, error, refetch } = useQuery(webhooksQuery(useProjectId()));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-24" />;
  return (
    <>
      <CopyRow name={keyNames.url} text={data[source].url} />
      <CopyRow name={keyNames.key} text={data[source].key} secret />
    </>
  );
};

export const GoogleAds = ({ isManaging }: { isManaging: boolean }) => {
  const project = useProjectId();
  const cache = useQueryClient();
  const trial = useMutation({
    mutationFn: async () => sendGoogleTest(project),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: connectionsQuery(project).queryKey });
      toast(t("onboarding.connect.google.tried"));
    },
  });
  const title = t("onboarding.connect.google.title");
  return (
    <ConnectionCard name="google_ads" title={title} listens>
      <p className="max-w-prose text-sm">{t("onboarding.connect.google.do")}</p>
      <Pair source="google_ads" keyNames={{ url: `${t("onboarding.connect.url")} (Google Ads)`, key: `${t("onboarding.connect.key")} (Google Ads)` }} />
      <div><Button size="small" disabled={trial.isPending} onClick={() => trial.mutate()}>{t("onboarding.connect.google.try")}</Button></div>
      {trial.isError && <Problem error={trial.error} />}
      {isManaging && <RotateKey source="google_ads" />}
    </ConnectionCard>
  );
};

export const WebsiteForm = ({ isManaging }: { isManaging: boolean }) => {
  const project = useProjectId();
  const { data } = useQuery(webhooksQuery(project));
  return (
    <ConnectionCard name="website_form" title={t("onboarding.connect.form.title")} listens>
      <p className="max-w-prose text-sm">{t("onboarding.connect.form.do")}</p>
      {/* Most plugins can send no header of one's own: the address with the key in it is what people paste. */}
      {data === undefined ? <Skeleton className="h-14" /> : <CopyRow name={t("onboarding.connect.url")} text={`${data.wordpress.url}&key=${encodeURIComponent(data.wordpress.key)}`} secret />}
      {isManaging && <><Signing /><RotateKey source="wordpress" /></>}
    </ConnectionCard>
  );
};
