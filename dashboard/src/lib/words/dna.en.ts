export const dna = {
  title: "DNA",
  why: "What makes this business different from the next. What you say here is yours, and lies over what Apex found, what the trade brings and the defaults.",
  edit: "Edit", found: "Found against yours", history: "History", form: "Form", yaml: "YAML", views: "Views of the DNA", sections: "Sections",
  saved: "Saved", unsaved: "Not saved yet", checking: "Checking …", discard: "Discard", save: "Save", done: "The DNA is in force", undone: "The DNA is as it was", readOnly: "You may read this DNA. Ask an owner or admin of the account to change it.",
  mistakes: "{count} mistakes keep it from being saved", mistake: "1 mistake keeps it from being saved", warnings: "Keys that nobody knows", at: "line {line}",
  broken: "The YAML cannot be read just now. Mend what is marked in it, and the form goes on.",
  origin: { custom: "Yours", generated: "Found", defaults: "Default", project: "Business", vertical: "Trade: {niche}", none: "Not set" },
  reset: "Back to what lies below: {name}", show: "Show in the YAML", inYaml: "This is written in the YAML.", inherited: "With the first change the whole list is yours; it is not added to any more by others.",
  add: "Add", remove: "Remove {name}", up: "Move {name} up", down: "Move {name} down", item: "Entry {number}", more: "Hours of their own", lines: "One a line", none: "None", key: "Name", value: "Text",
  hours: { anytime: "Left open", windows: "These hours", which: "When", closed: "Closed", open: "Open", allDay: "All day", from: "{day} from", to: "{day} until", add: "Add hours on {day}", remove: "Remove {day} {from}–{to}", like: "Monday's hours on every working day", date: "Date", special: "Open, e.g. 10:00-14:00", removeDate: "Remove {date}" },
  days: { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" },
  conflict: {
    title: "Somebody else has changed the DNA meanwhile", why: "Both your changes and theirs are in this text; what is marked is yours. Look through it, take back what you do not want, and go on.", both: "Both of you changed these lines; yours are in the text:", theirs: "Theirs", yours: "Yours",
    keep: "Keep mine", drop: "Take theirs", goOn: "Go on with this", theirsOnly: "Take theirs, drop mine", banner: "Somebody else has changed the DNA since you began.", look: "Lay them together", label: "Your changes over theirs",
  },
  leave: { title: "Leave without saving?", why: "Your changes to the DNA are not saved, and would be lost.", stay: "Stay", go: "Leave" },
  foundView: { none: "Nothing has been found yet", noneWhy: "Onboarding reads the business's website and writes down what it finds; it shows here beside what you say yourself.", found: "Found", yours: "Yours", same: "The same", onlyFound: "In force", overruled: "Yours wins", take: "Use found: {name}", takeShort: "Use found", taken: "Taken into the draft. Save to put it in force.", only: "Only what differs", all: "All differences are settled", allWhy: "You say nothing that differs from what was found." },
  past: {
    none: "No version yet", noneWhy: "Each time the DNA is saved, the version before stays here, with the way back.", current: "In force", you: "You", member: "A member", key: "An API key", system: "Apex", restored: "Brought back", restore: "Bring this version back", restoreWhy: "It becomes a new version; the one in force now stays in the history.", back: "The earlier version is in force again", compare: "What it changed", same: "Only comments or spelling differ.", nothing: "Nothing differs.",
    added: "Added", removed: "Removed", changed: "Changed", text: "As it was written", bytes: "{bytes} bytes",
  },
} as const;
