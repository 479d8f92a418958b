// Bundles the portal's scripts and styles into ../static/dist, which is committed: nothing is fetched at run time.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";
import { landPolygons, packed, svgPath } from "./land.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const modules = join(here, "node_modules");
const LAND_PRECISION = 100; // steps in one degree

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

const scripts = await build({
  entryPoints: [join(here, "src/portal.js"), join(here, "src/map.js"), join(here, "src/saved.js")],
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const styles = sass.compile(join(here, "src/portal.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(dist, "portal.css"), styles.css + "\n");

const detailed = packed(landPolygons("50m"), LAND_PRECISION, 0.04);
writeFileSync(join(dist, "land.json"), JSON.stringify({ precision: LAND_PRECISION, polygons: detailed }) + "\n");
const outline = svgPath(landPolygons("110m"), 0.3);
writeFileSync(
  join(dist, "land.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180"><path fill="#d9d4c5" d="${outline}"/></svg>\n`,
);

const bundled = new Set(["bootstrap", "world-atlas"]);
for (const input of Object.keys(scripts.metafile.inputs)) {
  const name = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];
  if (name) bundled.add(name);
}
writeFileSync(join(dist, "THIRD_PARTY_LICENCES.txt"), notices([...bundled].sort()));

function notices(names) {
  const head = "The files beside this one contain, in whole or in part, the following software and data.\n";
  return head + names.map(notice).join("");
}

function notice(name) {
  const { version, license, homepage } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  const file = readdirSync(join(modules, name)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file: see to it that its notice is kept`);
  const text = readFileSync(join(modules, name, file), "utf8").trim();
  return `\n${"=".repeat(78)}\n${name} ${version} (${license})${homepage ? `\n${homepage}` : ""}\n\n${text}\n`;
}
