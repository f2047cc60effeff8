import { ApiProblem } from "@/api/client";
import { t } from "@/lib/words";
import { Button } from "./button.tsx";

/** What went wrong, in words, with the id by which somebody who can mend it finds it in the log. */
export const Problem = ({ error, retry }: { error: unknown; retry?: () => void }) => {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <div role="alert" className="m-4 grid gap-2 rounded-lg border border-bad/40 bg-bad-soft p-4 text-sm">
      <p className="font-medium text-bad">{problem?.message ?? t("problem.unexpected")}</p>
      {problem !== null && problem.requestId !== "" && <p className="text-quiet">{t("problem.id", { id: problem.requestId })}</p>}
      {retry !== undefined && <div><Button size="small" onClick={retry}>{t("problem.retry")}</Button></div>}
    </div>
  );
};
