import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import * as z from "zod/mini";
import { reportsSearch } from "./screens/reports/search.ts";
import { NotFound, RouteError } from "./shell/fallbacks.tsx";

/** The router reads a text of digits alone as a number. */
const words = z.optional(z.union([z.string(), z.pipe(z.number(), z.transform(String))]));

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteError });
const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: lazyRouteComponent(async () => import("./screens/home/home.tsx"), "Home") });
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: z.object({ to: z.optional(z.string().check(z.startsWith("/"))), new: z.optional(z.boolean()) }),
  component: lazyRouteComponent(async () => import("./screens/sign-in/sign-in.tsx"), "SignIn"),
});

const newRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/new",
  validateSearch: z.object({ name: words, niche: words, country: words, phone: words, website: words, customer: words }),
  component: lazyRouteComponent(async () => import("./screens/new/new.tsx"), "New"),
});
/** Where mails lead; the token stands behind the `#`. */
const verifyRoute = createRoute({ getParentRoute: () => rootRoute, path: "/verify", component: lazyRouteComponent(async () => import("./screens/mailed/mailed.tsx"), "Verify") });
const forgotRoute = createRoute({ getParentRoute: () => rootRoute, path: "/forgot", component: lazyRouteComponent(async () => import("./screens/mailed/mailed.tsx"), "Forgot") });
const resetRoute = createRoute({ getParentRoute: () => rootRoute, path: "/reset", component: lazyRouteComponent(async () => import("./screens/mailed/mailed.tsx"), "Reset") });
const invitationRoute = createRoute({ getParentRoute: () => rootRoute, path: "/invitation", component: lazyRouteComponent(async () => import("./screens/mailed/mailed.tsx"), "Invitation") });

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
const reportsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/reports",
  validateSearch: reportsSearch,
  component: lazyRouteComponent(async () => import("./screens/reports/reports.tsx"), "Reports"),
});
const runsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/runs",
  validateSearch: z.object({ status: z.optional(z.enum(["queued", "running", "succeeded", "failed", "dead"])) }),
  component: lazyRouteComponent(async () => import("./screens/runs/runs.tsx"), "Runs"),
});
const pagesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/pages",
  validateSearch: z.object({ q: z.optional(z.string()), status: z.optional(z.enum(["planned", "written", "refused", "passed", "published", "needs_person", "held", "retired"])) }),
  component: lazyRouteComponent(async () => import("./screens/pages/pages.tsx"), "Pages"),
});
const pageRoute = createRoute({ getParentRoute: () => projectRoute, path: "/pages/$page", component: lazyRouteComponent(async () => import("./screens/page/page.tsx"), "LocalPageScreen") });
const runRoute = createRoute({ getParentRoute: () => projectRoute, path: "/runs/$run", component: lazyRouteComponent(async () => import("./screens/runs/run.tsx"), "RunPage") });
const huntRoute = createRoute({ getParentRoute: () => projectRoute, path: "/hunt", component: lazyRouteComponent(async () => import("./screens/hunt/hunt.tsx"), "Hunt") });
const huntRunRoute = createRoute({ getParentRoute: () => projectRoute, path: "/hunt/$run", component: lazyRouteComponent(async () => import("./screens/hunt/hunt-run.tsx"), "HuntRun") });
const reactivateRoute = createRoute({ getParentRoute: () => projectRoute, path: "/reactivate", component: lazyRouteComponent(async () => import("./screens/reactivate/reactivate.tsx"), "Reactivate") });
const campaignRoute = createRoute({ getParentRoute: () => projectRoute, path: "/reactivate/$campaign", component: lazyRouteComponent(async () => import("./screens/reactivate/campaign.tsx"), "CampaignPage") });
const setupRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/setup",
  validateSearch: z.object({ step: z.optional(z.enum(["read", "review", "connect", "call", "live"])), customer: words }),
  component: lazyRouteComponent(async () => import("./screens/setup/setup.tsx"), "Setup"),
});
const settingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/settings",
  validateSearch: z.object({ section: z.optional(z.enum(["connections", "phones", "hosts", "people", "keys", "usage", "audit", "account", "danger"])) }),
  component: lazyRouteComponent(async () => import("./screens/settings/settings.tsx"), "Settings"),
});
const dnaRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/dna",
  validateSearch: z.object({
    view: z.catch(z.optional(z.enum(["edit", "found", "history"])), undefined),
    section: z.catch(z.optional(z.enum(["business", "services", "hours", "people", "words", "inbound", "consent", "privacy", "brand", "hunt", "scoring", "reactivation", "pages", "live"])), undefined),
  }),
  component: lazyRouteComponent(async () => import("./screens/dna/dna.tsx"), "Dna"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, signInRoute, newRoute, verifyRoute, forgotRoute, resetRoute, invitationRoute, projectRoute.addChildren([nowRoute, leadsRoute, leadRoute, callsRoute, callRoute, huntRoute, huntRunRoute, reactivateRoute, campaignRoute, pagesRoute, pageRoute, reportsRoute, runsRoute, runRoute, dnaRoute, setupRoute, settingsRoute])]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
