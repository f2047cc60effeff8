import { createRoute, z } from "@hono/zod-openapi";
import apexPages from "../../core/providers/wordpress/apex-pages.php";
import { createRouter } from "../router.ts";

const plugin = createRoute({
  method: "get",
  path: "/downloads/apex-pages.php",
  summary: "The helper plugin for a WordPress that pages are published to",
  description: "Public: whoever looks after the website has no account here. Goes into `wp-content/mu-plugins/`.",
  responses: { 200: { description: "PHP, as a file to keep", content: { "application/octet-stream": { schema: z.string() } } } },
});

export const downloadsRoutes = createRouter().openapi(plugin, () =>
  new Response(apexPages, { headers: { "Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="apex-pages.php"', "Cache-Control": "public, max-age=3600" } }),
);
