import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries";
import { t } from "@/lib/words";
import { SkeletonRows } from "@/ui/panel";
import { GoogleAds, WebsiteForm } from "./doors.tsx";
import { PhoneNumber } from "./number.tsx";
import { WordPress } from "./wordpress.tsx";

/** Where leads come from and pages go to. @param isManaging with what one does later: new keys, signatures */
export const Connections = ({ isManaging = false }: { isManaging?: boolean }) => {
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return <SkeletonRows rows={4} />;
  if (!me.scopes.includes("admin")) return <p className="p-5 text-sm text-quiet">{t("onboarding.connect.adminOnly")}</p>;
  return (
    <div className="divide-y">
      <GoogleAds isManaging={isManaging} />
      <WebsiteForm isManaging={isManaging} />
      <PhoneNumber />
      <WordPress />
    </div>
  );
};
