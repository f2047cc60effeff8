import { AppError, conflict } from "../../../core/errors.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { isBelow, labelsOf, mayBeChosen } from "../../../core/web/host-names.ts";

/** Where hosted pages are served, as the composition root knows it. */
export interface Hosting {
  /** Projects' host names are below it; null: this deployment serves no pages. */
  suffix: string | null;
  /** Scheme, host and, on a developer's machine, port. */
  originOf: (host: string) => string;
}

const notSetUp = (): AppError => new AppError({ code: "hosting_not_set_up", status: 409, message: "This deployment serves no pages: PAGES_HOST_SUFFIX is not set." });

/** Below our suffix: whoever comes first. Anything else: by proof only, which was given or not. */
const wanted = async (memory: TenantMemory, projectId: string, host: string, suffix: string): Promise<string> => {
  if (isBelow(host, suffix)) {
    if (!mayBeChosen(host.slice(0, -suffix.length - 1))) throw conflict("page_host_reserved", `${host} cannot be had; choose another name.`);
    if (!(await memory.pageHosts.takeSubdomain(projectId, host))) throw conflict("page_host_taken", `${host} is taken; choose another name.`);
  }
  if (!(await memory.pageHosts.prefer(projectId, host))) throw conflict("page_host_not_verified", `${host} is not shown to be this project's yet: PUT /api/projects/${projectId}/hosts/${host} says how.`);
  return host;
};

/**
 * The host name at which a project's pages live: what its DNA names, else what it has, else one of ours, which is taken now.
 * @throws AppError 409, saying what a person can do
 */
export const hostFor = async (memory: TenantMemory, projectId: string, named: string | undefined, { suffix }: Hosting): Promise<string> => {
  if (suffix === null) throw notSetUp();
  if (named !== undefined) return wanted(memory, projectId, named, suffix);
  const primary = await memory.pageHosts.primary(projectId);
  if (primary) return primary.host;
  for (const label of labelsOf(projectId)) {
    const host = `${label}.${suffix}`;
    if (await memory.pageHosts.takeSubdomain(projectId, host)) return host;
  }
  throw conflict("page_host_taken", "There is no free host name for this project: name one in modules.local_seo.publishing.host.");
};
