/* In place of Zod's messages in fifty languages, which are a twentieth of the bundle and which nothing here says (wrangler.toml, `alias`). */
export {};
