/** The public addresses of a project's doors. `base` has no slash at its end; a form's key is not part of them. */
export const webhookUrls = (base: string, projectId: string) => {
  const query = `?project_id=${encodeURIComponent(projectId)}`;
  return {
    google_ads: `${base}/api/webhooks/google-ads${query}`,
    wordpress: `${base}/api/webhooks/wordpress${query}`,
    voice: `${base}/api/voice/incoming${query}`,
    sms: `${base}/api/sms/incoming${query}`,
  };
};
