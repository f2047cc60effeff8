import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { firstLoadBudget } from "./budget.ts";

/** Where `npm start` and `npm run dev` have the Worker. */
const api = process.env["APEX_API"] ?? "http://127.0.0.1:8787";
const proxy = { "/api": { target: api, ws: true } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), firstLoadBudget()],
  resolve: { alias: { "@": path.join(import.meta.dirname, "src") } },
  server: { proxy },
  preview: { proxy },
  build: { target: "es2023", sourcemap: false },
});
