const LEGEND_LINE = 18;

/**
 * The drawing as a file of its own: the page's colours are written into it, since it leaves the page's styles, and the
 * legend that stands beside it as HTML. Equal drawings give equal bytes: generated ids are counted anew, and what only
 * the page uses is left out.
 */
export function svgToText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const painted = svg.querySelectorAll<SVGElement>("*");
  copy.querySelectorAll<SVGElement>("*").forEach((element, at) => {
    const source = painted[at];
    if (!source) return;
    const style = getComputedStyle(source);
    for (const name of [
      "fill",
      "stroke",
      "stroke-width",
      "stroke-dasharray",
      "opacity",
      "font-size",
      "font-weight",
    ]) {
      element.style.setProperty(name, style.getPropertyValue(name));
    }
    element.style.setProperty("font-family", "sans-serif");
  });
  const { width, height } = sizeOf(svg);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.style.setProperty("background", getComputedStyle(document.body).backgroundColor);
  withoutPage(copy);
  return stableIds(new XMLSerializer().serializeToString(addLegend(copy, svg)));
}

/** Whole pixels: a page's own place may give fractions that differ from visit to visit. */
function sizeOf(svg: SVGSVGElement): { width: number; height: number } {
  const { width, height } = svg.getBoundingClientRect();
  return { width: Math.round(width), height: Math.round(height) + legendOf(svg).length * LEGEND_LINE };
}

function withoutPage(copy: SVGSVGElement): void {
  for (const element of [copy, ...copy.querySelectorAll<SVGElement>("*")]) {
    for (const name of ["tabindex", "data-mark", "class"]) element.removeAttribute(name);
  }
}

/** `id="…"` and what refers to it, numbered in their order. */
export function stableIds(text: string): string {
  const ids = [...new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id))];
  return ids.reduce(
    (all, id, at) =>
      all
        .replaceAll(` id="${id}"`, ` id="part${at}"`)
        .replaceAll(`#${id})`, `#part${at})`)
        .replaceAll(`"#${id}"`, `"#part${at}"`)
        .replaceAll(`#${id}&quot;`, `#part${at}&quot;`),
    text,
  );
}

/** The names and colours of Recharts' legend, which it draws outside the drawing. */
function legendOf(svg: SVGSVGElement): { name: string; colour: string }[] {
  const items = svg.closest(".recharts-wrapper")?.querySelectorAll(".recharts-legend-item-text") ?? [];
  return [...items].map((item) => ({ name: item.textContent ?? "", colour: getComputedStyle(item).color }));
}

function addLegend(copy: SVGSVGElement, svg: SVGSVGElement): SVGSVGElement {
  const { height } = svg.getBoundingClientRect();
  const legend = legendOf(svg);
  if (legend.length === 0) return copy;
  const { width, height: whole } = sizeOf(svg);
  copy.setAttribute("viewBox", `0 0 ${width} ${whole}`);
  legend.forEach(({ name, colour }, at) => {
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("x", "12");
    text.setAttribute("y", String(Math.round(height) + at * LEGEND_LINE + 12));
    text.setAttribute("style", `fill: ${colour}; font: 12px sans-serif`);
    text.textContent = name;
    copy.append(text);
  });
  return copy;
}

/** The drawing at twice its size on the page. */
export async function svgToPng(svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = sizeOf(svg);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgToText(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("the drawing could not be encoded as PNG")),
    ),
  );
}
