import { ExternalLink } from "lucide-react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { CopyRow } from "@/ui/copy-row";

/** What signs from now on, and what to do with it. It is in this window alone: closing it forgets it. */
export const Secret = ({ secret, note, onClose }: { secret: string; note?: string; onClose: () => void }) => (
  <div className="grid gap-4 text-sm">
    <CopyRow name={t("settings.webhooks.secret")} text={secret} />
    <p className="text-quiet">
      {t("settings.webhooks.check")}{" "}
      <a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer noopener" className="inline-flex items-center gap-1 text-accent underline underline-offset-4">Standard Webhooks<ExternalLink aria-hidden size={13} /></a>
    </p>
    <pre className="overflow-x-auto rounded-lg bg-raised px-3 py-2 text-xs" tabIndex={0} aria-label={t("settings.webhooks.example")}>{'import { Webhook } from "standardwebhooks";\nnew Webhook(secret).verify(rawBody, headers);'}</pre>
    {note !== undefined && <p>{note}</p>}
    <Button kind="main" onClick={onClose}>{t("settings.webhooks.close")}</Button>
  </div>
);
