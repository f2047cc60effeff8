import { Link, useSearch } from "@tanstack/react-router";
import { cn } from "@/lib/cn";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import "@/lib/words/onboarding";
import "@/lib/words/settings";
import { AccountSection } from "./account.tsx";
import { AuditSection } from "./audit.tsx";
import { ConnectionsSection } from "./connections.tsx";
import { DangerSection } from "./danger.tsx";
import { HostsSection } from "./hosts.tsx";
import { KeysSection } from "./keys.tsx";
import { PeopleSection } from "./people.tsx";
import { PhonesSection } from "./phones.tsx";
import { UsageSection } from "./usage.tsx";

const SECTIONS = { connections: ConnectionsSection, phones: PhonesSection, hosts: HostsSection, people: PeopleSection, keys: KeysSection, usage: UsageSection, audit: AuditSection, account: AccountSection, danger: DangerSection } as const;
const GROUPS = [
  { name: "settings.ofBusiness", sections: ["connections", "phones", "hosts"] },
  { name: "settings.ofAccount", sections: ["people", "keys", "usage", "audit", "account", "danger"] },
] as const;

/** What is set once and looked at seldom; each section has an address of its own. */
export const Settings = () => {
  const project = useProjectId();
  const { section: shown = "connections" } = useSearch({ from: "/$project/settings" });
  const Section = SECTIONS[shown];
  return (
    <div className="mx-auto grid max-w-6xl gap-4">
      <h1 className="text-lg font-semibold">{t("settings.title")}</h1>
      <div className="grid items-start gap-4 lg:grid-cols-[13rem_1fr]">
        <nav aria-label={t("settings.sections")} className="relative grid gap-4 max-lg:flex max-lg:gap-1 max-lg:overflow-x-auto max-lg:pb-1">
          {GROUPS.map(({ name, sections }) => (
            <div key={name} className="grid content-start gap-1 max-lg:flex max-lg:shrink-0">
              <p className="px-3 text-xs text-quiet max-lg:sr-only">{t(name)}</p>
              {sections.map((section) => (
                <Link key={section} to="/$project/settings" params={{ project }} search={{ section }} aria-current={section === shown ? "page" : undefined} className={cn("flex min-h-9 shrink-0 items-center rounded-lg px-3 text-sm", section === shown ? "bg-accent-soft font-medium text-text" : "text-quiet hover:bg-raised hover:text-text")}>
                  {t(`settings.${section}.title`)}
                </Link>
              ))}
            </div>
          ))}
        </nav>
        <div className="grid min-w-0 gap-4"><Section key={shown} /></div>
      </div>
    </div>
  );
};
