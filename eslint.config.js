import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** The rooms of the house, from the roof down. A room may import from itself and from rooms below it, never from above. */
const rooms = ["worker", "agents", "durable", "core"];
const zones = rooms.flatMap((room, floor) =>
  rooms.slice(0, floor).map((above) => ({
    target: `./${room}`,
    from: `./${above}`,
    message: `${room}/ is below ${above}/: imports only point down (docs/design/0001-the-house.md).`,
  })),
);
/** Stand-ins speak the vendors' wire formats and share no code with the product, so that they cannot share its mistakes. */
const outside = rooms.map((room) => ({ target: "./sandbox", from: `./${room}`, message: "The sandbox imports nothing from the product." }));

/** The dashboard calls the API over HTTP, by the types that the API publishes of itself. */
const screens = [...rooms, "sandbox", "scripts"].map((room) => ({ target: "./dashboard", from: `./${room}`, message: "The dashboard imports nothing from the Worker's side." }));

export default tseslint.config(
  { ignores: ["node_modules/", ".wordpress/", "**/.wrangler/", "**/dist/", "dashboard/public/", "dashboard/src/api/schema.d.ts", "sandbox/websites/pages/", "worker-configuration.d.ts", "eslint.config.js", "scripts/node-version.mjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./tsconfig.node.json", "./tsconfig.wordpress.json", "./dashboard/tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "import-x": importX },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: [...zones, ...outside, ...screens] }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-console": "error",
    },
  },
  {
    // Some of it is imported by what runs in workerd, whose types would be taken for Node's.
    files: ["sandbox/**"],
    languageOptions: { parserOptions: { project: ["./tsconfig.node.json"] } },
  },
  {
    files: ["scripts/**", "bench/**", "sandbox/**", "test/system/**", "test/wordpress/**", "test/support/quiet-console.ts"],
    rules: { "no-console": "off" },
  },
);
