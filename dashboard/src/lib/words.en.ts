export const en = {
  do: { close: "Close", show: "Show", hide: "Hide", copy: "Copy", copied: "Copied", cancel: "Cancel", save: "Save", signOut: "Sign out", more: "Load more", undo: "Undo" },
  nav: { label: "Main", now: "Now", leads: "Leads", calls: "Calls", runs: "Runs", dna: "DNA", hunt: "Hunt", pages: "Pages", reactivate: "Reactivate", reports: "Reports", setup: "Set up", settings: "Settings", menu: "Menu", palette: "Go to or do … (Ctrl K)", project: "Project", skip: "Skip to the content" },
  theme: { label: "Theme", light: "Light", dark: "Dark", system: "As the system" },
  live: { live: "Live", connecting: "Connecting …", polling: "Every few seconds" },
  problem: { unexpected: "Something broke in this page. Please try again.", id: "Request {id}", retry: "Try again", notFound: "There is no such page.", home: "Go to Now" },
  sign: {
    title: "Sign in to Apex", email: "E-mail", password: "Password", name: "Your name", in: "Sign in", up: "Create an account", upTitle: "Create an account", hint: "12 characters or more",
    toUp: "New here? Create an account", toIn: "Have an account? Sign in", forgot: "Forgot your password?", back: "Back to sign in", why: "See the phone ring: every lead, every call, every second of it.",
  },
  project: { add: "Add a business" },
  now: {
    title: "Now", calls: "Calls in progress", none: "No call in progress", noneWhy: "When a form comes in or somebody rings, the call shows here as it happens.",
    leads: "Leads", connected: "Connected", response: "Form to conversation, median", target: "aim {target}", booked: "Booked", attention: "Needs a person", attentionNone: "Nothing needs you", attentionWhy: "Leads without a phone, jobs that gave up and canaries that failed would be here.",
    needsContact: "{count} leads without a phone that can be rung", needsContactOne: "1 lead without a phone that can be rung", dead: "{count} jobs gave up", deadOne: "1 job gave up", canary: "The daily canary failed: {detail}", recent: "Latest leads",
  },
  steps: { received: "Lead", received_inbound: "Call in", dialed: "Dialled", owner_ringing: "Ringing", owner_answered: "Answered", owner_pressed: "Pressed 1", connected: "Connected" },
  leads: {
    title: "Leads", search: "Search name, phone, words", all: "All", none: "No leads yet", noneWhy: "Connect a form or Google Ads, or ring your number: each lead lands here within a second.", noMatch: "No lead matches", noMatchWhy: "Try fewer words, or another status.",
    phone: "Phone", status: "Status", source: "Source", came: "Came", export: "Export CSV", unnamed: "No name", setStatus: "Set status", selected: "{count} selected", changed: "{count} leads are now {status}",
    import: "Import CSV", importWhy: "Customers and leads from a spreadsheet. Nobody is rung or texted, and who is here already is joined, not doubled.", importFile: "A CSV file", importFileHint: "The first row has headings, such as name, phone, email, notes, last contact. 10,000 rows at most.", importStatus: "Rows that say no status are", importStatusHint: "Completed: customers whom you served, and whom a campaign may write to",
    importChecking: "Looking at the file …", importFound: "{created} new, {joined} to be joined, {unchanged} known already", importRepeated: "{count} rows are about somebody of an earlier row", importKept: "kept", importIgnored: "ignored", importErrorsOne: "1 row cannot be read", importErrors: "{count} rows cannot be read", importRow: "Row {row}:", importNow: "Import {count} leads", importDone: "Done", importBehind: "Go on in the background",
  },
  lead: {
    call: "Call now", booked: "Mark booked", changeAmount: "Change amount", amount: "Amount", erase: "Erase person", eraseTitle: "Erase this person?", eraseWhy: "Their entry, calls, recordings, transcripts and texts are removed for good. Opt-outs stay, so that they are not contacted again. Type {word} to confirm.", eraseWord: "ERASE",
    erased: "The person is being erased", calling: "Their call has been started", timeline: "Timeline", nothing: "Nothing has happened yet", about: "About", message: "Message", reasons: "Why", place: "Place", service: "Service", email: "E-mail", platform: "Platform", link: "Where it was posted", bookedFor: "Booked for {amount}",
    text: "Text", textWhy: "A text from the business's number. It keeps to opt-outs and to the hours where this person is.", textBody: "What you want to say", textHint: "{left} characters left", textSend: "Send", texted: "The text was sent", textWaits: "The text is sent as soon as this person may be texted",
  },
  calls: { title: "Calls", none: "No calls yet", noneWhy: "Calls to and from your number show here, with their recordings.", inbound: "Incoming", outbound: "Outgoing", unknown: "Unknown caller", with: "Lead", took: "Who", length: "Length", when: "When", result: "Result" },
  call: {
    title: "Call", recording: "Recording", noRecording: "No recording", noRecordingWhy: "It was not recorded, is still on its way, or its time was over.", noTalk: "There was no conversation", noTalkWhy: "The call ended before anybody talked: nothing was recorded.", noTalkAnalysis: "There was no conversation to sum up", play: "Play", pause: "Pause", owner: "Owner", customer: "Customer", speed: "Speed", download: "Download", delete: "Delete recording", deleting: "The recording is being deleted", deleteTitle: "Delete this recording?", deleteWhy: "The audio goes for good, here and at Twilio. Transcript and summary stay. Type {word} to confirm.", deleteWord: "DELETE", transcript: "Transcript", noTranscript: "No transcript yet", summary: "Summary", next: "Next steps", points: "Key points",
    sentiment: "Sentiment", urgency: "Urgency", intent: "What they want", log: "What happened", analysisNone: "No analysis yet", seek: "Position in the recording",
  },
  runs: { title: "Runs", none: "No jobs yet", noneWhy: "What agents do for this business shows here: hunts, pages, analyses.", status: "Status", progress: "Progress", attempts: "Attempts", started: "Began", all: "All", retry: "Run again", retried: "The job is queued again", input: "Result", error: "Error", parts: "Parts", took: "Took", tries: "Attempts that failed", where: "Where in the code" },
  status: {
    new: "New", held: "Held", calling: "Calling", connected: "Connected", called: "Called", no_answer: "No answer", needs_contact: "Needs contact", test: "Test", quoted: "Quoted", won: "Booked", completed: "Completed", lost: "Not for us", spam: "Spam", opted_out: "Opted out",
    queued: "Queued", running: "Running", succeeded: "Done", failed: "Failed", dead: "Gave up", ringing_owner: "Ringing owner", owner_answered: "Owner answered", ringing_customer: "Ringing customer", ended: "Ended",
  },
  end: {
    connected: "Talked", owner_no_answer: "Owner did not answer", owner_busy: "Owner busy", owner_declined: "Owner declined", owner_voicemail: "Owner's voicemail", customer_no_answer: "Customer did not answer", customer_busy: "Customer busy", customer_voicemail: "Customer's voicemail", invalid_number: "Number does not exist",
    carrier_failed: "Carrier failed", blocked: "Not allowed", expired: "Too late", superseded: "Reached another way", canceled: "Cancelled", voicemail_left: "Voicemail left", abandoned: "Caller hung up",
  },
  event: {
    received: "Lead received", received_inbound: "Call came in", held: "Held", dialed: "Owner dialled", owner_ringing: "Owner's phone rings", owner_answered: "Owner answered", owner_pressed: "Owner pressed a key", owner_declined: "Owner declined", owner_no_answer: "Owner did not answer", owner_busy: "Owner busy", owner_voicemail: "Owner's voicemail", escalated: "Next person",
    customer_ringing: "Customer's phone rings", customer_answered: "Customer answered", connected: "Connected", customer_no_answer: "Customer did not answer", customer_busy: "Customer busy", customer_voicemail: "Customer's voicemail", sms_owner: "Text to owner", sms_customer: "Text to customer", sms_in: "Text received", sms_out: "Text sent", ended: "Call ended", recorded: "Recording stored", transcribed: "Transcribed", analysed: "Analysed", alert: "Alert",
  },
} as const;
