import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, ok, type Schemas } from "@/api/client";

export type Endpoint = Schemas["WebhookEndpoint"];
export type Delivery = Schemas["WebhookDelivery"];

/** What is on its way is looked at again so often, and how an endpoint does, ms. */
const LISTEN_MS = 2_500;
const STATE_MS = 10_000;

export const endpointsQuery = queryOptions({ queryKey: ["webhook-endpoints"], queryFn: async () => ok(api.GET("/api/webhook-endpoints")), refetchInterval: STATE_MS });

export const deliveriesQuery = (id: string, status: Delivery["status"] | undefined) =>
  infiniteQueryOptions({
    queryKey: ["webhook-deliveries", id, status ?? null],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/webhook-endpoints/{id}/deliveries", { params: { path: { id }, query: { limit: 25, ...(status === undefined ? {} : { status }), ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some((one) => one.status === "pending")) === true ? LISTEN_MS : false),
  });

/** Reads anew what has changed: how endpoints are, or what is sent there as well. */
export const useRefresh = () => {
  const cache = useQueryClient();
  const endpoints = async (): Promise<void> => cache.invalidateQueries({ queryKey: endpointsQuery.queryKey });
  const all = async (): Promise<void> => {
    await Promise.all([endpoints(), cache.invalidateQueries({ queryKey: ["webhook-deliveries"] })]);
  };
  return { endpoints, all };
};
