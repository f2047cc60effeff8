/** Who does something, from where: what an audit row says of them. */
export interface Actor {
  /** `user:usr_…`, `vendor:twilio`, `webhook:wordpress`, `system:sweep` … */
  actor: string;
  ip: string | null;
  request_id: string | null;
}

/** For work that no person asked for at this moment. */
export const systemActor = (name: string, requestId: string | null = null): Actor => ({
  actor: `system:${name}`,
  ip: null,
  request_id: requestId,
});
