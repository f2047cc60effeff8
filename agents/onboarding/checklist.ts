import { webhookUrls } from "../../core/intake/webhook-urls.ts";

export interface ChecklistItem {
  where: string;
  paste: string;
  how: string;
}

/** What is left for a person to do. No key is in it: a run's result is stored. */
export const checklistOf = (publicUrl: string, projectId: string): ChecklistItem[] => {
  const urls = webhookUrls(publicUrl, projectId);
  const keys = `GET /api/projects/${projectId}/webhooks`;
  return [
    { where: "Google Ads, lead form, “Webhook integration”", paste: urls.google_ads, how: `The key is google_ads.key of ${keys}. “Send test data” is stored as a test and rings nobody.` },
    { where: "WordPress, the form plugin's webhook", paste: urls.wordpress, how: `With the header X-Apex-Key, or &key= behind the address: wordpress.key of ${keys}.` },
    { where: "Twilio, the number, “A call comes in” (POST)", paste: urls.voice, how: "For customers who call the number of your map listing." },
    { where: "Twilio, the number, “A message comes in” (POST)", paste: urls.sms, how: "For replies, and for STOP." },
  ];
};
