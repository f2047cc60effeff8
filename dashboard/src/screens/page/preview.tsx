import { useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { type LocalPage, pagePreviewQuery } from "@/api/page-queries";
import { t } from "@/lib/words";
import { Empty, Panel, Skeleton } from "@/ui/panel";
import { Problem } from "@/ui/problem";

/** The page as it would go out, where it can do nothing: `sandbox` without any leave has no scripts, no forms, no windows and no origin. */
export const Preview = ({ page }: { page: LocalPage }) => {
  const { data, error, refetch } = useQuery(pagePreviewQuery(page.id, page.version));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-[70dvh]" />;
  if (data.html === null) return <Panel><Empty icon={<FileText size={20} />} title={t("pages.noText")}>{t("pages.noTextWhy")}</Empty></Panel>;
  return (
    <Panel className="overflow-hidden">
      <p className="border-b px-4 py-2 text-[13px] text-quiet">{t(data.target === "hosted" ? "pages.asHosted" : "pages.asWordpress")}</p>
      <iframe title={t("pages.frame")} sandbox="" referrerPolicy="no-referrer" srcDoc={data.html} className="h-[75dvh] w-full bg-white" />
    </Panel>
  );
};
