/** Nodes without strings of HTML, so that a page's Trusted Types have nothing to refuse. */

type Child = Node | string | null | undefined | false;

/** What may be said of a node: listeners by `on...`, properties by `.name`, everything else is an attribute; `true` is an empty one. */
type Props = Record<string, unknown>;

const SVG = "http://www.w3.org/2000/svg";

function fill<N extends Element>(node: N, props: Props, children: Child[]): N {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value as EventListener);
    else if (name.startsWith(".")) (node as unknown as Props)[name.slice(1)] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return node;
}

/** An element of HTML. */
export const h = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] =>
  fill(document.createElement(tag), props, children);

/** A drawn sign of 16 by 16, said by its path; it means nothing by itself. */
export const sign = (path: string): SVGElement =>
  fill(document.createElementNS(SVG, "svg"), { viewBox: "0 0 16 16", "aria-hidden": "true", class: "sign" }, [
    fill(document.createElementNS(SVG, "path"), { d: path }, []),
  ]) as SVGElement;

/** A style sheet that no policy of the page has to allow. */
export function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
