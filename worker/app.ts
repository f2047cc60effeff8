import { OpenAPIHono } from "@hono/zod-openapi";
import { documentSchema } from "./docs/document.ts";
import { referencePage } from "./docs/page.ts";
import { REFERENCE_CSP } from "./docs/style.ts";
import { limitedBody } from "./middleware/body.ts";
import { cors } from "./middleware/cors.ts";
import { onError, onNotFound } from "./middleware/problem.ts";
import { requestId } from "./middleware/request-id.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { apiKeysRoutes } from "./routes/api-keys.routes.ts";
import { auditRoutes } from "./routes/audit.routes.ts";
import { authRoutes } from "./routes/auth.routes.ts";
import { blocklistRoutes } from "./routes/blocklist.routes.ts";
import { callsRoutes } from "./routes/calls.routes.ts";
import { contextRoutes } from "./routes/context.routes.ts";
import { destinationsRoutes } from "./routes/destinations.routes.ts";
import { dnaHistoryRoutes } from "./routes/dna-history.routes.ts";
import { dnaRoutes } from "./routes/dna.routes.ts";
import { entitiesExportRoutes } from "./routes/entities-export.routes.ts";
import { entitiesRoutes } from "./routes/entities.routes.ts";
import { createHealthRoutes, VERSION } from "./routes/health.routes.ts";
import { intakeRoutes } from "./routes/intake.routes.ts";
import { invitationsRoutes } from "./routes/invitations.routes.ts";
import { leadCardRoutes } from "./routes/lead-card.routes.ts";
import { membersRoutes } from "./routes/members.routes.ts";
import { messagesRoutes } from "./routes/messages.routes.ts";
import { passwordsRoutes } from "./routes/passwords.routes.ts";
import { projectsRoutes } from "./routes/projects.routes.ts";
import { runsRoutes } from "./routes/runs.routes.ts";
import { schemasRoutes } from "./routes/schemas.routes.ts";
import { numbersRoutes } from "./routes/numbers.routes.ts";
import { operatorRoutes } from "./routes/operator.routes.ts";
import { privacyRoutes } from "./routes/privacy.routes.ts";
import { secretsRoutes } from "./routes/secrets.routes.ts";
import { sessionsRoutes } from "./routes/sessions.routes.ts";
import { smsRoutes } from "./routes/sms.routes.ts";
import { statsRoutes } from "./routes/stats.routes.ts";
import { usageRoutes } from "./routes/usage.routes.ts";
import { verificationRoutes } from "./routes/verification.routes.ts";
import { voiceRoutes } from "./routes/voice.routes.ts";
import type { AppEnv, Services } from "./services.ts";

/** The HTTP surface. `servicesOf` is called a request, since an isolate may serve several environments in tests. */
export const createApp = (servicesOf: (env: Cloudflare.Env) => Services) => {
  const app = new OpenAPIHono<AppEnv>();
  app.use(requestId);
  app.use(async (c, next) => {
    c.set("services", servicesOf(c.env));
    await next();
  });
  app.use(securityHeaders);
  app.use(cors);
  app.use(limitedBody);
  app.onError(onError);
  app.notFound(onNotFound);

  for (const routes of [createHealthRoutes(), intakeRoutes, authRoutes, sessionsRoutes, passwordsRoutes, verificationRoutes, apiKeysRoutes, membersRoutes, invitationsRoutes, projectsRoutes, dnaRoutes, dnaHistoryRoutes, contextRoutes, schemasRoutes, runsRoutes, entitiesExportRoutes, entitiesRoutes, privacyRoutes, secretsRoutes, numbersRoutes, destinationsRoutes, operatorRoutes, callsRoutes, statsRoutes, usageRoutes, messagesRoutes, blocklistRoutes, auditRoutes]) app.route("/", routes);
  app.route("/", leadCardRoutes);
  app.route("/", voiceRoutes);
  app.route("/", smsRoutes);

  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  const about = { openapi: "3.1.0", info: { title: "Apex", version: VERSION, description: "A form becomes a conversation." } };
  app.doc31("/openapi.json", about);
  app.get("/docs", async (c) => c.html(await referencePage(documentSchema.parse(app.getOpenAPI31Document(about))), 200, { "Content-Security-Policy": REFERENCE_CSP }));
  return app;
};
