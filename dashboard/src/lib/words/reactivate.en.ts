export const reactivate = {
  title: "Reactivate", one: "Campaign", create: "New campaign", list: "Campaigns", none: "No campaign yet", noneWhy: "A campaign texts customers whom you served long ago. You see every text, and what all of it costs, before anybody gets one.",
  createWhy: "Looks for customers you have not heard from in a long time, and writes each text. Nothing is sent before you start it.", limit: "How many people, at most", limitHint: "Left empty: a day's worth, as the DNA says", months: "Not in touch for how many months", monthsHint: "Left empty: as the DNA says", prepare: "Prepare a preview", preparing: "The campaign is being prepared", nobody: "Nobody is found whom you may write to now. See below who was left out, and why.",
  started: "The campaign is being sent", paused: "The campaign is paused", resumed: "The campaign goes on", stopped: "The campaign is stopped for good",
  start: "Start sending", startTitle: "Send these texts?", startWhy: "{people} people get the text shown to them here, in their own day, at most {minute} a minute and {day} a day. By list prices it costs about ${cost}.", startNow: "Send {people} texts",
  pause: "Pause", resume: "Resume", stop: "Stop", discard: "Discard", stopTitle: "Stop this campaign?", stopWhy: "Whoever has not been written to will not be. A stopped campaign cannot be started again.", stopNow: "Stop for good",
  status: { preparing: "Being prepared", preview: "To be looked at", running: "Being sent", paused: "Paused", stopped: "Stopped", completed: "Done" },
  pauseReason: { by_hand: "Somebody paused it.", opt_out_rate: "It paused itself: too many people opted out. Look at the text before you resume.", account: "It paused itself: Twilio refuses the account or its number." },
  bySchedule: "By schedule", people: "{count} people", progress: "Sent", progressOf: "{sent} of {people} sent",
  figures: { sent: "Sent", delivered: "Delivered", replied: "Replied", interested: "Interested", opted_out: "Opted out", booked: "Booked", revenue: "Revenue", cost: "Cost", planned: "To be sent", failed: "Not delivered", refused: "Refused", skipped: "Skipped", canceled: "Cancelled" },
  results: "Results", plan: "Who, what, what for", recipients: "Texts", recipientsNone: "Nobody here", all: "All", erased: "Erased person", writing: "Being written …", byModel: "worded by a model", segments: "{count} parts", replied: "answered: {reply}", notBefore: "not before {time}",
  leftOut: "Left out", leftOutWhy: "Customers that were looked at and are not written to.", settings: "Settings", template: "Template", settingsAre: "Not in touch for {months} months · {cooldown} months between campaigns · {day} a day · {minute} a minute · pauses itself above {percent} % opt-outs", personalised: "Each text is worded by a model, within the template's bounds", fixed: "The template, word by word",
  state: { planned: "To be sent", sent: "Sent", refused: "Refused", skipped: "Skipped", failed: "Failed", canceled: "Cancelled" },
  reply: { interested: "interested", later: "later", no: "no", stop: "stop", question: "a question", other: "something else" },
  why: {
    not_served: "Not a customer of old", test: "Test", no_phone: "No phone", own_phone: "One of your own phones", opted_out: "Opted out", declined: "Said no to a campaign", asked_for_later: "Asked for later", blocked: "Blocked", not_textable: "Fixed line", not_allowed: "Country or number not allowed", open_lead: "Somebody is dealing with them", duplicate: "Another entry of theirs is written to", shared_number: "Number shared by many", recently_contacted: "In touch not long ago", cooldown: "Had a campaign not long ago",
    stopped: "Campaign stopped", erased: "Erased person",
  },
} as const;
