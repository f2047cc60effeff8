import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { statsQuery } from "@/api/queries";

/** The project that the address names. */
export const useProjectId = (): string => useParams({ from: "/$project" }).project;

/** Its clock on the wall, as the API says it. */
export const useZone = (): string => {
  const projectId = useProjectId();
  const { data } = useSuspenseQuery(statsQuery(projectId));
  return data.by_project.find(({ project_id }) => project_id === projectId)?.time_zone ?? "UTC";
};
