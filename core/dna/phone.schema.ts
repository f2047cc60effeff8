import { z } from "zod";

export const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164 form, e.g. +64211234567");
