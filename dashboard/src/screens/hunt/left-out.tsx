import { useState } from "react";
import { t } from "@/lib/words";
import { webLink } from "@/lib/web-link";
import { Badge } from "@/ui/badge";
import { Select } from "@/ui/field";
import { Empty, Panel } from "@/ui/panel";
import type { Hunt } from "./hunt.queries.ts";
import { huntWord } from "./words.ts";

const Post = ({ post: { title, url, reason, source } }: { post: Hunt["left_out"][number] }) => {
  const link = webLink(url);
  const name = title === "" ? t("hunt.untitled") : title;
  return (
    <li className="grid grid-cols-[1fr_auto] items-start gap-x-3 gap-y-0.5 px-4 py-2.5">
      <span className="min-w-0 text-sm break-words">{link === null ? name : <a href={link} target="_blank" rel="noreferrer noopener" className="underline decoration-line underline-offset-4 hover:decoration-accent">{name}</a>}</span>
      <Badge>{huntWord("reason", reason)}</Badge>
      <span className="text-[13px] text-quiet">{source.replaceAll("_", " ")}</span>
    </li>
  );
};

export const LeftOut = ({ posts }: { posts: Hunt["left_out"] }) => {
  const [reason, setReason] = useState("");
  const reasons = [...new Set(posts.map((post) => post.reason))];
  const shown = reason === "" ? posts : posts.filter((post) => post.reason === reason);
  return (
    <Panel
      title={`${t("hunt.leftOut")} (${posts.length})`}
      {...(reasons.length < 2 ? {} : { action: (
        <Select aria-label={t("hunt.all")} value={reason} onChange={({ target }) => setReason(target.value)} className="max-w-48">
          <option value="">{t("hunt.all")}</option>
          {reasons.map((one) => <option key={one} value={one}>{huntWord("reason", one)}</option>)}
        </Select>
      ) })}
    >
      {posts.length === 0 ? <Empty title={t("hunt.leftOutNone")} /> : <p className="border-b px-4 py-2.5 text-[13px] text-quiet">{t("hunt.leftOutHint")}</p>}
      <ul className="max-h-[32rem] divide-y overflow-auto" tabIndex={shown.length > 0 ? 0 : -1} aria-label={t("hunt.leftOut")}>{shown.map((post, at) => <Post key={`${post.source} ${post.url ?? post.title} ${at}`} post={post} />)}</ul>
    </Panel>
  );
};
