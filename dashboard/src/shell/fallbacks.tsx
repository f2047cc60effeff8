import { Link } from "@tanstack/react-router";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/panel";
import { Problem } from "@/ui/problem";

export const NotFound = () => (
  <main className="grid min-h-[60dvh] place-items-center">
    <Empty title={t("problem.notFound")} action={<Button asChild><Link to="/">{t("problem.home")}</Link></Button>} />
  </main>
);

export const RouteError = ({ error, reset }: { error: unknown; reset: () => void }) => (
  <main className="mx-auto max-w-xl py-10">
    <Problem error={error} retry={reset} />
  </main>
);
