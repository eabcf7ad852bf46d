// Pictures that nobody can hear: an image without words in its place, an SVG picture without a name.
() => [
  ...[...document.querySelectorAll("img")].filter((image) => !(image.alt ?? "").trim() && image.getAttribute("role") !== "presentation"),
  ...[...document.querySelectorAll("svg[role=img]:not([aria-hidden=true])")].filter((picture) => !(picture.ariaLabel ?? "").trim() && !picture.querySelector(":scope > title")),
].map((element) => `no name: ${element.outerHTML.slice(0, 150)}`)
