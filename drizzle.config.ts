import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "sqlite", schema: "./core/memory/schema.ts", out: "./migrations" });
