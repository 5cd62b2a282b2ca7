/** Text as it may stand in an element or between double quotes of an attribute, in HTML and in SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

type Attributes = Record<string, string | number | undefined>;

/** An element. @param content markup, not text */
export function element(name: string, attributes: Attributes, content: readonly string[] = []): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}="${escapeMarkup(String(value))}"`,
  );
  return `<${name}${written.join("")}>${content.join("")}</${name}>`;
}
