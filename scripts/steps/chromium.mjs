/** Finds a Chromium for the browser tests, or installs one with the means at hand. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { step } from './progress.mjs';
import { StepFailure, quietly } from './run.mjs';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** What a screenshot of a room needs to be readable, as fontconfig asks for it. */
const SCRIPTS = { Arabic: 'ar', Hebrew: 'he', Devanagari: 'hi', Chinese: 'zh-cn', emoji: 'und-zsye' };
const FONT_PACKAGES = ['fontconfig', 'fonts-noto-core', 'fonts-noto-color-emoji', 'fonts-wqy-microhei'];

/** @returns {Promise<string>} path of a Chromium that runs */
export async function chromium() {
  const given = process.env.CHROMIUM_PATH || process.env.THICKET_CHROMIUM;
  if (given) {
    if (runs(given)) return given;
    throw new StepFailure(`CHROMIUM_PATH names "${given}", which is not a Chromium that runs.`);
  }
  const found = [...onPath(), ...playwrights()].find(runs);
  const missingFonts = found === undefined || missingScripts().length > 0;
  if (found !== undefined && !missingFonts) return found;
  if (found !== undefined) {
    await fonts();
    return found;
  }
  await apt(['chromium', ...FONT_PACKAGES], 'Installing Chromium and fonts for the browser tests', 'The browser tests need a '
    + 'Chromium. Install one (Debian, Ubuntu: "apt-get install chromium"; anywhere: "npx playwright-core install chromium"), '
    + 'or name one in CHROMIUM_PATH, and run the tests again.');
  const installed = onPath().find(runs);
  if (installed === undefined) throw new StepFailure('Chromium was installed but does not run; try "chromium --version".');
  return installed;
}

/** Missing fonts spoil screenshots, not tests, so not being able to install them is only said. */
async function fonts() {
  try {
    await apt(FONT_PACKAGES, 'Installing fonts for screenshots', 'no means to install them');
  } catch {
    console.log(`  No fonts for ${missingScripts().join(', ')}: screenshots will show boxes. Debian: apt-get install ${FONT_PACKAGES.join(' ')}`);
  }
}

function missingScripts() {
  const asked = (language) => spawnSync('fc-list', [`:lang=${language}`, 'family'], { encoding: 'utf8' });
  return Object.entries(SCRIPTS).filter(([, language]) => (asked(language).stdout ?? '').trim() === '').map(([script]) => script);
}

async function apt(packages, title, advice) {
  const sudo = asRoot();
  if (sudo === undefined || !has('apt-get')) throw new StepFailure(advice);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return quietly(command, rest, { env, failure: advice });
  };
  await step(title, async () => {
    await run('update', '-q');
    await run('install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages);
  });
}

/** @returns {string[] | undefined} what to put before a command to run it as root */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { timeout: 10_000 }).status === 0 ? ['sudo', '-n'] : undefined;
}

const folders = () => (process.env.PATH ?? '').split(path.delimiter);
const has = (program) => folders().some((folder) => existsSync(path.join(folder, program)));
const onPath = () =>
  PROGRAMS.flatMap((program) => [...folders(), '/usr/bin'].map((folder) => path.join(folder, program))).filter((file) => existsSync(file));

/** Browsers that Playwright installed, the newest first. */
function playwrights() {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH || path.join(homedir(), '.cache/ms-playwright');
  if (!existsSync(cache)) return [];
  const builds = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name)).sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)));
  return builds.flatMap((build) => ['chrome-linux64/chrome', 'chrome-linux/chrome'].map((file) => path.join(cache, build, file)));
}

function runs(binary) {
  if (!existsSync(binary)) return false;
  const asked = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 60_000 });
  return asked.status === 0 && /chrom/i.test(asked.stdout);
}
