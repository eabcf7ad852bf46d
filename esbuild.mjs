// Bundles the figures: `node esbuild.mjs` after `npm ci`; the package's build hook (hatch_build.py) runs both.
//
// Every folder src/helpers/widgets/js/<topic>/ with an index.js becomes two bundles of the same source:
//   static/<topic>.mjs      an ES module for Jupyter (anywidget), KaTeX included
//   static/<topic>.page.js  a classic script for the static page, because browsers refuse modules from file://;
//                           KaTeX is the page's own, and what topics share is in page.js: a page loads it once, a
//                           reader's browser once for all chapters
// Beside them: page.js (the page's host), figures.css, theme.css, katex/ and the licences of what was bundled.

import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(root, "src/helpers/widgets/js");
const bundles = path.join(root, "src/helpers/widgets/static");
const out = `${bundles}.partial`; // becomes static/ when all of it is there
const notTopics = new Set(["generated", "shared"]);

// Looked for when a formula is set: page.js fetches it together with the first figure.
const KATEX = "module.exports = { render: (...formula) => globalThis.katex.render(...formula) };";
const katexOfThePage = {
  name: "katex-of-the-page",
  setup(bundler) {
    bundler.onResolve({ filter: /^katex$/ }, () => ({ path: "katex", namespace: "page" }));
    bundler.onLoad({ filter: /.*/, namespace: "page" }, () => ({ contents: KATEX }));
  },
};

// What the topics have in common: shared/, but for what two of them use and what brings a large package with it; and of
// the packages that most use these names.
const ofFew = new Set(["determinant.js", "warp.js"]);
const shared = (await readdir(path.join(source, "shared")))
  .filter((name) => name.endsWith(".js") && !ofFew.has(name))
  .sort();
const packages = {
  "d3-axis": ["axisBottom", "axisLeft"],
  "d3-scale": ["scaleBand", "scaleLinear", "scaleLog"],
  "d3-selection": ["pointer", "select"],
};
const SHARED = "globalThis.derivationsShared";

const sharedOfThePage = {
  name: "shared-of-the-page",
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\.\/shared\/|^d3-/ }, ({ path: name }) => {
      const isShared = name in packages || shared.includes(path.basename(name));
      return isShared ? { path: path.basename(name), namespace: "shared" } : null;
    });
    bundler.onLoad({ filter: /.*/, namespace: "shared" }, ({ path: name }) => ({
      contents: packages[name]
        ? `export const { ${packages[name]} } = ${SHARED}["${name}"];`
        : `module.exports = ${SHARED}["${name}"];`,
    }));
  },
};

/** The page's host with all that topics share. */
function host() {
  const modules = [
    ...shared.map((name) => [name, "*", `./shared/${name}`]),
    ...Object.entries(packages).map(([name, names]) => [name, `{ ${names} }`, name]),
  ];
  const lines = modules.map(([name, what, from], i) =>
    what === "*"
      ? `import * as m${i} from "${from}"; shared["${name}"] = m${i};`
      : `import ${what} from "${from}"; shared["${name}"] = ${what};`,
  );
  return `const shared = (${SHARED} = {});\n${lines.join("\n")}\nimport "./page.js";`;
}

const options = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2020",
  logLevel: "warning",
  metafile: true,
};

const topics = (await readdir(source, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && !notTopics.has(entry.name))
  .map((entry) => entry.name)
  .filter((topic) => existsSync(path.join(source, topic, "index.js")))
  .sort();

async function scripts() {
  const builds = topics.flatMap((topic) => {
    const entry = path.join(source, topic, "index.js");
    return [
      build({
        ...options,
        entryPoints: [entry],
        format: "esm",
        outfile: path.join(out, `${topic}.mjs`),
        define: { __PAGE__: "false", __TOPIC__: JSON.stringify(topic) },
      }),
      build({
        ...options,
        entryPoints: [entry],
        format: "iife",
        globalName: `derivations_${topic}`,
        outfile: path.join(out, `${topic}.page.js`),
        plugins: [katexOfThePage, sharedOfThePage],
        define: { __PAGE__: "true", __TOPIC__: JSON.stringify(topic) },
      }),
    ];
  });
  builds.push(
    build({
      ...options,
      stdin: { contents: host(), resolveDir: source, sourcefile: "host.js" },
      format: "iife",
      outfile: path.join(out, "page.js"),
      plugins: [katexOfThePage],
      // The root of a figure in the page says its topic.
      define: { __PAGE__: "true", __TOPIC__: "el.dataset.topic" },
    }),
  );
  return Promise.all(builds);
}

// The names of a topic's classes are its own: its sheet holds inside its figures alone, with no more weight than the
// common ones. Nesting is written out, for browsers that do not know it.
async function styles() {
  const sheet = async (file, topic) => {
    const rules = await readFile(path.join(source, file), "utf8");
    return topic ? `:where([data-topic="${topic}"]) {\n${rules}\n}` : rules;
  };
  const common = await Promise.all(["theme.css", "figures.css", "heights.css"].map((file) => sheet(file)));
  const own = await Promise.all(
    topics
      .filter((topic) => existsSync(path.join(source, topic, `${topic}.css`)))
      .map((topic) => sheet(`${topic}/${topic}.css`, topic)),
  );
  for (const [name, parts] of Object.entries({ theme: common.slice(0, 1), figures: [...common, ...own] })) {
    await build({
      ...options,
      supported: { nesting: false },
      stdin: { contents: parts.join("\n"), loader: "css", resolveDir: source },
      outfile: path.join(out, `${name}.css`),
    });
  }
}

async function katex() {
  const dist = path.join(root, "node_modules/katex/dist");
  const copy = path.join(out, "katex");
  await mkdir(path.join(copy, "fonts"), { recursive: true });
  await cp(path.join(dist, "katex.min.js"), path.join(copy, "katex.min.js"));
  const css = await readFile(path.join(dist, "katex.min.css"), "utf8");
  // Every browser that runs the figures reads WOFF2; the older formats are neither shipped nor referred to.
  const woff2Only = css.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("[^"]+"\)/g, "");
  await writeFile(path.join(copy, "katex.min.css"), woff2Only);
  for (const font of await readdir(path.join(dist, "fonts"))) {
    if (font.endsWith(".woff2")) await cp(path.join(dist, "fonts", font), path.join(copy, "fonts", font));
  }
}

async function licences(results) {
  const packages = new Set(["katex"]);
  for (const { metafile } of results) {
    for (const input of Object.keys(metafile.inputs)) {
      const match = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
      if (match) packages.add(match[1]);
    }
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = path.join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(path.join(folder, file), "utf8") : "";
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await writeFile(path.join(out, "THIRD_PARTY_LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
try {
  await Promise.all([styles(), katex(), licences(await scripts())]);
} catch (error) {
  // esbuild has printed what is wrong with a source, and its stack says nothing more.
  if (!error.errors) throw error;
  process.exit(1);
}
await rm(bundles, { recursive: true, force: true });
await rename(out, bundles);
console.log(`figures: ${topics.length ? topics.join(", ") : "none yet"} -> ${path.relative(root, bundles)}`);
