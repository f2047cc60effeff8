import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "@/lib/words";
import { Button } from "./button.tsx";

const SHOWN_MS = 2_000;

/** @param name of what is copied, for whoever hears the page */
export const CopyButton = ({ text, name }: { text: string; name: string }) => {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button size="small" aria-label={`${t("do.copy")}: ${name}`} onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {copied ? <Check size={14} /> : <Copy size={14} />}
      {t(copied ? "do.copied" : "do.copy")}
    </Button>
  );
};
