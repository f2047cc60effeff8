import type { Activity } from "../kit/activity.ts";
import type { Clock } from "../kit/clock.ts";
import type { EventLog } from "../kit/event-log.ts";
import { Accounts, numberRoutes } from "./accounts.ts";
import { TwilioApi, type ApiRoute } from "./api.ts";
import type { CallbackTools } from "./callback-line.ts";
import { callRoutes } from "./calls.routes.ts";
import { dialVerb } from "./dial.verb.ts";
import { Documents } from "./documents.ts";
import { TwilioFaults } from "./faults.ts";
import { gather } from "./gather.verb.ts";
import { Interpreter } from "./interpreter.ts";
import { messageRoutes } from "./messages.routes.ts";
import { Messages } from "./messages.ts";
import { Numbers } from "./numbers.ts";
import { recordVerb } from "./record.verb.ts";
import { recordingRoutes } from "./recordings.routes.ts";
import { Recordings } from "./recordings.ts";
import { CallRunner } from "./runner.ts";
import { Switchboard } from "./switchboard.ts";
import { hangup, hear, redirect, reject } from "./verbs.ts";
import { Webhooks } from "./webhooks.ts";
import { Wire } from "./wire.ts";

export interface TwilioOptions {
  /** AuthToken by AccountSid. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Calls and messages are accepted and remembered, and never run. */
  readonly quiet: boolean;
}

/** The Twilio stand-in, put together. */
export interface TwilioStandIn {
  readonly api: TwilioApi;
  readonly accounts: Accounts;
  readonly numbers: Numbers;
  readonly faults: TwilioFaults;
  readonly switchboard: Switchboard;
  readonly recordings: Recordings;
  readonly messages: Messages;
  readonly runner: CallRunner;
  reset(): void;
  close(): void;
}

function accountRoute(accounts: ReadonlyMap<string, string>): ApiRoute {
  return {
    methods: ["GET"],
    path: /^\.json$/,
    target: "reads",
    handle: ({ accountSid }) => ({
      status: 200,
      body: { sid: accountSid, friendly_name: `Sandbox account ${[...accounts.keys()].indexOf(accountSid) + 1}`, status: "active", type: "Full", uri: `/2010-04-01/Accounts/${accountSid}.json` },
    }),
  };
}

export function createTwilio(options: TwilioOptions, shared: { clock: Clock; log: EventLog; activity: Activity }): TwilioStandIn {
  const { quiet } = options;
  const book = new Accounts(options.accounts);
  const accounts = book.tokens;
  const { clock, log, activity } = shared;
  const wire = new Wire();
  const webhooks = new Webhooks(wire, log);
  const faults = new TwilioFaults();
  const numbers = new Numbers();
  const callbacks: CallbackTools = { webhooks, faults, clock, activity };
  const switchboard = new Switchboard(callbacks, log, numbers, accounts);
  const recordings = new Recordings(callbacks, log, accounts);
  const messages = new Messages(callbacks, log, numbers, accounts);
  const runner = new CallRunner({ clock, log, activity, switchboard, recordings, callbacks });
  switchboard.onEnd = (leg) => recordings.legEnded(leg);
  const dial = dialVerb({ callbacks, recordings, release: (leg, source) => runner.release(leg, source) });
  runner.interpreter = new Interpreter(
    { clock, log, switchboard, documents: new Documents(webhooks, switchboard) },
    { Say: hear, Play: hear, Pause: hear, Gather: gather, Dial: dial, Record: recordVerb(recordings), Redirect: redirect, Hangup: hangup, Reject: reject },
  );
  const routes = [accountRoute(accounts), ...numberRoutes(book), ...callRoutes({ switchboard, runner, numbers, accounts: book }), ...recordingRoutes(recordings, switchboard), ...messageRoutes(messages, book)];
  return {
    api: new TwilioApi(routes, { clock, log, faults, tokens: accounts, quiet }),
    accounts: book,
    numbers,
    faults,
    switchboard,
    recordings,
    messages,
    runner,
    reset: () => {
      switchboard.reset();
      recordings.reset();
      messages.reset();
      numbers.reset();
      book.reset();
      faults.clear();
    },
    close: () => {
      webhooks.close();
      wire.close();
    },
  };
}
