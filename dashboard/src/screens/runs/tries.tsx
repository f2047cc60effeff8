import type { Schemas } from "@/api/client";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Panel } from "@/ui/panel";

type Try = Schemas["RunDetail"]["tries"][number];

/** What each attempt failed of, the newest first. */
export const Tries = ({ tries }: { tries: readonly Try[] }) => {
  const zone = useZone();
  return (
    <Panel title={t("runs.tries")}>
      <ol className="divide-y">
        {tries.toReversed().map(({ attempt, at, code, message, trace }) => (
          <li key={`${attempt} ${at}`} className="grid gap-1 px-4 py-3 text-sm">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="tabular text-quiet">{attempt}</span>
              <span>{message}</span>
              <code className="text-xs text-quiet">{code}</code>
              <time dateTime={at} className="text-xs text-quiet">{dateTimeOf(at, zone)}</time>
            </p>
            {trace !== null && (
              <details>
                <summary className="cursor-pointer text-xs text-quiet">{t("runs.where")}</summary>
                <pre tabIndex={0} className="mt-2 max-h-48 overflow-auto text-xs">{trace}</pre>
              </details>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
};
