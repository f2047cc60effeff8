import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { PhoneCall } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { sendForm } from "@/api/forms";
import { callsQuery, entityQuery, type ListedCall, meQuery } from "@/api/queries";
import { customerName } from "@/lib/customer";
import { durationOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { said, t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { CallLine } from "../now/call-line.tsx";
import { ownerOf } from "./setup.schemas.ts";
import { StepPanel } from "./step-panel.tsx";
import type { Setup } from "./use-setup.ts";

const LOOK_MS = 700;
const eventsSchema = z.array(z.object({ at: z.string(), event: z.string() }));

const timeOfTalk = (call: ListedCall): number | null => {
  const events = eventsSchema.safeParse(call.timeline).data ?? [];
  const at = (name: string): number | undefined => { const found = events.find(({ event }) => event === name); return found === undefined ? undefined : new Date(found.at).getTime(); };
  const [received, connected] = [at("received"), at("connected")];
  return received === undefined || connected === undefined ? null : connected - received;
};

const Result = ({ call }: { call: ListedCall }) => {
  const talked = timeOfTalk(call);
  return (
    <div className="grid gap-2 border-t p-3">
      <CallLine call={call} name={customerName(call.lead)} />
      <div role="status" className="px-4 pb-2 text-sm">
        {talked !== null && <p className="font-medium text-good">{t("onboarding.call.connected", { time: durationOf(talked) })}</p>}
        {talked === null && call.end_reason !== null && <p><span className="font-medium text-warn">{t("onboarding.call.ended", { reason: said("end", call.end_reason) })}</span> <span className="text-quiet">{t("onboarding.call.endedWhy")}</span></p>}
      </div>
    </div>
  );
};

const Form = ({ owner, hasRung }: { owner: string; hasRung: boolean }) => {
  const project = useProjectId();
  const cache = useQueryClient();
  const { customer = "" } = useSearch({ from: "/$project/setup" });
  const [name, setName] = useState("Aroha Williams");
  const [phone, setPhone] = useState(customer);
  const isOwners = phone.replaceAll(/[^+\d]/g, "") === owner;
  const send = useMutation({
    mutationFn: async () => sendForm(project, { name, phone, message: t("onboarding.call.message") }),
    onSuccess: async () => cache.invalidateQueries({ queryKey: ["calls", "list", project] }),
  });
  const { data: lead } = useQuery({ ...entityQuery(send.data?.lead_id ?? ""), enabled: send.data !== undefined });
  return (
    <form className="grid gap-4 p-5" onSubmit={(event) => { event.preventDefault(); if (!isOwners) send.mutate(); }}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("onboarding.call.name")}>{(props) => <Input required maxLength={120} value={name} onChange={({ target }) => setName(target.value)} {...props} />}</Field>
        <Field label={t("onboarding.call.phone")} hint={t("onboarding.call.phoneHint")} error={isOwners ? t("onboarding.call.same") : undefined}>{(props) => <Input required type="tel" maxLength={40} value={phone} onChange={({ target }) => setPhone(target.value)} {...props} />}</Field>
      </div>
      <div><Button kind={hasRung ? "plain" : "main"} type="submit" disabled={send.isPending || isOwners}><PhoneCall aria-hidden size={16} />{t(send.isPending ? "onboarding.call.sending" : hasRung ? "onboarding.call.again" : "onboarding.call.send")}</Button></div>
      {send.data?.status === "duplicate" && <p role="status" className="text-sm text-warn">{t("onboarding.call.duplicate")}</p>}
      {send.data?.status === "accepted" && <p role="status" className="text-sm text-quiet">{t(lead?.metadata["status"] === "needs_contact" ? "onboarding.call.unusable" : "onboarding.call.started")}</p>}
      {send.isError && <Problem error={send.error} />}
    </form>
  );
};

/** A form through the very door that leads come by, and the call that it makes, as it happens. */
export const CallStep = ({ setup: { dna, states } }: { setup: Setup }) => {
  const project = useProjectId();
  const { data: me } = useQuery(meQuery);
  const { data: calls } = useInfiniteQuery({ ...callsQuery(project), refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(({ end_reason }) => end_reason === null) === true ? LOOK_MS : false) });
  const latest = calls?.pages[0]?.items.find(({ canary }) => !canary);
  const owner = ownerOf(dna);
  const mayRing = me?.scopes.includes("admin");
  return (
    // The form of the test came by the website's door, which does not yet mean that a website is connected.
    <StepPanel title={t("onboarding.call.title")} why={t("onboarding.call.why", { owner })} next="connect" isMain={states.call === "done"} nextName={t(states.call === "done" ? "onboarding.next" : "onboarding.later")}>
      {mayRing === false ? <p className="p-5 text-sm text-quiet">{t("onboarding.call.needsAdmin")}</p> : <Form owner={owner} hasRung={latest !== undefined} />}
      {latest !== undefined && <Result call={latest} />}
    </StepPanel>
  );
};
