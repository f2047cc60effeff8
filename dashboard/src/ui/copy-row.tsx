import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { t } from "@/lib/words";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";

/** Something to paste elsewhere. @param secret it is hidden until somebody wants to see it; it can be copied unseen */
export const CopyRow = ({ name, text, secret = false }: { name: string; text: string; secret?: boolean }) => {
  const [isShown, setShown] = useState(!secret);
  return (
    <div className="grid gap-1 text-sm">
      <span className="text-quiet">{name}</span>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow truncate rounded-lg bg-raised px-3 py-2 text-xs">{isShown ? text : "•".repeat(24)}</code>
        {secret && <Button kind="quiet" size="icon" aria-label={`${t(isShown ? "do.hide" : "do.show")}: ${name}`} onClick={() => setShown(!isShown)}>{isShown ? <EyeOff size={15} /> : <Eye size={15} />}</Button>}
        <CopyButton text={text} name={name} />
      </div>
    </div>
  );
};
