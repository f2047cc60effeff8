import { AppError } from "../../errors.ts";
import type { UrlChecker } from "./resolve.ts";

/** Made by the page itself: nothing leaves the browser for them. */
const WITHOUT_NETWORK = new Set(["data:", "blob:", "about:"]);

/**
 * Whether a page in our browser may make a request: to be asked by its request interception for every one of them, the first
 * navigation, redirects, frames, images and sockets alike. The same list as for our own fetching.
 * @returns false also when the name cannot be looked up now: a page without one of its images is still a page
 */
export const createBrowserRule = (check: UrlChecker) => {
  /** A page asks for a hundred things of three hosts. For one page only: a name may lead elsewhere tomorrow. */
  const judged = new Map<string, Promise<boolean>>();
  return async (requested: string): Promise<boolean> => {
    if (!URL.canParse(requested)) return false;
    const url = new URL(requested);
    if (WITHOUT_NETWORK.has(url.protocol)) return true;
    // A socket goes where a request would go.
    const asHttp = requested.replace(/^ws(s?):/i, "http$1:");
    if (!/^https?:/i.test(asHttp) || url.username !== "" || url.password !== "") return false;
    const { origin } = new URL(asHttp);
    const verdict =
      judged.get(origin) ??
      check(origin).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AppError) return false;
          throw error;
        },
      );
    judged.set(origin, verdict);
    return verdict;
  };
};
