// What `page_weight` asks of npm packages: `node page_weight.mjs` reads a task as JSON from its standard input.
//
//   static, sheets, kept, scripts  the folder of the assets; the sheets and scripts of all pages in it, in their order;
//                                  and the sheets that stay whole
//   others                         the scripts that only some pages have, or ask for later
//   pages                          the files of the pages, in which pictures are rewritten and blocks get their heights
//   styles, script                 where the one sheet and the one script go, beside the assets

import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";
import { optimize } from "svgo";
import { withHeights } from "./block_heights.mjs";

/** The task; of a thread the pages that are its part. */
async function given() {
  if (!isMainThread) return workerData;
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  return JSON.parse(input);
}
const task = await given();
const asset = (name) => path.join(task.static, name);

const MOST_THREADS = 8;
const PLOT = /<svg\b[^>]*\brole="img"[\s\S]*?<\/svg>/g;

// Two decimals are a hundredth of a point. Names stay, which tests and styles refer to; so does what is hidden, the
// layout for phones.
const pictures = {
  floatPrecision: 2,
  plugins: [
    {
      name: "preset-default",
      params: {
        overrides: {
          cleanupIds: false,
          collapseGroups: false,
          mergePaths: false,
          removeHiddenElems: false,
          removeUnknownsAndDefaults: { keepRoleAttr: true, keepAriaAttrs: true },
        },
      },
    },
    "removeXlink",
  ],
};

const lightened = (plot) => {
  const { data } = optimize(plot, pictures);
  return data.length < plot.length ? data : plot;
};

/** The sheets as one, their addresses seen from the folder of the assets; of a package's sheets what a page can use. */
async function styles(words) {
  const content = [{ raw: [...words].join(" "), extension: "html" }];
  const kept = new Set(task.kept.map(asset));
  const sheets = {
    name: "sheets",
    setup(bundler) {
      bundler.onResolve({ filter: /./ }, ({ path: url, resolveDir, kind }) => {
        if (/^(data:|#)/.test(url)) return { path: url, external: true };
        const file = path.join(resolveDir, url);
        return kind === "import-rule"
          ? { path: file }
          : { path: path.relative(task.static, file).replaceAll(path.sep, "/"), external: true };
      });
      bundler.onLoad({ filter: /./ }, async ({ path: file }) => {
        const raw = await readFile(file, "utf8");
        if (kept.has(file)) return { contents: raw, loader: "css" };
        // These names are composed by Bootstrap's script out of parts.
        const [{ css }] = await new PurgeCSS().purge({ content, css: [{ raw }], safelist: [/^bs-tooltip/] });
        return { contents: css, loader: "css" };
      });
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: task.sheets.map((name) => `@import "${name}";`).join("\n"), loader: "css", resolveDir: task.static },
    bundle: true,
    minify: true,
    write: false,
    legalComments: "inline",
    logLevel: "error",
    plugins: [sheets],
  });
  return outputFiles[0].text;
}

// What a package's script does that this book does in its own way, and what stands there instead. The theme asks every
// box how wide its content is, when the page is loaded and after each change of a figure, which lays out all of it;
// book.js asks those that can be seen.
const REPLACED = {
  "scripts/pydata-sphinx-theme.js": [/"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)/, "0"],
};

/** A script's text, without what is replaced. */
async function script(name) {
  const source = await readFile(asset(name), "utf8");
  const [pattern, replacement] = REPLACED[name] ?? [/^/, ""];
  if (!pattern.test(source)) throw new Error(`${name} has changed: nothing in it is like ${pattern}`);
  return source.replace(pattern, replacement);
}

// What nobody waits for: a task of its own each, after the first paint.
const LATER = new Set(["scripts/sphinx-book-theme.js", "scripts/pydata-sphinx-theme.js"]);

/** The scripts as one. A directive at the head of the first would hold for all: the semicolon before it ends that. */
async function scripts() {
  const parts = await Promise.all(
    task.scripts.map(async (name) => {
      const { code } = await transform(await script(name), { minify: true, target: "es2020", legalComments: "inline" });
      return LATER.has(name) ? `setTimeout(()=>{${code}})` : code;
    }),
  );
  return `;${parts.join(";\n")}`;
}

// A rule stays if the names in its selector stand in a tag of the pages, or anywhere in their scripts.
const words = new Set();
const note = (text) => {
  for (const [word] of text.matchAll(/[\w-]+/g)) words.add(word);
};

async function lighten(pages) {
  for (const page of pages) {
    const html = await readFile(page, "utf8");
    for (const [tag] of html.matchAll(/<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi)) note(tag);
    const lighter = withHeights(html.replace(PLOT, lightened));
    if (lighter !== html) await writeFile(page, lighter);
  }
}

/** The same by several threads, between which the pages are dealt out. */
async function lightenByThreads(pages) {
  const count = Math.min(availableParallelism(), MOST_THREADS, pages.length);
  const threads = Array.from({ length: count }, (_, n) => {
    const part = pages.filter((_, i) => i % count === n);
    return new Worker(new URL(import.meta.url), { workerData: { pages: part } });
  });
  // A thread's error is this program's.
  for (const [found] of await Promise.all(threads.map((thread) => once(thread, "message")))) found.forEach((word) => words.add(word));
}

if (isMainThread) {
  await lightenByThreads(task.pages);
  for (const name of [...task.scripts, ...task.others]) note(await readFile(asset(name), "utf8"));
  await writeFile(asset(task.styles), await styles(words));
  await writeFile(asset(task.script), await scripts());
} else {
  await lighten(task.pages);
  parentPort.postMessage(words);
}
