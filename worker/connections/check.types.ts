/** One thing that was looked at, in words for the owner. */
export interface Finding {
  what: string;
  passed: boolean;
  detail: string;
}

export const passed = (what: string, detail: string): Finding => ({ what, passed: true, detail });
export const failed = (what: string, detail: string): Finding => ({ what, passed: false, detail });
