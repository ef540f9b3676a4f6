/** Runs before the page is painted: sets the theme, nothing else. */
import { applyTheme } from './theme.js';

applyTheme();
