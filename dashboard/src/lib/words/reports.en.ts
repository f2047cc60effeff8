export const reports = {
  title: "Reports", period: "Period", week: "7 days", month: "30 days", quarter: "90 days", year: "12 months", custom: "Between two days", from: "From", to: "To", compare: "Compare with the period before", export: "Export CSV", wrongDays: "The first day must come before the last, and both within 366 days.",
  leads: "Leads", calls: "Calls", connectRate: "Connected", median: "Form to conversation, median", p95: "Slowest twentieth", bookings: "Booked", revenue: "Revenue", cost: "Cost", costPerLead: "Cost per lead", costPerBooking: "Cost per booking", usd: "US$ {amount}",
  before: "before: {value}", more: "{share} more", less: "{share} less", same: "as before",
  none: "Nothing in this period", noneWhy: "Once leads come in and calls are made, this page shows what became of them. Try a longer period, or connect a form under Settings.",
  funnel: "From lead to booking", scored: "Scored", called: "Called", connected: "Talked to", booked: "Booked", ofLeads: "{share} of leads",
  trend: "Over time", trendOf: "What is shown", responseTime: "Response time", asTable: "As a table", noPlot: "The plot could not be drawn here. Its figures are in the table below.", date: "From", p50: "Median", aim: "Aim",
  distribution: "How long from the form to the conversation", under: "up to {time}", over: "longer", callsCount: "{count} calls",
  byHour: "Connected, by hour of the day", byPerson: "Connected, by person", noAttempts: "No call has ended in this period", attempts: "{connected} of {attempted}", hour: "{hour}:00", hourFigure: "{hour}:00: {share}, {connected} of {attempted} calls", person: "Who",
  sources: "By source", source: "Source", sourcesWhy: "What Apex has cost, shared out by talk and leads. Advertisements are not in it.",
} as const;
