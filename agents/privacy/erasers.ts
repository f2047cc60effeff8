import { AppError, describeError } from "../../core/errors.ts";
import type { SystemContext } from "../../core/kernel/agent.ts";
import type { CallTraces } from "../../core/memory/erasure.store.ts";
import { logger } from "../../core/log.ts";
import { emptyFolder, folderOf } from "../../core/memory/tenant-storage.ts";
import { sidsIn } from "../../core/providers/twilio/sids.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import { TwilioError } from "../../core/providers/twilio/twilio.errors.ts";
import { contentFolder } from "../pseo/page-content.ts";
import type { AgentTools } from "../tools.ts";

const log = logger("privacy");

/** Who is being erased: ids by which they are found. */
export interface Person {
  entity_id: string;
  calls: CallTraces[];
}

/**
 * One store, and how a person is taken out of it. Each is safe to repeat, since a run that was interrupted begins again, and
 * throws a retryable error when it could not finish. A new store of personal data is one line in `erasers`.
 */
export interface Eraser {
  store: string;
  erase: (context: Pick<SystemContext<AgentTools>, "memory" | "tools" | "runId">, person: Person) => Promise<number>;
}

export const tryLater = (code: string, message: string): AppError => new AppError({ code, status: 503, message, retryable: true });

/**
 * Does something at the account that a call or text was made with. A tenant's own account that lets us in no more (closed, or its token
 * was replaced) is theirs to clear: that must not keep a person or a tenant from being erased here.
 */
const ifStillOpen = async ({ memory, tools }: Pick<SystemContext<AgentTools>, "memory" | "tools">, accountSid: string | null, work: (twilio: TwilioClient) => Promise<void>): Promise<void> => {
  try {
    await work(tools.twilioOf(memory.tenantId, accountSid));
  } catch (error) {
    if (accountSid === null || !(error instanceof TwilioError) || error.failure !== "account") throw error;
    log.warn("a tenant's Twilio account lets us in no more; what it keeps is left to it", { tenant_id: memory.tenantId, account_sid: accountSid, error: describeError(error) });
  }
};

/** The object hangs up what is under way and forgets the call. */
const forgetCalls: Eraser["erase"] = async ({ memory, tools }, { calls }) => {
  for (const { call_id, project_id } of calls) await tools.bridgeCalls.forget({ tenant_id: memory.tenantId, project_id, call_id });
  return calls.length;
};

/** Runs name the person by id: their input and result go. One at work right now might still write, so we come back after it. */
const scrubRuns: Eraser["erase"] = async ({ memory, tools, runId }, { entity_id, calls }) => {
  const ids = [entity_id, ...calls.map((call) => call.call_id)];
  // A run's result does not say by which account its text went: where it did not, there is none to delete.
  const accounts = [null, ...(await memory.numbers.accounts())];
  const eachAccount = async (erase: (twilio: TwilioClient) => Promise<void>): Promise<void> => {
    for (const account of accounts) await ifStillOpen({ memory, tools }, account, erase);
  };
  let scrubbed = 0;
  let busy = 0;
  // Ids sort by time: what is about the person came after them.
  let cursor = entity_id.replace(/^[a-z]+_/, "run_");
  for (;;) {
    const page = await memory.erasure.runsAfter(cursor, runId);
    for (const run of page.filter(({ params, result }) => ids.some((id) => JSON.stringify([params, result]).includes(id)))) {
      if (run.status === "running") busy += 1;
      else {
        for (const sid of sidsIn(run.result).messages) await eachAccount(async (twilio) => twilio.deleteMessage(sid));
        await memory.erasure.scrubRun(run.id);
        scrubbed += 1;
      }
    }
    const last = page.at(-1);
    if (!last) break;
    cursor = last.id;
  }
  if (busy > 0) throw tryLater("erasure_waits", `${busy} runs about this person are still at work.`);
  return scrubbed;
};

/** What they wrote and what was written to them, at Twilio too; and what the caps remember of their phone. */
const deleteTexts: Eraser["erase"] = async ({ memory, tools }, { entity_id }) => {
  let deleted = 0;
  for (let page = await memory.messages.ofLead(entity_id); page.length > 0; page = await memory.messages.ofLead(entity_id)) {
    for (const { sid, account_sid } of page) if (sid !== null) await ifStillOpen({ memory, tools }, account_sid, async (twilio) => twilio.deleteMessage(sid));
    for (const phone of new Set(page.map(({ customer }) => customer))) await tools.forgetContact(memory.tenantId, phone);
    await memory.messages.drop(page.map(({ id }) => id));
    deleted += page.length;
  }
  return deleted;
};

export const deleteAtTwilio: Eraser["erase"] = async (context, { calls }) => {
  let deleted = 0;
  for (const { account_sid, sids } of calls) {
    await ifStillOpen(context, account_sid, async (twilio) => {
      const listed = await Promise.all(sids.calls.map(async (sid) => twilio.listRecordings(sid)));
      const recordings = new Set([...sids.recordings, ...listed.flat().map(({ sid }) => sid)]);
      for (const sid of recordings) await twilio.deleteRecording(sid);
      for (const sid of sids.messages) await twilio.deleteMessage(sid);
      deleted += recordings.size + sids.messages.length;
    });
  }
  return deleted;
};

/** By the call's folder, not by a key that somebody wrote down: a copy that was stored twice goes too. */
export const deleteRecordings: Eraser["erase"] = async ({ memory, tools }, { calls }) => {
  let deleted = 0;
  for (const { project_id, call_id } of calls) deleted += await emptyFolder(tools.storage, folderOf(memory.tenantId, "recordings", project_id, call_id));
  return deleted;
};

/** Copies of what was recorded; and a mark, so that rows that were backed up before do not bring the person back. */
const forgetBackups: Eraser["erase"] = async ({ memory, tools }, { entity_id, calls }) =>
  tools.erasedMarks.forget(memory.tenantId, entity_id, calls.map(({ project_id, call_id }) => folderOf(memory.tenantId, "recordings", project_id, call_id)));

/** What agents learned from their calls, out of the index too. */
const forgetLearned: Eraser["erase"] = async ({ memory, tools, runId }, { calls }) => {
  const context = tools.contextOf(memory);
  let deleted = 0;
  for (const project of new Set(calls.map((call) => call.project_id))) {
    await context.remove(project, calls.flatMap((call) => (call.project_id === project ? [call.call_id] : [])));
    deleted += await context.clear(project, { holder: runId });
  }
  return deleted;
};

/** What their words were compared by. */
const forgetLikeness: Eraser["erase"] = async ({ memory, tools }, { entity_id }) => tools.similarOf(memory).remove([entity_id]);

const forgetAnswers: Eraser["erase"] = async ({ memory }, { entity_id, calls }) => {
  await memory.erasure.forgetAnswersAbout([entity_id, ...calls.map((call) => call.call_id)]);
  return 0;
};

/** A page that nobody has any more is nobody's to read. */
const takePageDown: Eraser["erase"] = async ({ memory }, { entity_id }) => memory.hostedPages.takeDown(entity_id);

/** A page that a person deletes: every version of its text, and what its words look like. */
const forgetPage: Eraser["erase"] = async ({ memory, tools }, { entity_id }) => {
  const prints = await memory.pagePrints.drop(entity_id);
  return prints + (await emptyFolder(tools.storage, contentFolder({ tenant_id: memory.tenantId, id: entity_id })));
};

/** All of the tenant's: which of them are about the person, nobody knows, and they are only there to save money. */
const forgetModelAnswers: Eraser["erase"] = async ({ memory }) => {
  await memory.usage.forgetAnswers();
  return 0;
};

/**
 * In this order: first whoever could still write something is stopped, then what they wrote goes. What stays on purpose: the
 * audit log (ids only) and the opt-out list (a number that said stop must still be recognised; docs/design/0005-security.md).
 */
export const erasers: readonly Eraser[] = [
  { store: "call_objects", erase: forgetCalls },
  { store: "runs", erase: scrubRuns },
  { store: "texts", erase: deleteTexts },
  { store: "twilio", erase: deleteAtTwilio },
  { store: "recordings", erase: deleteRecordings },
  { store: "backups", erase: forgetBackups },
  { store: "context", erase: forgetLearned },
  { store: "similar_texts", erase: forgetLikeness },
  { store: "hosted_pages", erase: takePageDown },
  { store: "page_texts", erase: forgetPage },
  { store: "kept_answers", erase: forgetAnswers },
  { store: "model_answers", erase: forgetModelAnswers },
];
