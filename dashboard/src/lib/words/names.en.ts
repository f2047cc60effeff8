/** What people call that which the API names by an identifier. */
export const names = {
  sources: { google_ads: "Google Ads", wordpress: "Website", hosted_page: "Your page", phone: "Phone", sms: "Text", sniper: "Hunt", csv: "Import", canary: "Daily canary", api: "API", unknown: "Unknown", other: "Others" },
  purposes: {
    bridge_call: "To put them through", forward: "To put a caller through", lead_card: "The lead's card", missed_text: "You were missed", before_ring: "Before the ring", text_back: "To whoever was missed", voicemail_card: "The message's words", feedback: "How it went", reply_forward: "An answer passed on", alert: "Alert",
    opt_out_confirmation: "Opt-out confirmed", campaign: "Campaign", by_hand: "By hand", canary: "Daily canary", verification: "Code", reply: "Answer",
  },
  jobs: {
    lead_gen_manager: "Leads", "lead_gen_manager.hunt_sniper": "Hunt", "lead_gen_manager.act_on_lead": "Act on a found lead", "lead_gen_manager.instant_call": "Ring about a lead", "lead_gen_manager.transcribe_call": "Write down a call", "lead_gen_manager.dashboard_stats": "Count the figures", "lead_gen_manager.ignite_reactivation": "Campaign", "lead_gen_manager.canary": "Daily canary", "lead_gen_manager.canary_check": "Check the daily canary",
    sales_agent: "Leads", "sales_agent.instant_call": "Ring about a lead", "sales_agent.notify_sms": "Text the owner about a lead", "sales_agent.send_text": "Send a text", "sales_agent.text_lead": "Text a lead", "sales_agent.resend_sms": "Send a text again", "sales_agent.alert_owner": "Alert the owner", "sales_agent.read_reply": "Read an answer", "sales_agent.end_chase": "Stop asking a lead", "sales_agent.follow_up": "Follow up a lead",
    lead_import: "Import of leads", sniper_agent: "Hunt: read the sources", lead_scorer: "Score leads", reactivator_agent: "Campaign",
    context_sync: "Learn", "context_sync.follow": "Learn from the DNA", "context_sync.learn": "Learn from a call",
    onboarding: "Set up", "onboarding.onboard": "Set up from the website", "onboarding.estimate": "Estimate the set-up", "onboarding.rescan": "Read the website again", "onboarding.accept": "Take over what was read", "onboarding.simulate": "Simulate a lead's call",
    privacy: "Privacy", "privacy.erase": "Erase a person", "privacy.delete_page": "Delete a page", "privacy.delete_recording": "Delete a recording", "privacy.retain": "Delete what is past its time", "privacy.export": "Make the archive", "privacy.delete_tenant": "Delete the account",
    manager: "Pages", scout_anchors: "Look at the map", strategist_run: "Plan pages", write_pages: "Write pages", critic_review: "Review pages", librarian_link: "Link pages", enhance_media: "Draw maps", publish: "Publish pages", "publish.unpublish": "Take pages down", "publish.restore": "Restore pages", analytics_audit: "Measure pages",
    webhooks: "Webhooks", "webhooks.send": "Deliver to webhooks", "webhooks.redeliver": "Deliver to webhooks again",
  },
} as const;
