import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import * as z from "zod/mini";
import { NotFound, RouteError } from "./shell/fallbacks.tsx";

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteError });
const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: lazyRouteComponent(async () => import("./screens/home/home.tsx"), "Home") });
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: z.object({ to: z.optional(z.string().check(z.startsWith("/"))), new: z.optional(z.boolean()) }),
  component: lazyRouteComponent(async () => import("./screens/sign-in/sign-in.tsx"), "SignIn"),
});

const projectRoute = createRoute({ getParentRoute: () => rootRoute, path: "/$project", component: lazyRouteComponent(async () => import("./shell/shell.tsx"), "Shell"), errorComponent: RouteError, notFoundComponent: NotFound });
const nowRoute = createRoute({ getParentRoute: () => projectRoute, path: "/now", component: lazyRouteComponent(async () => import("./screens/now/now.tsx"), "Now") });
const leadsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/leads",
  validateSearch: z.object({ q: z.optional(z.string()), status: z.optional(z.string()) }),
  component: lazyRouteComponent(async () => import("./screens/leads/leads.tsx"), "Leads"),
});
const leadRoute = createRoute({ getParentRoute: () => projectRoute, path: "/leads/$lead", component: lazyRouteComponent(async () => import("./screens/lead/lead.tsx"), "Lead") });
const callsRoute = createRoute({ getParentRoute: () => projectRoute, path: "/calls", component: lazyRouteComponent(async () => import("./screens/calls/calls.tsx"), "Calls") });
const callRoute = createRoute({ getParentRoute: () => projectRoute, path: "/calls/$call", component: lazyRouteComponent(async () => import("./screens/call/call.tsx"), "CallPage") });
const runsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/runs",
  validateSearch: z.object({ status: z.optional(z.enum(["queued", "running", "succeeded", "failed", "dead"])) }),
  component: lazyRouteComponent(async () => import("./screens/runs/runs.tsx"), "Runs"),
});
const runRoute = createRoute({ getParentRoute: () => projectRoute, path: "/runs/$run", component: lazyRouteComponent(async () => import("./screens/runs/run.tsx"), "RunPage") });

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, signInRoute, projectRoute.addChildren([nowRoute, leadsRoute, leadRoute, callsRoute, callRoute, runsRoute, runRoute])]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
