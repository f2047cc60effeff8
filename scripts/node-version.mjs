// Loaded before a script (`node --import ./scripts/node-version.mjs scripts/dev.ts`), in plain JavaScript, since an older
// Node fails at the first type in a .ts file and says nothing that helps.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`This needs Node 22.18 or newer (24 is best), and this is ${process.version}: run it by npm ("npm run dev", "npm start"), which brings its own on Linux x64, or install Node 24.`);
  process.exit(1);
}
