import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schemas } from "@/api/client";

export type Campaign = Schemas["Campaign"];
export type CampaignWithResults = Schemas["CampaignWithResults"];
export type Recipient = Schemas["CampaignRecipient"];

/** The feed tells of a campaign's runs (api/live.ts), not of each text: what is on its way is looked at so often. */
const LOOK_MS = 4_000;
const isOnItsWay = ({ status }: Pick<Campaign, "status">): boolean => status === "preparing" || status === "running";

export const campaignsQuery = (project_id: string) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", project_id, "list"],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/campaigns", { params: { query: { project_id, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isOnItsWay)) === true ? LOOK_MS : false),
  });

export const campaignQuery = (project_id: string, id: string) =>
  queryOptions({
    queryKey: ["campaigns", project_id, "one", id],
    queryFn: async () => ok(api.GET("/api/campaigns/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data !== undefined && isOnItsWay(state.data) ? LOOK_MS : false),
  });

export const recipientsQuery = (project_id: string, campaign: Pick<Campaign, "id" | "status">, state: Recipient["state"] | null) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", project_id, "recipients", campaign.id, state],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/campaigns/{id}/recipients", { params: { path: { id: campaign.id }, query: { limit: 50, ...(state === null ? {} : { state }), ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: isOnItsWay(campaign) ? LOOK_MS : false,
  });
