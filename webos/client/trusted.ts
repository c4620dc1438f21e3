/**
 * The one place where text becomes markup. What passes here was rendered by the station's templates, which encode every value; the policy of
 * the page (Trusted Types) refuses every other way.
 */
interface HtmlPolicy {
  createHTML(text: string): string;
}

const factory = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: HtmlPolicy): HtmlPolicy } }).trustedTypes;
const policy: HtmlPolicy = factory?.createPolicy('vsan', { createHTML: text => text }) ?? { createHTML: text => text };

/** A document of what the station rendered; nothing in it runs. */
export function parsed(html: string): Document {
  return new DOMParser().parseFromString(policy.createHTML(html), 'text/html');
}
