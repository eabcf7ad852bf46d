// Many elements of one kind in a picture.

import { change, svgElement } from "./view.js";

/** Make the list `elements`, children of `parent`, so long. */
export function keep(elements, parent, tag, count) {
  while (elements.length > count) elements.pop().remove();
  while (elements.length < count) elements.push(parent.appendChild(svgElement(tag)));
}

/**
 * A function that draws shapes into `parent`, each `{ d, ...attributes }`, in place of those that it drew before. All with
 * the same attributes are one path, at the place of the first: an element for each would cost the browser more than all of
 * the rest.
 */
export function patches(parent) {
  const paths = [];
  return (shapes) => {
    const alike = new Map();
    for (const { d, ...attributes } of shapes) {
      const key = Object.values(attributes).join();
      if (!alike.has(key)) alike.set(key, { attributes, outlines: [] });
      alike.get(key).outlines.push(d);
    }
    keep(paths, parent, "path", alike.size);
    [...alike.values()].forEach(({ attributes, outlines }, k) => change(paths[k], { ...attributes, d: outlines.join("") }));
  };
}
