/**
 * Making elements. Text only ever becomes text: whatever bytes say, nothing on
 * the page is read as HTML.
 *
 * @module
 */
/// <reference lib="dom" />

type Attributes = Record<string, string | number>;

/** An element with its attributes and what is in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  return filled(made, attributes, children);
}

/** The same for an element of a drawing. */
export function drawn<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  return filled(made, attributes, children);
}

function filled<Made extends Element>(
  made: Made,
  attributes: Attributes,
  children: (Node | string)[],
): Made {
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, `${value}`);
  }
  made.append(...children);
  return made;
}

/** The element of the page with this id. */
export function find<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  id: string,
): HTMLElementTagNameMap[Name] {
  const found = document.getElementById(id);
  if (found?.localName !== name) {
    throw new Error(`The page has no ${name} ${id}`);
  }
  return found as HTMLElementTagNameMap[Name];
}
