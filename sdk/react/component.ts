/** What makes a React component of an element: React 18 and 19 treat properties of custom elements differently, so neither is asked to. */

import {
  type CSSProperties,
  type ForwardRefExoticComponent,
  type ReactNode,
  type Ref,
  type RefAttributes,
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

/** What every component takes besides its element's own: whatever styles or names a piece of a page. */
export interface PageProps {
  id?: string;
  className?: string;
  style?: CSSProperties;
  slot?: string;
  hidden?: boolean;
  children?: ReactNode;
  [data: `data-${string}`]: string | number | boolean | undefined;
  [aria: `aria-${string}`]: string | number | boolean | undefined;
}

/** How a component's props reach its element. */
export interface Description<Props> {
  readonly tag: string;
  /** Makes the element known to the browser; nothing of it is loaded on a server. */
  readonly load: () => Promise<unknown>;
  /** Props that are attributes, and so part of what a server renders. */
  readonly attributes: { readonly [Name in keyof Props]?: string };
  /** Props that are properties: objects, and what should not stand in a document. */
  readonly properties: readonly (keyof Props & string)[];
  /** Props that are functions which the element calls. It is given one for good, which calls the newest. */
  readonly fetchers: readonly (keyof Props & string)[];
  /** Props that are listeners, and the events that they hear. */
  readonly events: { readonly [Name in keyof Props]?: string };
}

type Values = Record<string, unknown>;

/** On a server there is no layout, and React would say so. */
const useBeforePaint = typeof document === "undefined" ? useEffect : useLayoutEffect;

const absent = (value: unknown) => value === undefined || value === null || value === false || value === "";

function attributesOf(names: Record<string, string>, props: Values): Record<string, string> {
  const said = Object.entries(names).filter(([prop]) => !absent(props[prop]));
  return Object.fromEntries(said.map(([prop, name]) => [name, props[prop] === true ? "" : String(props[prop])]));
}

/** A component of an element. */
export function component<Host extends HTMLElement, Props extends object>(
  description: Description<Props>,
): ForwardRefExoticComponent<Props & PageProps & RefAttributes<Host>> {
  const { tag, load, properties, fetchers } = description;
  const attributes = description.attributes as Record<string, string>;
  const events = description.events as Record<string, string>;
  const own = new Set<string>([...Object.keys(attributes), ...properties, ...fetchers, ...Object.keys(events)]);

  function Component(props: Props & PageProps, ref: Ref<Host>) {
    const values = props as Values;
    const element = useRef<Host>(null);
    useImperativeHandle(ref, () => element.current as Host, []);
    // What the server renders. React sets it once and then sees no change in it; the effects below do the rest.
    const [first] = useState(() => attributesOf(attributes, values));
    const newest = useRef(values);
    const given = useRef<Values>({});

    useBeforePaint(() => {
      newest.current = values;
      const host = element.current as Host;
      const now = attributesOf(attributes, values);
      for (const name of Object.values(attributes)) {
        const [said, is] = [now[name] ?? null, host.getAttribute(name)];
        if (said === (given.current[name] ?? null)) continue;
        given.current[name] = said;
        if (said === null) host.removeAttribute(name);
        else if (said !== is) host.setAttribute(name, said);
      }
      const set = (name: string, value: unknown) => {
        if ((given.current[name] ?? null) === value) return;
        given.current[name] = value;
        (host as unknown as Values)[name] = value;
      };
      for (const name of properties) set(name, values[name] ?? null);
      for (const name of fetchers) {
        const stable = given.current[name] ?? (() => (newest.current[name] as (() => unknown) | undefined)?.());
        set(name, values[name] ? stable : null);
      }
    });

    useBeforePaint(() => {
      const host = element.current as Host;
      const listeners = Object.entries(events).map(([prop, event]) => {
        const listener = (heard: Event) => (newest.current[prop] as ((event: Event) => void) | undefined)?.(heard);
        host.addEventListener(event, listener);
        return () => host.removeEventListener(event, listener);
      });
      return () => {
        for (const remove of listeners) remove();
      };
    }, []);

    // Without it there is an empty place in the page; the browser's console says why.
    useEffect(() => void load().catch(console.warn), []);

    const { className, children, ...rest } = props;
    const page = Object.fromEntries(Object.entries(rest).filter(([name]) => !own.has(name)));
    // `class`, because React 18 writes `className` of a custom element as it stands.
    return createElement(tag, { ...page, ...first, ...(className && { class: className }), ref: element }, children as ReactNode);
  }
  Component.displayName = tag;
  return forwardRef(Component as never) as never;
}
