import { AppError } from "../errors.ts";

/** Below this many characters a secret can be guessed offline from one token or one stolen row. */
const MIN_SECRET_LENGTH = 16;

/**
 * Reads a list of secrets, newest first and separated by commas, as `APEX_JWT_SECRET` and `APEX_KMS_KEY` hold them:
 * the first one signs or encrypts, the others still verify or decrypt what was made before a rotation.
 * @param name the variable's name, for the operator who has to mend it
 * @throws AppError `secret_misconfigured` (500) when there is none, or one is shorter than 16 characters
 */
export const parseSecrets = (name: string, list: string): [string, ...string[]] => {
  const [newest, ...older] = list
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "");
  if (newest === undefined || [newest, ...older].some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    throw new AppError({
      code: "secret_misconfigured",
      status: 500,
      message: `${name} must hold one or more secrets of at least ${MIN_SECRET_LENGTH} characters, newest first, separated by commas.`,
    });
  }
  return [newest, ...older];
};
