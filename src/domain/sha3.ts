const LANE = 64;
const RATE = 136; // bytes taken in at a time: (1600 - 2 × 256) / 8
const DIGEST = 32;

const rotate = (lane: bigint, by: number) =>
  BigInt.asUintN(LANE, (lane << BigInt(by)) | (lane >> BigInt((LANE - by) % LANE)));

/** The SHA3-256 digest (32 bytes) of a message (FIPS 202); for short inputs such as the checksum of an onion address. */
export function sha3256(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE);
  padded.set(message);
  padded[message.length] = 0x06;
  padded[padded.length - 1] = (padded.at(-1) ?? 0) | 0x80;

  const state = new BigUint64Array(25);
  const input = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) {
      state[lane] = laneAt(state, lane) ^ input.getBigUint64(block + lane * 8, true);
    }
    permute(state);
  }

  const output = new DataView(new ArrayBuffer(DIGEST));
  for (let lane = 0; lane < DIGEST / 8; lane++) output.setBigUint64(lane * 8, laneAt(state, lane), true);
  return new Uint8Array(output.buffer);
}

const laneAt = (state: BigUint64Array, index: number) => state[index] ?? 0n;

/** Keccak-f[1600]; lane (x, y) is at x + 5y. */
function permute(state: BigUint64Array): void {
  let feedback = 1;
  for (let round = 0; round < 24; round++) {
    mixColumns(state);
    rotateAndMove(state);
    mixRows(state);
    for (let bit = 0; bit < 7; bit++) {
      feedback = ((feedback << 1) ^ ((feedback >> 7) * 0x71)) % 256;
      if (feedback & 2) state[0] = laneAt(state, 0) ^ (1n << BigInt(2 ** bit - 1));
    }
  }
}

/** Theta. */
function mixColumns(state: BigUint64Array): void {
  const parity = [0, 1, 2, 3, 4].map((x) => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ laneAt(state, x + y), 0n));
  for (let lane = 0; lane < 25; lane++) {
    const [left = 0n, right = 0n] = [parity[(lane + 4) % 5], parity[(lane + 1) % 5]];
    state[lane] = laneAt(state, lane) ^ left ^ rotate(right, 1);
  }
}

/** Rho and pi. */
function rotateAndMove(state: BigUint64Array): void {
  let [x, y, carried] = [1, 0, laneAt(state, 1)];
  for (let step = 0; step < 24; step++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    const here = laneAt(state, x + 5 * y);
    state[x + 5 * y] = rotate(carried, (((step + 1) * (step + 2)) / 2) % LANE);
    carried = here;
  }
}

/** Chi. */
function mixRows(state: BigUint64Array): void {
  for (let y = 0; y < 25; y += 5) {
    const row = state.slice(y, y + 5);
    for (let x = 0; x < 5; x++) {
      state[y + x] = laneAt(row, x) ^ (~laneAt(row, (x + 1) % 5) & laneAt(row, (x + 2) % 5));
    }
  }
}
