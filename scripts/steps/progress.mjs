/**
 * Shows that something is going on: a spinner with seconds on a terminal, a line now and then elsewhere.
 */
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 100;
/** How often a log that is not a terminal hears that work goes on. */
const STILL_MS = 10_000;

export const seconds = (ms) => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);

/**
 * Runs `work` under a title.
 * @template T
 * @param {string} title what is done, such as "Installing packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const began = Date.now();
  const stop = process.stdout.isTTY ? spin(title, began) : report(title, began);
  try {
    const result = await work();
    stop(`✓ ${title} (${seconds(Date.now() - began)})`);
    return result;
  } catch (error) {
    stop(`✗ ${title}`);
    throw error;
  }
}

function spin(title, began) {
  let frame = 0;
  const draw = () => {
    frame = (frame + 1) % FRAMES.length;
    process.stdout.write(`\r\x1b[2K${FRAMES[frame]} ${title} ${seconds(Date.now() - began)}`);
  };
  draw();
  const timer = setInterval(draw, SPIN_MS);
  return (last) => {
    clearInterval(timer);
    process.stdout.write(`\r\x1b[2K${last}\n`);
  };
}

function report(title, began) {
  console.log(`… ${title}`);
  const timer = setInterval(() => console.log(`… ${title}: ${seconds(Date.now() - began)} so far`), STILL_MS);
  return (last) => {
    clearInterval(timer);
    console.log(last);
  };
}
