import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ClipboardPaste } from "lucide-react";
import { useState } from "react";
import { api, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Textarea } from "@/ui/field";
import { Problem } from "@/ui/problem";

const PasteForm = () => {
  const project = useProjectId();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [platform, setPlatform] = useState("");
  const [url, setUrl] = useState("");
  const read = useMutation({
    mutationFn: async () => ok(api.POST("/api/run", { body: { task: "sniper_agent", project_id: project, params: { text, ...(platform.trim() === "" ? {} : { platform: platform.trim() }), ...(url.trim() === "" ? {} : { url: url.trim() }) } } })),
    onSuccess: async (started) => {
      const run = "run_id" in started ? started.run_id : started.id;
      await navigate({ to: "/$project/hunt/$run", params: { project, run } });
    },
  });
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); read.mutate(); }}>
      <Field label={t("hunt.text")}>{(props) => <Textarea rows={8} required maxLength={100_000} value={text} onChange={({ target }) => setText(target.value)} {...props} />}</Field>
      <Field label={t("hunt.platform")} hint={t("hunt.platformHint")}>{(props) => <Input maxLength={60} value={platform} onChange={({ target }) => setPlatform(target.value)} {...props} />}</Field>
      <Field label={t("hunt.url")} hint={t("hunt.urlHint")}>{(props) => <Input type="url" maxLength={2048} value={url} onChange={({ target }) => setUrl(target.value)} {...props} />}</Field>
      {read.error !== null && <Problem error={read.error} />}
      <Button kind="main" type="submit" disabled={text.trim() === "" || read.isPending}>{t("hunt.read")}</Button>
    </form>
  );
};

/** What somebody reads where no machine may: it becomes a hunt of its own. */
export const PastePost = () => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}><ClipboardPaste size={16} />{t("hunt.paste")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("hunt.paste")} description={t("hunt.pasteWhy")}><PasteForm /></Dialog>
    </>
  );
};
