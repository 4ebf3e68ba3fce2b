// Builds static/govuk from the locked packages and rewrites static/manifest.sha256.
// Run by a maintainer who upgrades GOV.UK Frontend: npm ci --omit=optional --ignore-scripts && npm run build
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "govuk");
const packages = join(here, "node_modules");
const version = JSON.parse(readFileSync(join(packages, "govuk-frontend", "package.json"), "utf8")).version;

// The crest belongs to GOV.UK: its rules go, and the at-rules they leave empty.
const crest = /(?<=[{}])\.govuk-footer__copyright-logo[^{},]*\{[^{}]*\}/g;
const css = sass
  .compile(join(here, "council.scss"), { loadPaths: [packages], style: "compressed", quietDeps: true })
  .css.replace(crest, "")
  .replace(/@(media|supports)[^{};]*\{\s*\}/g, "");
for (const forbidden of ["GDS Transport", "crest", "crown.svg"]) {
  if (css.includes(forbidden)) throw new Error(`the stylesheet still names ${forbidden}`);
}

const js = readFileSync(join(packages, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), "utf8")
  .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

for (const old of readdirSync(out, { withFileTypes: true })) {
  if (/^govuk-.*\.min\.(css|js)$/.test(old.name)) rmSync(join(out, old.name));
}
mkdirSync(join(out, "fonts"), { recursive: true });
writeFileSync(join(out, `govuk-${version}.min.css`), css);
writeFileSync(join(out, `govuk-${version}.min.js`), js);
const font = join(packages, "@fontsource", "source-sans-3");
for (const weight of [400, 700]) {
  const file = `source-sans-3-latin-${weight}-normal.woff2`;
  cpSync(join(font, "files", file), join(out, "fonts", file));
}
cpSync(join(font, "LICENSE"), join(out, "fonts", "OFL.txt"));

const files = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();
const root = join(out, "..");
const lines = files.map((file) => {
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
  return `${digest}  ${relative(root, file).split("\\").join("/")}`;
});
writeFileSync(join(root, "manifest.sha256"), lines.join("\n") + "\n");
// Funding links are the lock file's only addresses; without them it names no host.
const lockPath = join(here, "package-lock.json");
const lock = JSON.parse(readFileSync(lockPath, "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.funding;
writeFileSync(lockPath, JSON.stringify(lock, null, 2) + "\n");
console.log(`built ${lines.length} files for GOV.UK Frontend ${version}`);
