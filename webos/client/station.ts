/** Asking the station. Every answer is a page's fragment; a session that has ended leads to the sign-in form. */

import { parsed } from './trusted';

export interface Fragment {
  /** Address that answered, after redirects. */
  path: string;
  title: string;
  /** Seconds after which the page asks for itself again; null for never. */
  refreshSeconds: number | null;
  /** It answers a form: asking for its address again would not give it. */
  isAnswer: boolean;
  content: Element;
}

export class StationUnreachable extends Error {}

/** Loads a page of the station, or sends one of its forms. */
export async function ask(path: string, form?: FormData): Promise<Fragment> {
  const request: RequestInit = { headers: { 'X-Fragment': '1' }, credentials: 'same-origin', cache: 'no-store' };
  if (form) {
    request.method = 'POST';
    request.body = new URLSearchParams([...form].filter((field): field is [string, string] => typeof field[1] === 'string'));
  }

  let response: Response;
  try {
    response = await fetch(path, request);
  } catch (cause) {
    throw new StationUnreachable('The station does not answer.', { cause });
  }

  const reached = new URL(response.url);
  if (reached.pathname === '/sign-in') signInAgain();
  const content = parsed(await response.text()).querySelector('[data-title]');
  if (!content) throw new Error('The station answered with something that is not a page.');
  const refresh = content.getAttribute('data-refresh');
  return {
    path: reached.pathname + reached.search,
    title: content.getAttribute('data-title') ?? '',
    refreshSeconds: refresh ? Number(refresh) : null,
    isAnswer: content.querySelector('[data-answer]') !== null,
    content,
  };
}

/** Keeps the desktop of this person. Whether it was kept is not worth an interruption. */
export async function keepDesktop(desktop: unknown): Promise<void> {
  await fetch('/desktop', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify(desktop),
    keepalive: true,
  }).catch(() => undefined);
}

function signInAgain(): never {
  location.assign('/sign-in?return=/');
  throw new StationUnreachable('The session has ended.');
}
