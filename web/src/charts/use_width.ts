// The width that an element has now.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

export function useWidth(element: RefObject<HTMLElement | null>, start = 320): number {
  const [width, setWidth] = useState(start);
  useEffect(() => {
    const current = element.current;
    if (current === null) return;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth || start));
    observer.observe(current);
    setWidth(current.clientWidth || start);
    return () => observer.disconnect();
  }, [element, start]);
  return width;
}
