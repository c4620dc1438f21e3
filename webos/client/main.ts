/** Brings to life what the station rendered: the desktop, or one page of it. */

import { startPage } from './page';
import { startDesktop } from './shell';

if (document.querySelector('#windows')) startDesktop();
else startPage();
